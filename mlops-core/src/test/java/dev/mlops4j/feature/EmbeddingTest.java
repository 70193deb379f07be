package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.data.ColumnType.floats;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.distinctCount;
import static dev.mlops4j.feature.Aggregation.last;
import static dev.mlops4j.feature.Aggregation.mean;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Length;
import dev.mlops4j.data.Required;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Sensitive;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Arrays of floats as features: looked up, computed of, trained on and served. */
class EmbeddingTest {

  private static final Instant NOON = Instant.parse("2026-01-01T12:00:00Z");

  private static final FeatureView ITEMS =
      FeatureView.named("item")
          .key("id", STRING)
          .eventTime("embedded_at")
          .feature("embedding", floats(3))
          .ttl(Duration.ofHours(3))
          .build();

  private static final FeatureView USERS =
      FeatureView.named("user")
          .key("id", STRING)
          .eventTime("embedded_at")
          .feature("embedding", floats(3))
          .defaultValue("embedding", new float[] {1, 0, 0})
          .build();

  private static final FeatureSet<Shown> FEATURES =
      FeatureSet.named("clicks", Shown.class)
          .at(Shown::at)
          .lookup(ITEMS, Shown::item)
          .lookup(USERS, Shown::user)
          .numeric("match", EmbeddingTest::match)
          .build();

  private static final Target<Shown, Boolean> CLICKED = Target.binary("clicked", Shown::clicked);

  record Shown(String user, String item, Instant at, boolean clicked) {}

  @SuppressWarnings("ArrayRecordComponent") // what users may have
  record Query(
      @Length(2) @Required @Sensitive Floats embedding, @Length(2) float[] open, boolean y) {}

  @TempDir Path directory;

  private final MutableClock clock = new MutableClock(NOON);

  private static double match(Shown shown, LookedUp found) {
    Floats user = found.floats("user.embedding");
    Floats item = found.floats("item.embedding");
    return user == null || item == null ? Double.NaN : user.cosineSimilarity(item);
  }

  @Test
  void aLookedUpArrayIsItsElementsInTrainingAndServing() {
    try (Workspace workspace = Workspace.at(directory).clock(clock).open()) {
      FeatureStore store = FeatureStore.in(workspace);
      float[] pushed = {3, Float.NaN, 4};
      store.push(ITEMS, row("shoe", pushed));
      pushed[0] = 9;
      store.push(ITEMS, row("null", null));
      store.push(ITEMS, row("hat", Floats.of(0, 2, -2)));
      store.push(USERS, row("ann", new float[] {0, 1, 0}));
      List<Shown> shown =
          List.of(
              new Shown("ann", "shoe", NOON, true),
              new Shown("ann", "hat", NOON, false),
              new Shown("bob", "hat", NOON.plusSeconds(4 * 3_600), true),
              new Shown("bob", "null", NOON, false),
              new Shown("bob", "none", NOON, true));
      clock.set(NOON.plusSeconds(5 * 3_600));

      TrainingSet training = store.trainingSet(FEATURES, shown, CLICKED);

      assertThat(FEATURES.features())
          .isEqualTo(training.signature().names())
          .containsExactly(
              "item.embedding_0",
              "item.embedding_1",
              "item.embedding_2",
              "user.embedding_0",
              "user.embedding_1",
              "user.embedding_2",
              "match");
      double nan = Double.NaN;
      assertThat(training.vectors())
          .containsExactly(
              new double[] {
                3,
                nan,
                4,
                0,
                1,
                0,
                nan, //
                0,
                2,
                -2,
                0,
                1,
                0,
                2 / (1 * Math.sqrt(8)), //
                nan,
                nan,
                nan,
                1,
                0,
                0,
                nan, // stale
                nan,
                nan,
                nan,
                1,
                0,
                0,
                nan, // a null that was stored
                nan,
                nan,
                nan,
                1,
                0,
                0,
                nan // none
              });
      Vectorizer<Shown> vectorizer = FEATURES.bind(training.signature());
      for (int i = 0; i < shown.size(); i++) {
        double[] served = vectorizer.vector(shown.get(i), shown.get(i).at(), store);
        assertThat(served)
            .containsExactly(Arrays.copyOfRange(training.vectors(), 7 * i, 7 * (i + 1)));
      }
      vectorizer.replay(
          training.goldenSamples().stream()
              .map(sample -> new GoldenRow(sample, new double[] {1}))
              .toList());
    }
    try (Workspace workspace = Workspace.at(directory).clock(clock).open()) {
      FeatureValues reopened =
          FeatureStore.in(workspace).get(ITEMS, EntityKey.of(ITEMS, "shoe"), NOON);
      assertThat(reopened.floats("embedding")).isEqualTo(Floats.of(3, Float.NaN, 4));
      assertThat(reopened.value("embedding")).isEqualTo(Floats.of(3, Float.NaN, 4));
      assertThatThrownBy(() -> reopened.number("embedding"))
          .isInstanceOf(FeatureDefinitionException.class)
          .hasMessage(
              "feature \"embedding\" of view \"item\" is a FLOATS(3), which is no number; take it"
                  + " with floats(\"embedding\")");
    }
  }

  @Test
  void onlyArraysAreTakenAsArrays() {
    FeatureView view =
        FeatureView.named("v").key("k", STRING).eventTime("t").feature("x", FLOAT64).build();
    assertThatThrownBy(() -> FeatureValues.none(view).floats("x"))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessage("feature \"x\" of view \"v\" is FLOAT64, which is no array of floats");
    assertThatThrownBy(() -> FeatureValues.none(view).floats("y"))
        .isInstanceOf(NoSuchFeatureException.class);
  }

  @Test
  void whatDoesNotFitAnArrayIsRefused() {
    FeatureStore store = FeatureStore.inMemory(clock);
    assertThatThrownBy(() -> store.push(ITEMS, row("shoe", new float[4])))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"embedding\" is FLOATS(3), found an array of 4 elements");
    assertThatThrownBy(() -> store.push(ITEMS, row("shoe", new double[3])))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"embedding\" is FLOATS(3), found a double[]");
    assertThatThrownBy(() -> store.push(ITEMS, row("shoe", 0.5)))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"embedding\" is FLOATS(3), found a Double");
    Dataset longer =
        Dataset.builder(
                Schema.builder()
                    .required("id", STRING)
                    .required("embedded_at", TIMESTAMP)
                    .required("embedding", floats(4))
                    .build())
            .add("shoe", NOON, new float[4])
            .build();
    assertThatThrownBy(() -> store.ingest(ITEMS, longer))
        .isInstanceOf(FeatureDataException.class)
        .hasMessageContaining("column \"embedding\" is FLOATS(3) in the view, found FLOATS(4)");
  }

  @Test
  void ofArraysThereAreFirstLastAndTheCountOfEvents() {
    FeatureView view =
        FeatureView.named("item")
            .key("id", STRING)
            .eventTime("embedded_at")
            .column("embedding", floats(3))
            .feature("last", last("embedding").over(Duration.ofHours(1)))
            .feature("count", count().over(Duration.ofHours(1)))
            .build();
    FeatureStore store = FeatureStore.inMemory(clock);
    store.push(view, row("shoe", new float[] {1, 2, 3}));
    store.push(view, row("shoe", null));
    FeatureValues values = store.get(view, EntityKey.of(view, "shoe"), NOON);
    assertThat(values.value("count")).isEqualTo(2L);
    assertThat(values.status("last")).isEqualTo(FeatureValues.Status.PRESENT);
    assertThat(view.features().get(0).type()).isSameAs(floats(3));

    assertThatThrownBy(
            () ->
                FeatureView.named("item")
                    .key("vector", floats(3))
                    .eventTime("embedded_at")
                    .column("embedding", floats(3))
                    .feature("mean", mean("embedding").over(Duration.ofHours(1)))
                    .feature("some", distinctCount("embedding").over(Duration.ofHours(1)))
                    .feature(
                        "zero",
                        count().where(Condition.equal("embedding", 0)).over(Duration.ofHours(1)))
                    .feature("other", floats(3))
                    .feature("third", floats(3))
                    .defaultValue("other", new float[] {1})
                    .defaultValue("third", 1.0)
                    .build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining(
            "key column \"vector\" is FLOATS(3); a key is STRING, INT64 or BOOLEAN")
        .hasMessageContaining(
            "column \"embedding\" is FLOATS(3); it must be FLOAT64, INT64 or BOOLEAN")
        .hasMessageContaining(
            "feature \"some\" is distinct_count(embedding) over PT1H, but column \"embedding\" is"
                + " FLOATS(3); of arrays there are first, last and count() alone")
        .hasMessageContaining("the condition \"embedding\" = 0, but the column is FLOATS(3)")
        .hasMessageContaining(
            "the default of feature \"other\" is a float[] of 1 elements, the feature is FLOATS(3)")
        .hasMessageContaining(
            "the default of feature \"third\" is a Double, the feature is FLOATS(3)");
  }

  @Test
  void theLengthAndTheDefaultArePartOfTheDefinition() {
    FeatureView view =
        FeatureView.named("v")
            .key("k", STRING)
            .eventTime("t")
            .feature("e", floats(2))
            .defaultValue("e", Floats.of(1, -0.0f))
            .build();
    assertThat(view.definition())
        .contains("column \"e\" FLOATS(2)\n")
        .contains("feature \"e\" FLOATS(2) latest default \"3f800000 80000000\"\n");
  }

  @Test
  void aFeatureOfAnElementsNameIsRefused() {
    FeatureView view =
        FeatureView.named("v")
            .key("k", STRING)
            .eventTime("t")
            .feature("e", floats(2))
            .feature("e_1", FLOAT64)
            .build();
    assertThatThrownBy(
            () ->
                FeatureSet.named("s", Shown.class).at(Shown::at).lookup(view, Shown::item).build())
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("feature \"v.e_1\" is declared twice");
  }

  @Test
  void theProfileOfAViewCountsArrays() {
    FeatureStore store = FeatureStore.inMemory(clock);
    store.push(ITEMS, row("shoe", new float[3]));
    store.push(ITEMS, row("hat", null));
    ColumnProfile profile = store.profile(ITEMS).column("embedding");
    assertThat(profile.type()).isSameAs(floats(3));
    assertThat(profile.count()).isEqualTo(2);
    assertThat(profile.missing()).isEqualTo(1);
    assertThat(profile.numbers()).isEmpty();
  }

  /** Requests may carry arrays as well; a sensitive one becomes zeros in a golden row. */
  @Test
  void aRequestMayCarryAnArray() {
    FeatureSet<Query> set =
        FeatureSet.named("queries", Query.class)
            .numeric("dot", query -> query.embedding().dot(Floats.of(query.open())))
            .build();
    List<Query> queries =
        List.of(
            new Query(Floats.of(1, 2), new float[] {3, 4}, true),
            new Query(Floats.of(1, 2), new float[] {5, 6}, false));

    TrainingSet training = TrainingSet.of(set, queries, Target.binary("y", Query::y));

    assertThat(training.vectors()).containsExactly(11, 17);
    assertThat(training.goldenSamples())
        .allSatisfy(
            sample -> assertThat(sample.input().get("embedding")).isEqualTo(Floats.of(0, 0)))
        .extracting(sample -> sample.input().get("open"))
        .containsOnly(Floats.of(3, 4), Floats.of(5, 6));
  }

  private static Map<String, @Nullable Object> row(String id, @Nullable Object embedding) {
    Map<String, @Nullable Object> row = new HashMap<>();
    row.put("id", id);
    row.put("embedded_at", NOON);
    row.put("embedding", embedding);
    return row;
  }
}
