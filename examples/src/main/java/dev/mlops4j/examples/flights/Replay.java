package dev.mlops4j.examples.flights;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Row;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.serving.Predictor;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * July to December as it happened: weather arrives, flights leave and arrive, and one hour before
 * each scheduled departure the question is asked, in the order of time.
 */
final class Replay {

  /** What happens; of what happens at the same moment, in this order. */
  private enum Kind {
    WEATHER,
    DEPARTURE,
    ARRIVAL,
    QUESTION
  }

  private record Happening(Instant at, Kind kind, int index) {}

  private final List<Flight> flights;
  private final Dataset weather;
  private final FeatureStore features;
  private final Predictor<Flight> predictor;
  private final Monitor<Flight, Boolean> monitor;
  private final ReplayClock clock;
  private final long[] nanos;
  private int served;

  Replay(
      List<Flight> flights,
      Dataset weather,
      FeatureStore features,
      Predictor<Flight> predictor,
      Monitor<Flight, Boolean> monitor,
      ReplayClock clock) {
    this.flights = flights;
    this.weather = weather;
    this.features = features;
    this.predictor = predictor;
    this.monitor = monitor;
    this.clock = clock;
    this.nanos = new long[flights.size()];
  }

  /** Hears how far the replay has come. */
  @FunctionalInterface
  interface Progress {
    void reached(int answered, int questions);
  }

  /**
   * Plays from a moment on.
   *
   * @param from what happened before is left out
   * @param answered the ids of the flights that were answered already
   * @param daily called at every midnight (UTC) that passes
   */
  void play(Instant from, Set<String> answered, Runnable daily, Progress progress) {
    List<Happening> happenings = happenings(from);
    Instant midnight = nextMidnight(from);
    int questions = (int) happenings.stream().filter(h -> h.kind == Kind.QUESTION).count();
    int asked = 0;
    for (Happening happening : happenings) {
      while (!happening.at.isBefore(midnight)) {
        clock.set(midnight);
        daily.run();
        midnight = midnight.plus(Duration.ofDays(1));
      }
      clock.set(happening.at);
      happen(happening, answered);
      if (happening.kind == Kind.QUESTION) {
        asked++;
        progress.reached(asked, questions);
      }
    }
  }

  /** How many questions were answered, those of earlier starts not counted. */
  int served() {
    return served;
  }

  /** Of the answers' durations the one that this share of them did not exceed, in microseconds. */
  double micros(double share) {
    if (served == 0) {
      return Double.NaN;
    }
    long[] sorted = Arrays.copyOf(nanos, served);
    Arrays.sort(sorted);
    return sorted[(int) Math.min(served - 1, Math.floor(share * served))] / 1e3;
  }

  /** All answers' durations together, in seconds. */
  double seconds() {
    return Arrays.stream(nanos, 0, served).sum() / 1e9;
  }

  private List<Happening> happenings(Instant from) {
    List<Happening> all = new ArrayList<>();
    for (int i = 0; i < flights.size(); i++) {
      Flight flight = flights.get(i);
      add(all, from, flight.departedAt(), Kind.DEPARTURE, i);
      add(all, from, flight.arrivedAt(), Kind.ARRIVAL, i);
      if (!FlightYear.isTraining(flight)) {
        add(all, from, flight.scheduledDeparture().minus(Duration.ofHours(1)), Kind.QUESTION, i);
      }
    }
    Duration delay = FlightFeatures.WEATHER.availableAfter();
    TimestampColumn observed = weather.timestamps("observed_at");
    for (int i = 0; i < weather.rowCount(); i++) {
      add(all, from, Timestamps.fromMicros(observed.microsAt(i)).plus(delay), Kind.WEATHER, i);
    }
    all.sort(
        Comparator.comparing(Happening::at)
            .thenComparing(Happening::kind)
            .thenComparing(Happening::index));
    return all;
  }

  private static void add(
      List<Happening> all, Instant from, @Nullable Instant at, Kind kind, int index) {
    if (at != null && !at.isBefore(from)) {
      all.add(new Happening(at, kind, index));
    }
  }

  private void happen(Happening happening, Set<String> answered) {
    switch (happening.kind) {
      case WEATHER -> features.push(FlightFeatures.WEATHER, columns(weather.row(happening.index)));
      case DEPARTURE -> features.push(FlightFeatures.CONGESTION, departure(happening));
      case ARRIVAL -> arrive(flights.get(happening.index));
      case QUESTION -> ask(flights.get(happening.index), answered);
    }
  }

  private Map<String, @Nullable Object> departure(Happening happening) {
    Flight flight = flights.get(happening.index);
    return Map.of(
        "flight_id", flight.id(),
        "origin", flight.origin(),
        "departed_at", happening.at,
        "departure_delay", Objects.requireNonNull(flight.departureDelay()));
  }

  private void arrive(Flight flight) {
    Boolean late = flight.late();
    if (late != null && !FlightYear.isTraining(flight)) {
      monitor.outcome(flight.id(), late);
    }
  }

  private void ask(Flight flight, Set<String> answered) {
    if (answered.contains(flight.id())) {
      return;
    }
    long start = System.nanoTime();
    predictor.predict(flight.id(), flight.asScheduled());
    nanos[served] = System.nanoTime() - start;
    served++;
  }

  private static Map<String, @Nullable Object> columns(Row row) {
    Map<String, @Nullable Object> columns = new HashMap<>();
    row.schema().names().forEach(name -> columns.put(name, row.value(name)));
    return columns;
  }

  private static Instant nextMidnight(Instant from) {
    return from.truncatedTo(ChronoUnit.DAYS).plus(Duration.ofDays(1));
  }
}
