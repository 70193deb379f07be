package dev.mlops4j.registry;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Target;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class VersionsUsingTest {

  private static final FeatureView WEATHER = view("weather", "wind");
  private static final FeatureView TRAFFIC = view("traffic", "departures");
  private static final FeatureView OTHER_WEATHER = view("weather", "rain");

  @TempDir Path directory;

  record Flight(String origin, Instant at) {}

  private static FeatureView view(String name, String feature) {
    return FeatureView.named(name)
        .key("origin", STRING)
        .eventTime("at")
        .feature(feature, FLOAT64)
        .build();
  }

  private static FeatureSet<Flight> set(String name, FeatureView... views) {
    FeatureSet.Builder<Flight> set = FeatureSet.named(name, Flight.class).at(Flight::at);
    for (FeatureView view : views) {
      set.lookup(view.as(view.name()), Flight::origin);
    }
    return set.build();
  }

  @Test
  void aViewLeadsToTheModelsTrainedOnSetsThatLookItUp() {
    FeatureSet<Flight> both = set("both", WEATHER, TRAFFIC);
    FeatureSet<Flight> traffic = set("traffic_only", TRAFFIC);
    try (Fixture fixture = new Fixture(directory)) {
      FeatureStore features = FeatureStore.in(fixture.workspace);
      for (FeatureView view : List.of(WEATHER, TRAFFIC)) {
        features.push(
            view, Map.of("origin", "JFK", "at", Instant.EPOCH, view.features().get(0).name(), 1.0));
      }
      for (FeatureSet<Flight> set : List.of(both, traffic)) {
        features.trainingSet(set, List.of(), Target.binary("late", flight -> true));
      }
      Registry registry = fixture.registry;
      ModelVersion first =
          registry.register("delay", fixture.stored(1, "xgboost-ubj", both.fingerprint()));
      ModelVersion second =
          registry.register("taxi", fixture.stored(2, "xgboost-ubj", traffic.fingerprint()));
      registry.register("else", fixture.stored(3, "xgboost-ubj", Digest.of("no set known here")));
      registry.register("none", fixture.stored(4, "xgboost-ubj", null));

      assertThat(registry.versionsUsing(features, WEATHER)).containsExactly(first);
      assertThat(registry.versionsUsing(features, TRAFFIC)).containsExactly(first, second);
      assertThat(registry.versionsUsing(features, OTHER_WEATHER)).isEmpty();
      assertThat(registry.versionsUsing(traffic.fingerprint())).containsExactly(second);
    }
  }
}
