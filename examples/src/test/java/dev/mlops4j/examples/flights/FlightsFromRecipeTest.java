package dev.mlops4j.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.tracking.Recipe;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Workspace;
import dev.mlops4j.xgboost.XgBoost;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A model of January's flights, and the same once more from what its run says of it. */
class FlightsFromRecipeTest {

  private static final Instant TRAINED = Instant.parse("2013-02-01T05:00:00Z");

  @TempDir Path directory;

  @Test
  void theTrainingOfARunIsMadeAgainWithTheSameDigest() {
    String id = train();

    try (Workspace workspace = Workspace.open(directory)) {
      Tracking tracking = Tracking.in(workspace);
      Recipe recipe = tracking.recipe(id);
      assertThat(recipe.missing())
          .allMatch(gap -> gap.contains("commit") || gap.contains("class path"));
      TrainingSet training = training(recipe.seeds().get("sample"));
      assertThat(training.datasets()).isEqualTo(recipe.datasets());

      try (PortableModel model = model(recipe.params(), training, TrainingListener.NONE)) {
        ModelPackage again = model.packaged(training).fromRun(recipe.runId());

        assertThat(Artifacts.treeDigest(again.files())).isEqualTo(recipe.models().get("model"));
        assertThat(again.digest()).isEqualTo(tracking.model(id, "model").digest());
      }
      TrainingSet otherwise = training(recipe.seeds().get("sample") + 1);
      assertThat(otherwise.datasets()).isNotEqualTo(recipe.datasets());
    }
  }

  /** What somebody did once, with numbers that only the run remembers. */
  private String train() {
    try (Workspace workspace = Workspace.open(directory);
        Run run = Tracking.in(workspace).start("flight-delay", "January")) {
      run.seed("sample", 4711);
      TrainingSet training = training(4711);
      run.log(training);
      Map<String, String> chosen =
          Map.of(
              "trees", "20",
              "max_depth", "5",
              "learning_rate", "0.2",
              "subsample", "0.8",
              "seed", "17",
              "nthread", "2");
      try (PortableModel model = model(chosen, training, run)) {
        run.log(model.packaged(training));
      }
      return run.id();
    }
  }

  private static PortableModel model(
      Map<String, String> params, TrainingSet training, TrainingListener listener) {
    return XgBoost.classifier()
        .trees(Integer.parseInt(params.get("trees")))
        .maxDepth(Integer.parseInt(params.get("max_depth")))
        .learningRate(Double.parseDouble(params.get("learning_rate")))
        .subsample(Double.parseDouble(params.get("subsample")))
        .seed(Long.parseLong(params.get("seed")))
        .threads(Integer.parseInt(params.get("nthread")))
        .train(training, listener);
  }

  /** Half of January's flights, drawn at random. */
  private static TrainingSet training(long seed) {
    FlightData data = FlightData.read();
    FeatureStore store = FeatureStore.inMemory(InstantSource.fixed(TRAINED));
    store.ingest(FlightFeatures.WEATHER, data.weatherKnownBefore(TRAINED));
    store.ingest(FlightFeatures.CONGESTION, data.departuresBefore(TRAINED));
    List<Flight> january =
        new ArrayList<>(
            data.flights().stream()
                .filter(flight -> flight.scheduledDeparture().isBefore(TRAINED))
                .toList());
    Collections.shuffle(january, new Random(seed));
    return store.trainingSet(
        FlightFeatures.FEATURES, january.subList(0, january.size() / 2), FlightFeatures.LATE);
  }
}
