package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.feature.Aggregation.distinctCount;
import static dev.mlops4j.feature.Aggregation.max;
import static dev.mlops4j.feature.Condition.greater;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.Digest;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ViewVersionsTest {

  private static final Instant START = Instant.parse("2013-03-01T00:00:00Z");

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(START);

  private static FeatureView.Builder view() {
    return FeatureView.named("weather")
        .key("origin", STRING)
        .eventTime("observed_at")
        .feature("wind", FLOAT64);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aChangedDefinitionIsTheNextVersionOnceItIsRegistered(boolean inMemory) {
    FeatureView first = view().build();
    FeatureView second = view().ttl(Duration.ofHours(3)).build();
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory)) {
      EntityKey key = EntityKey.of(first, "JFK");
      push(features, first, "JFK", 7);
      assertThatThrownBy(() -> push(features, second, "JFK", 8))
          .isInstanceOf(FeatureDefinitionChangedException.class)
          .hasMessageContaining("ttl-us")
          .hasMessageContaining("register");
      assertThatThrownBy(() -> features.get(second, key, START))
          .isInstanceOf(FeatureDefinitionChangedException.class);
      assertThat(features.register(first)).isEqualTo(1);
      assertThat(features.register(second)).isEqualTo(2);
      assertThat(features.register(second)).isEqualTo(2);
      assertThat(features.get(second, key, START).status("wind"))
          .isEqualTo(FeatureValues.Status.MISSING);
      push(features, second, "JFK", 8);
      assertThat(features.get(second, key, START).value("wind")).isEqualTo(8.0);
      assertThat(features.get(first, key, START).value("wind")).isEqualTo(7.0);
      assertThat(features.views())
          .extracting(ViewInfo::version, ViewInfo::fingerprint)
          .containsExactly(
              org.assertj.core.groups.Tuple.tuple(1, first.fingerprint()),
              org.assertj.core.groups.Tuple.tuple(2, second.fingerprint()));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void viewsAreFoundWithWhatIsSaidOfThem(boolean inMemory) {
    FeatureView described =
        view().description("readings\nof wind").owner("ops").tag("hourly").tag("sky").build();
    assertThat(described.fingerprint()).isEqualTo(view().build().fingerprint());
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory)) {
      features.register(view().build());
      features.register(described);
      push(features, described, "JFK", 7);
      push(features, described, "LGA", 9);
      ViewInfo found = features.views().get(0);
      assertThat(found.description()).isEqualTo("readings\nof wind");
      assertThat(found.owner()).isEqualTo("ops");
      assertThat(found.tags()).containsExactly("hourly", "sky");
      assertThat(found.events()).isEqualTo(2);
      assertThat(found.lastEvent()).isEqualTo(START);
      assertThat(found.materialized()).isNull();
      assertThat(found.freshness(START.plusSeconds(60))).contains(Duration.ofMinutes(1));
      DatasetProfile profile = features.profile(described);
      assertThat(profile.rowCount()).isEqualTo(2);
      assertThat(profile.numbers("wind").max()).isEqualTo(9.0);
    }
  }

  record Question(String origin, boolean label) {}

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void setsThatWereTrainedOnAreFoundWithTheirViews(boolean inMemory) {
    FeatureView view = view().build();
    FeatureSet.Builder<Question> builder =
        FeatureSet.named("set", Question.class)
            .at(question -> START)
            .description("a set")
            .owner("science")
            .lookup(view, Question::origin);
    FeatureSet<Question> first = builder.build();
    FeatureSet<Question> second = builder.numeric("one", question -> 1).build();
    Target<Question, Boolean> label = Target.binary("label", Question::label);
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory)) {
      push(features, view, "JFK", 7);
      List<Question> questions = List.of(new Question("JFK", true));
      features.trainingSet(first, questions, label);
      features.trainingSet(first, questions, label);
      features.trainingSet(second, questions, label);
      assertThat(features.sets())
          .containsExactly(
              new SetInfo(
                  "set",
                  1,
                  first.fingerprint(),
                  first.definition(),
                  List.of(view.fingerprint()),
                  START,
                  "a set",
                  "science"),
              new SetInfo(
                  "set",
                  2,
                  second.fingerprint(),
                  second.definition(),
                  List.of(view.fingerprint()),
                  START,
                  "a set",
                  "science"));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void anErasedKeyIsGoneEverywhereAndWordOfItIsKept(boolean inMemory) {
    FeatureView view = view().build();
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory);
        FeatureStore online =
            FeatureStore.builder(workspace).online(new InMemoryOnlineStore()).open()) {
      FeatureStore both = inMemory ? features : online;
      EntityKey key = EntityKey.of(view, "JFK");
      push(both, view, "JFK", 7);
      push(both, view, "JFK", 8);
      push(both, view, "LGA", 9);
      assertThat(both.get(view, key, START).value("wind")).isEqualTo(8.0);
      clock.set(START.plusSeconds(5));
      assertThat(both.erase(view, key)).isEqualTo(2);
      assertThat(both.get(view, key, START).status("wind")).isEqualTo(FeatureValues.Status.MISSING);
      assertThat(both.erasures(view))
          .containsExactly(new Erasure(clock.instant(), 2, Digest.of(key.toBytes())));
      assertThat(both.views().get(0).events()).isEqualTo(1);
      push(both, view, "JFK", 1);
      push(both, view, "JFK", 2);
      assertThat(both.get(view, key, clock.instant()).value("wind")).isEqualTo(2.0);
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whatIsBeyondTheRetentionCanBeRemoved(boolean inMemory) {
    FeatureView view = view().retention(Duration.ofDays(1)).build();
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory)) {
      push(features, view, "JFK", 7);
      clock.set(START.plus(Duration.ofDays(1)));
      assertThat(features.removeBeyondRetention(view)).isZero();
      clock.set(START.plus(Duration.ofDays(1)).plusNanos(1_000));
      assertThat(features.removeBeyondRetention(view)).isEqualTo(1);
      assertThat(features.views().get(0).events()).isZero();
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void severalKeysAreAskedAtOneMomentWithTheTimesOfTheirEvents(boolean inMemory) {
    FeatureView view = view().defaultValue("wind", -1).build();
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory)) {
      push(features, view, "JFK", 7);
      List<FeatureValues> found =
          features.getAll(
              view,
              List.of(EntityKey.of(view, "LGA"), EntityKey.of(view, "JFK")),
              START.plusSeconds(9));
      assertThat(found).extracting(values -> values.value("wind")).containsExactly(-1.0, 7.0);
      assertThat(found)
          .extracting(FeatureValues::eventTime)
          .containsExactly(Optional.empty(), Optional.of(START));
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void sensitiveColumnsAreCountedAndNeverTold(boolean inMemory) {
    assertThatThrownBy(
            () ->
                view()
                    .column("card", STRING)
                    .column("amount", FLOAT64)
                    .sensitive("amount")
                    .sensitive("wind")
                    .sensitive("nothing")
                    .feature("most", max("amount").over(Duration.ofDays(1)))
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("\"most\"")
        .hasMessageContaining("\"wind\"")
        .hasMessageContaining("\"nothing\"");
    FeatureView view =
        view()
            .column("card", STRING)
            .sensitive("card")
            .sensitive("origin")
            .feature("cards", distinctCount("card").over(Duration.ofDays(1)))
            .build();
    try (Workspace workspace = Workspace.at(directory).clock(clock).open();
        FeatureStore features = store(workspace, inMemory)) {
      features.push(
          view, Map.of("origin", "JFK", "observed_at", START, "wind", 1.0, "card", "4711"));
      assertThat(features.get(view, EntityKey.of(view, "JFK"), START).value("cards")).isEqualTo(1L);
      assertThat(features.profile(view).contains("card")).isFalse();
      assertThat(features.profile(view).contains("origin")).isFalse();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"column", "type", "default"})
  void definitionsThatCannotBeAreRefusedWithAllReasons(String what) {
    FeatureView.Builder builder =
        switch (what) {
          case "column" ->
              view().feature("x", distinctCount("wind").where(greater("gust", 1)).over(DAY));
          case "type" ->
              view().feature("x", distinctCount("wind").where(greater("wind", "a")).over(DAY));
          default -> view().defaultValue("wind", "calm").defaultValue("gust", 1.0);
        };
    assertThatThrownBy(builder::build)
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining(what.equals("type") ? "FLOAT64" : "gust");
  }

  private static final Duration DAY = Duration.ofDays(1);

  private FeatureStore store(Workspace workspace, boolean inMemory) {
    return inMemory ? FeatureStore.inMemory(clock) : FeatureStore.in(workspace);
  }

  private void push(FeatureStore features, FeatureView view, String origin, double wind) {
    features.push(view, Map.of("origin", origin, "observed_at", clock.instant(), "wind", wind));
  }
}
