package dev.mlops4j.benchmarks.features;

import static dev.mlops4j.examples.flights.FlightFeatures.CONGESTION;
import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightFeatures.WEATHER;

import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.benchmarks.record.FlightsModel;
import dev.mlops4j.examples.flights.Flight;
import dev.mlops4j.examples.flights.FlightData;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.InMemoryOnlineStore;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;

/**
 * The whole vector of a flight, asked when it is asked: the clock stands at that moment, and goes
 * through the last day again and again. 15 features, two views, two windows; what was known later
 * than a flight's moment is in the store already, and not seen.
 */
final class FlightVectors {

  private static final int CALLS = 100_000;
  private static final int AT_ONCE = 8;
  private static final Duration ASKED = Duration.ofHours(22);

  private FlightVectors() {}

  static void measure(Report report) throws IOException {
    Path directory = Files.createTempDirectory("mlops4j-vectors-");
    Instant now = FlightsModel.NOW;
    AtomicReference<Instant> clock = new AtomicReference<>(now);
    try (Workspace workspace = Workspace.at(directory).clock(clock::get).open()) {
      FlightData data = FlightData.read();
      FeatureStore sqlite = FeatureStore.in(workspace);
      sqlite.ingest(WEATHER, data.weatherKnownBefore(now));
      sqlite.ingest(CONGESTION, data.departuresBefore(now));
      List<Flight> flights =
          data.flights().stream()
              .filter(flight -> !flight.scheduledDeparture().isBefore(now.minus(ASKED)))
              .filter(flight -> flight.scheduledDeparture().isBefore(now))
              .sorted(Comparator.comparing(Flight::scheduledDeparture))
              .toList();
      Vectorizer<Flight> vectors =
          FEATURES.bind(sqlite.trainingSet(FEATURES, flights, LATE).signature());
      report.alone(
          "vector-sqlite-p50", Units.micros(median(vectors, flights, sqlite, clock)), "25us");
      FeatureStore memory =
          FeatureStore.builder(workspace).online(new InMemoryOnlineStore()).open();
      report.alone(
          "vector-memory-p50", Units.micros(median(vectors, flights, memory, clock)), "3us");
    } finally {
      FlightsModel.delete(directory);
    }
  }

  private static double median(
      Vectorizer<Flight> vectors,
      List<Flight> flights,
      FeatureStore store,
      AtomicReference<Instant> clock) {
    double[] nanos = new double[CALLS / AT_ONCE];
    double sum = 0;
    for (int round = 0; round < 3; round++) {
      for (int i = 0; i < nanos.length; i++) {
        long begin = System.nanoTime();
        for (int j = 0; j < AT_ONCE; j++) {
          Flight flight = flights.get((i * AT_ONCE + j) % flights.size());
          Instant asked = FEATURES.askedAt(flight).orElseThrow();
          clock.set(asked);
          sum += vectors.vector(flight, asked, store).length;
        }
        nanos[i] = (System.nanoTime() - begin) / (double) AT_ONCE;
      }
    }
    if (sum == 0) {
      throw new IllegalStateException("no vector was made");
    }
    Arrays.sort(nanos);
    return nanos[nanos.length / 2];
  }
}
