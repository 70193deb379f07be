package dev.mlops4j.serving;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.serving.PredictorCounts.Lookups;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** How fresh the looked-up features were is counted by view, once a prediction and look-up. */
class LookupCountsTest {

  private static final Instant NOW = Instant.parse("2013-01-01T12:00:00Z");

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("origin", STRING)
          .eventTime("observed_at")
          .feature("wind_speed", FLOAT64)
          .ttl(Duration.ofHours(3))
          .build();

  private static final FeatureView AIRPORT =
      FeatureView.named("airport")
          .key("origin", STRING)
          .eventTime("since")
          .feature("altitude", FLOAT64)
          .build();

  private record Departure(String origin) {}

  private static final FeatureSet<Departure> FEATURES =
      FeatureSet.named("departure", Departure.class)
          .at(departure -> NOW)
          .lookup(WEATHER, Departure::origin)
          .lookup(AIRPORT, Departure::origin)
          .build();

  private final FeatureStore store = FeatureStore.inMemory(InstantSource.fixed(NOW));

  private void push(FeatureView view, String origin, String time, Duration age, String feature) {
    Map<String, Object> row = new HashMap<>();
    row.put("origin", origin);
    row.put(time, NOW.minus(age));
    row.put(feature, 13.0);
    store.push(view, row);
  }

  @Test
  void presentStaleAndMissingAreCountedByView() {
    push(WEATHER, "JFK", "observed_at", Duration.ofHours(1), "wind_speed");
    push(WEATHER, "EWR", "observed_at", Duration.ofHours(4), "wind_speed");
    push(AIRPORT, "JFK", "since", Duration.ofDays(900), "altitude");
    TrainingSet training =
        store.trainingSet(
            FEATURES,
            List.of(new Departure("JFK"), new Departure("EWR")),
            Target.regression("delay", departure -> 1.0));
    try (Predictor<Departure> predictor =
        Predictor.of(FEATURES)
            .serve(Fixture.packaged(1, training))
            .loaders(ModelLoaders.of(new NumberLoader()))
            .online(store)
            .clock(InstantSource.fixed(NOW))
            .build()) {
      assertThat(predictor.counts().lookups())
          .containsOnlyKeys("airport", "weather")
          .containsEntry("weather", new Lookups(0, 0, 0));

      predictor.predict(new Departure("JFK"));
      predictor.predict(new Departure("EWR"));
      predictor.predict(new Departure("LGA"));
      predictor.predictAll(
          List.of(new Departure("LGA"), new Departure("EWR"), new Departure("EWR")));

      assertThat(predictor.counts().lookups())
          .containsEntry("weather", new Lookups(1, 3, 2))
          .containsEntry("airport", new Lookups(1, 0, 5));
    }
  }
}
