package dev.mlops4j.benchmarks.record;

import static dev.mlops4j.examples.flights.FlightFeatures.CONGESTION;
import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightFeatures.WEATHER;

import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.examples.flights.Flight;
import dev.mlops4j.examples.flights.FlightData;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.xgboost.XgBoost;
import dev.mlops4j.xgboost.XgBoostModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/** The model of the flights example, 100 trees of depth 6, trained on its own features. */
public final class FlightsModel {

  /** The name of the model. */
  public static final String NAME = "flight-delay";

  /** Midnight in New York, the end of the training data. */
  public static final Instant NOW = Instant.parse("2013-07-01T04:00:00Z");

  private static final Duration TRAINED_ON = Duration.ofDays(60);

  private FlightsModel() {}

  /** Trains it, and writes its package to a directory below this one. */
  public static Path train(Path directory, Report report) throws IOException {
    Path target = directory.resolve("flights-package");
    delete(target);
    FlightData data = FlightData.read();
    FeatureStore store = FeatureStore.inMemory(InstantSource.fixed(NOW));
    store.ingest(WEATHER, data.weatherKnownBefore(NOW));
    store.ingest(CONGESTION, data.departuresBefore(NOW));
    Instant from = NOW.minus(TRAINED_ON);
    List<Flight> flights =
        data.flights().stream()
            .filter(flight -> !flight.scheduledDeparture().isBefore(from))
            .filter(flight -> flight.scheduledDeparture().isBefore(NOW))
            .toList();
    TrainingSet training = store.trainingSet(FEATURES, flights, LATE);
    try (XgBoostModel model =
        XgBoost.classifier().trees(100).maxDepth(6).learningRate(0.1).train(training)) {
      model.packaged(training).writeTo(target);
    }
    report.note(
        "the flights model: 100 trees, %d features, %,d flights",
        training.signature().width(), training.rowCount());
    return target;
  }

  /** Deletes a directory with all that is in it, if it is there. */
  public static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> all = Files.walk(directory)) {
        for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(path);
        }
      }
    }
  }
}
