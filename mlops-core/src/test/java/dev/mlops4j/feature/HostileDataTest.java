package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Sensitive;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HostileDataTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");
  private static final Duration HOUR = Duration.ofHours(1);
  private static final String SECRET = "SSN-123";

  private static final FeatureView VISITS =
      FeatureView.named("visits")
          .key("who", STRING)
          .eventTime("at")
          .eventId("id")
          .feature("page", STRING)
          .feature("n", count().over(HOUR))
          .build();

  @TempDir private Path directory;
  private Workspace workspace;
  private FeatureStore store;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).clock(() -> NOON).open();
    store = FeatureStore.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void halfASurrogatePairIsRefusedBecauseAllWouldBeStoredAsTheSame() {
    String half = "\ud800";
    assertThatThrownBy(() -> push(half, "1", "p"))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("\"who\" is no Unicode text");
    assertThatThrownBy(() -> push("a", half, half))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("\"id\" is no Unicode text")
        .hasMessageContaining("\"page\" is no Unicode text");
    assertThatThrownBy(() -> EntityKey.of(VISITS, "a\udc00"))
        .isInstanceOf(FeatureDataException.class);
    assertThat(push("?", "?", "\ud83d\ude00")).isTrue();
    FeatureValues found = store.get(VISITS, EntityKey.of(VISITS, "?"), NOON);
    assertThat(found.value("page")).isEqualTo("\ud83d\ude00");
    assertThat(found.value("n")).isEqualTo(1L);
  }

  @Test
  void idsThatDifferInCaseSpacesAccentsOrAfterANulAreDifferent() {
    List<String> ids = List.of("a", "A", "a ", "a\0b", "a\0c", "\u00e9", "e\u0301", "", "%", "_");
    for (String id : ids) {
      assertThat(push("a", id, "p")).as(id).isTrue();
      assertThat(push("b", id, "p")).as(id).isFalse();
    }
    assertThat(store.get(VISITS, EntityKey.of(VISITS, "a"), NOON).value("n"))
        .isEqualTo((long) ids.size());
  }

  @Test
  void theSameDataIsKnownAgainInAnyLocale() {
    FeatureView view =
        FeatureView.named("plain")
            .key("who", STRING)
            .eventTime("at")
            .feature("page", STRING)
            .build();
    Dataset rows = visits();
    assertThat(store.ingest(view, rows).added()).isEqualTo(1);
    Locale before = Locale.getDefault();
    try {
      Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
      assertThat(store.ingest(view, rows).added()).isZero();
    } finally {
      Locale.setDefault(before);
    }
  }

  @Test
  void aFunctionOfTheLabelsTimeThatThrowsIsNamed() {
    FeatureSet<Person> set =
        FeatureSet.named("set", Person.class).categorical("who", Person::who).build();
    Target<Person, Boolean> target =
        Target.binary("late", Person::late)
            .knownAt(
                person -> {
                  throw new IllegalStateException(person.ssn());
                });
    assertThatThrownBy(
            () -> TrainingSet.of(set, List.of(new Person("a", NOON, SECRET, true)), target, NOON))
        .isInstanceOf(FeatureComputationException.class)
        .hasMessageContaining("\"late\"")
        .hasMessageNotContaining(SECRET);
  }

  @Test
  void aMomentThatIsNotKeptToTheMicrosecondIsRefused() {
    for (Instant beyond : List.of(Instant.MAX, Instant.MIN)) {
      assertThatThrownBy(
              () -> store.push(VISITS, Map.of("who", "a", "at", beyond, "id", "1", "page", "p")))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("column \"at\" is beyond the 292,000 years before and after 1970");
      assertThatThrownBy(() -> store.get(VISITS, EntityKey.of(VISITS, "a"), beyond))
          .isInstanceOf(FeatureDataException.class)
          .hasMessageContaining("the moment asked about is " + beyond);
    }
    FeatureSet<Person> set =
        FeatureSet.named("set", Person.class).at(Person::at).lookup(VISITS, Person::who).build();
    store.register(VISITS);
    assertThatThrownBy(
            () ->
                store.trainingSet(
                    set,
                    List.of(new Person("a", Instant.MIN, SECRET, true)),
                    Target.binary("late", Person::late)))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("the moment asked about is ");
  }

  @Test
  void aClosedStoreAnswersNothing() {
    FeatureStore withOnline =
        FeatureStore.builder(workspace).online(new InMemoryOnlineStore()).open();
    FeatureSet<Person> set =
        FeatureSet.named("set", Person.class).categorical("who", Person::who).build();
    for (FeatureStore one : List.of(store, withOnline, FeatureStore.inMemory(() -> NOON))) {
      one.push(VISITS, Map.of("who", "a", "at", NOON, "id", "1", "page", "p"));
      one.close();
      one.close();
      List<ThrowingCallable> calls =
          List.of(
              () -> one.get(VISITS, EntityKey.of(VISITS, "a"), NOON),
              () -> one.push(VISITS, Map.of("who", "a", "at", NOON, "id", "2", "page", "p")),
              () -> one.ingest(VISITS, visits()),
              () -> one.register(VISITS),
              () -> one.trainingSet(set, List.of(), Target.binary("late", Person::late)));
      for (ThrowingCallable call : calls) {
        assertThatThrownBy(call)
            .isInstanceOf(IllegalStateException.class)
            .hasMessageContaining("the feature store is closed");
      }
    }
  }

  @Test
  void aClosedOnlineStoreIsNotAnEmptyOne() {
    InMemoryOnlineStore online = new InMemoryOnlineStore();
    online.close();
    assertThatThrownBy(() -> online.scan(VISITS, EntityKey.of(VISITS, "a"), 0, event -> true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the online store is closed");
  }

  private boolean push(String who, String id, String page) {
    return store.push(VISITS, Map.of("who", who, "at", NOON, "id", id, "page", page));
  }

  private static Dataset visits() {
    Schema schema =
        Schema.builder()
            .required("who", STRING)
            .required("at", TIMESTAMP)
            .required("page", STRING)
            .build();
    return Dataset.builder(schema).add("a", NOON, "p").build();
  }

  record Person(String who, Instant at, @Sensitive String ssn, boolean late) {}
}
