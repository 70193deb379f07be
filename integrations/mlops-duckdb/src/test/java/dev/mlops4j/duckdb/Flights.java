package dev.mlops4j.duckdb;

import dev.mlops4j.data.Sensitive;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingExport;
import dev.mlops4j.feature.TrainingSet;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A small training set with what is hard to pass on. */
final class Flights {

  record Flight(
      double distance,
      @Nullable String carrier,
      @Sensitive double income,
      Instant askedAt,
      boolean late) {}

  private static final FeatureSet<Flight> FEATURES =
      FeatureSet.named("flight_delay", Flight.class)
          .at(Flight::askedAt)
          .numeric("distance", Flight::distance)
          .categorical("carrier", Flight::carrier)
          .numeric("income", Flight::income)
          .build();

  private Flights() {}

  static TrainingExport export() {
    return TrainingExport.of(training(), FEATURES);
  }

  static TrainingSet training() {
    return TrainingSet.of(
        FEATURES,
        List.of(
            flight(0.1, "UA", "2013-01-01T10:15:00Z", true),
            flight(-0.0, "a \"b\", \nü🙂", "2013-01-01T10:15:00.000001Z", false),
            flight(1e300, "UA", "1969-12-31T23:59:59.999999Z", true),
            flight(Double.NaN, null, "2200-02-03T04:05:06Z", false)),
        Target.binary("late", Flight::late));
  }

  private static Flight flight(double distance, @Nullable String carrier, String at, boolean late) {
    return new Flight(distance, carrier, 1000, Instant.parse(at), late);
  }
}
