package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.first;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.GoldenRow;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A moment that is looked up: for functions such as the time since, not for the vector. */
class TimestampFeatureTest {

  private static final Instant START = Instant.parse("2013-03-01T00:00:00Z");
  private static final FeatureView VIEW =
      FeatureView.named("visits")
          .key("user", STRING)
          .eventTime("time")
          .feature("seen", TIMESTAMP)
          .feature("first_seen", first("seen").over(Duration.ofHours(1)))
          .build();

  record Visit(String user, Instant at, boolean bought) {}

  private static final FeatureSet<Visit> SET =
      FeatureSet.named("set", Visit.class)
          .at(Visit::at)
          .lookup(VIEW.as("v"), Visit::user)
          .numeric("since_seen", (visit, found) -> since(visit, found, "v.seen"))
          .numeric("since_first", (visit, found) -> since(visit, found, "v.first_seen"))
          .build();

  private static double since(Visit visit, LookedUp found, String name) {
    Instant seen = (Instant) found.value(name);
    return seen == null ? Double.NaN : Duration.between(seen, visit.at()).toSeconds();
  }

  @Test
  void theTimeSinceIsTheSameInTrainingAndServingAndReplaysFromGoldenRows() {
    MutableClock clock = new MutableClock(START);
    try (FeatureStore store = FeatureStore.inMemory(clock)) {
      push(store, START, START.minusSeconds(90));
      clock.set(START.plusSeconds(10));
      push(store, START.plusSeconds(10), START.minusSeconds(5));
      clock.set(START.plusSeconds(60));
      List<Visit> visits =
          List.of(
              new Visit("ann", START.plusSeconds(9), true),
              new Visit("ann", START.plusSeconds(30), false),
              new Visit("bob", START.plusSeconds(30), true));

      TrainingSet training = store.trainingSet(SET, visits, Target.binary("bought", Visit::bought));

      assertThat(SET.features()).containsExactly("since_seen", "since_first");
      assertThat(training.vectors())
          .containsExactly(new double[] {99, 99, 35, 120, Double.NaN, Double.NaN});
      Vectorizer<Visit> vectorizer = SET.bind(training.signature());
      assertThat(vectorizer.vector(visits.get(1), visits.get(1).at(), store))
          .containsExactly(35, 120);
      vectorizer.replay(
          training.goldenSamples().stream()
              .map(sample -> new GoldenRow(sample, new double[] {1}))
              .toList());
    }
  }

  private static void push(FeatureStore store, Instant time, Instant seen) {
    store.push(VIEW, Map.of("user", "ann", "time", time, "seen", seen));
  }
}
