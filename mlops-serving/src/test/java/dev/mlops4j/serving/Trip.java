package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import java.util.List;

/** A request of the tests, and features of it. */
record Trip(double distance, String carrier) {

  static final Trip ANY = new Trip(500, "UA");

  static final List<Trip> TRAINING =
      List.of(new Trip(100, "AA"), new Trip(200, "UA"), new Trip(300, "B6"));

  static final FeatureSet<Trip> FEATURES = features(1);

  /** The definition is the same whatever the factor is: code that changed and did not say so. */
  static FeatureSet<Trip> features(double factor) {
    return FeatureSet.named("trip", Trip.class)
        .numeric("distance", trip -> trip.distance() * factor)
        .categorical("carrier", Trip::carrier)
        .build();
  }

  /** The features of an earlier day. */
  static final FeatureSet<Trip> OLDER_FEATURES =
      FeatureSet.named("trip", Trip.class).numeric("distance", Trip::distance).build();

  static TrainingSet training(FeatureSet<Trip> features) {
    return TrainingSet.of(features, TRAINING, Target.regression("delay", Trip::distance));
  }
}
