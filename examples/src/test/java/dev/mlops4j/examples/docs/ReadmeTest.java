package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.SmallFlights.CONGESTION;
import static dev.mlops4j.examples.docs.SmallFlights.FEATURES;
import static dev.mlops4j.examples.docs.SmallFlights.LATE;
import static dev.mlops4j.examples.docs.SmallFlights.WEATHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Csv;
import dev.mlops4j.examples.docs.SmallFlights.Flight;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.workspace.Workspace;
import dev.mlops4j.xgboost.XgBoost;
import dev.mlops4j.xgboost.XgBoostModel;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the program of README.md; {@code SmallestTest} runs the smallest one. */
final class ReadmeTest {

  @TempDir Path files;

  @Test
  void theWholeLifeOfAModel() throws IOException {
    Path directory = files.resolve("workspace");
    Path weatherFile = files.resolve("weather.csv");
    Path departuresFile = files.resolve("departures.csv");
    SmallFlights.writeWeather(weatherFile, 11);
    SmallFlights.writeDepartures(departuresFile, 11);
    List<Flight> winter = SmallFlights.flights(1, 8);
    List<Flight> spring = SmallFlights.flights(9, 2);
    Flight flight = spring.get(0);
    champion(directory, weatherFile, departuresFile, winter);

    // region program
    try (Workspace workspace = Workspace.open(directory)) {
      FeatureStore features = FeatureStore.in(workspace);
      Tracking tracking = Tracking.in(workspace);
      Registry registry = Registry.in(workspace);

      features.ingest(WEATHER, Csv.read(weatherFile));
      features.ingest(CONGESTION, Csv.read(departuresFile));
      TrainingSet training = features.trainingSet(FEATURES, winter, LATE); // point in time
      TrainingSet holdout = features.trainingSet(FEATURES, spring, LATE);

      tracking.run(
          "flight-delay",
          run -> { // what it throws ends the run as FAILED
            run.log(training); // digest and rows
            try (XgBoostModel model =
                XgBoost.classifier().trees(100).maxDepth(6).train(training, run)) {
              run.log(holdout.evaluate(model)); // AUC, log loss, accuracy and others
              ModelVersion version =
                  registry.register("flight-delay", run.log(model.packaged(training)));
              registry
                  .promote(version)
                  .to(Stage.PRODUCTION)
                  .expecting(registry.production("flight-delay"))
                  .because("beats the champion")
                  .commit();
            }
          });

      try (Monitor<Flight, Boolean> monitor =
              Monitor.of("flight-delay", LATE).in(workspace).build();
          Predictor<Flight> predictor =
              Predictor.of(FEATURES)
                  .online(features)
                  .follow(registry, "flight-delay", Stage.PRODUCTION)
                  .listener(monitor)
                  .build()) {
        Prediction prediction = predictor.predict(flight); // swaps when a version is promoted
        monitor.outcome(prediction.id(), true); // once the flight has landed
        monitor.evaluate().forEach(System.out::println); // reports of the weeks that have ended
      }
      registry.rollback("flight-delay", "accuracy fell on Friday"); // the whole rollback
    }
    // endregion

    try (Workspace workspace = Workspace.open(directory)) {
      Registry registry = Registry.in(workspace);
      assertThat(Objects.requireNonNull(registry.production("flight-delay")).number()).isOne();
      RunRecord run = Tracking.in(workspace).runs("flight-delay", RunStatus.FINISHED).get(0);
      assertThat(run.metric("auc")).isGreaterThan(0.6);
    }
  }

  /** A version that is in production already. */
  private static void champion(
      Path directory, Path weatherFile, Path departuresFile, List<Flight> flights) {
    try (Workspace workspace = Workspace.open(directory)) {
      FeatureStore features = FeatureStore.in(workspace);
      Registry registry = Registry.in(workspace);
      features.ingest(WEATHER, Csv.read(weatherFile));
      features.ingest(CONGESTION, Csv.read(departuresFile));
      TrainingSet training = features.trainingSet(FEATURES, flights, LATE);
      try (Run run = Tracking.in(workspace).start("flight-delay")) {
        var model = TribuoLogisticRegression.classifier().train(training, run);
        ModelVersion version = registry.register("flight-delay", run.log(model.packaged(training)));
        registry.promote(version).to(Stage.PRODUCTION).expecting(null).because("first").commit();
      }
    }
  }
}
