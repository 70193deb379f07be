package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.CONGESTION;
import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightFeatures.WEATHER;

import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What is trained on and what is judged by, as of a moment; made when it is first asked for. As of
 * July the first models learn from all of January to June and are judged by what came afterwards. A
 * later one learns from all that is known by then but the last four weeks, by which it is judged.
 */
final class FlightSets {

  private static final Duration JUDGED_BY = Duration.ofDays(4 * 7);

  private final Console console;
  private final FeatureStore features;
  private final FlightData data;
  private final Instant until;
  private @Nullable TrainingSet training;
  private @Nullable TrainingSet judging;

  FlightSets(Console console, FeatureStore features, FlightData data, Instant until) {
    this.console = console;
    this.features = features;
    this.data = data;
    this.until = until;
  }

  boolean isOf(Instant moment) {
    return until.equals(moment);
  }

  synchronized TrainingSet training() {
    TrainingSet known = training;
    if (known == null) {
      known = isFirst(until) ? firstHalf() : known().between(FlightYear.START, recent());
      training = known;
    }
    return known;
  }

  synchronized TrainingSet judging() {
    TrainingSet known = judging;
    if (known == null) {
      known = isFirst(until) ? secondHalf() : known().between(recent(), until);
      judging = known;
    }
    return known;
  }

  static boolean isFirst(Instant until) {
    return !until.isAfter(FlightYear.SERVING);
  }

  private TrainingSet firstHalf() {
    Console.Step step = console.step(3, "training set, point in time");
    TrainingSet set =
        features.trainingSet(
            FEATURES, data.flights().stream().filter(FlightYear::isTraining).toList(), LATE);
    step.done(
        "%,d flights of January to June (left out: %,d without a label, %,d not yet landed);"
            + " %d features",
        set.rowCount(),
        set.leftOutWithoutLabel(),
        set.leftOutNotYetKnown(),
        set.signature().width());
    return set;
  }

  /** By a store in memory that knows the whole year, which the workspace's does not yet. */
  private TrainingSet secondHalf() {
    FeatureStore year = FeatureStore.inMemory(InstantSource.fixed(FlightYear.AFTERWARDS));
    year.ingest(WEATHER, data.weatherKnownBefore(FlightYear.AFTERWARDS));
    year.ingest(CONGESTION, data.departuresBefore(FlightYear.AFTERWARDS));
    List<Flight> flights =
        data.flights().stream().filter(flight -> !FlightYear.isTraining(flight)).toList();
    TrainingSet set = year.trainingSet(FEATURES, flights, LATE);
    console.detail(
        "to judge by: %,d flights of July to December (%,d without a label)",
        set.rowCount(), set.leftOutWithoutLabel());
    return set;
  }

  private TrainingSet known() {
    return features.trainingSet(
        FEATURES,
        data.flights().stream()
            .filter(flight -> FEATURES.askedAt(flight).orElseThrow().isBefore(until))
            .toList(),
        LATE,
        until);
  }

  private Instant recent() {
    return until.minus(JUDGED_BY);
  }
}
