package dev.mlops4j.benchmarks.record;

import static dev.mlops4j.examples.flights.FlightFeatures.CONGESTION;
import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightFeatures.WEATHER;

import dev.mlops4j.examples.flights.Flight;
import dev.mlops4j.examples.flights.FlightData;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.InMemoryOnlineStore;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * A service that answers for flights, as the example sets it up: features in an online store in
 * memory, the model of a package, and a monitor that records every prediction.
 */
final class FlightsService implements AutoCloseable {

  /** More than the look-back and the widest window need. */
  private static final Duration INGESTED = Duration.ofDays(5);

  /** The online store's look-back, less the hour between a question and its flight. */
  private static final Duration ASKED = Duration.ofHours(22);

  private final Path directory = Files.createTempDirectory("mlops4j-flights-");
  private final Workspace workspace;
  private final Monitor<Flight, Boolean> monitor;
  private final Predictor<Flight> predictor;
  private final List<Flight> flights;

  FlightsService(Path modelPackage) throws IOException {
    FlightData data = FlightData.read();
    Instant now = FlightsModel.NOW;
    workspace = Workspace.at(directory).clock(InstantSource.fixed(now)).open();
    FeatureStore features =
        FeatureStore.builder(workspace).online(new InMemoryOnlineStore()).open();
    features.ingest(
        WEATHER, data.weatherKnownBefore(now).filter(row -> isLately(row.instant("observed_at"))));
    features.ingest(
        CONGESTION, data.departuresBefore(now).filter(row -> isLately(row.instant("departed_at"))));
    flights =
        data.flights().stream()
            .filter(within(now.minus(ASKED), now))
            .map(Flight::asScheduled)
            .toList();
    monitor = Monitor.of(FlightsModel.NAME, LATE).in(workspace).build();
    predictor =
        Predictor.of(FEATURES)
            .online(features)
            .serve(FlightsModel.NAME, ModelPackage.read(modelPackage))
            .listener(monitor)
            .build();
  }

  private static boolean isLately(@Nullable Instant moment) {
    return moment != null && moment.isAfter(FlightsModel.NOW.minus(INGESTED));
  }

  private static Predicate<Flight> within(Instant from, Instant to) {
    return flight ->
        !flight.scheduledDeparture().isBefore(from) && flight.scheduledDeparture().isBefore(to);
  }

  Predictor<Flight> predictor() {
    return predictor;
  }

  /** A day's flights, each asked about at its own moment. */
  List<Flight> flights() {
    return flights;
  }

  /** How many predictions the monitor could not take, because they came faster than it writes. */
  long dropped() {
    return monitor.droppedCount();
  }

  @Override
  public void close() throws IOException {
    predictor.close();
    monitor.close();
    workspace.close();
    FlightsModel.delete(directory);
  }
}
