package dev.mlops4j.examples.docs;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import java.util.List;

/** Data small enough to read, for what needs no feature store. */
final class Coffees {

  private Coffees() {}

  // region coffee
  record Coffee(int hour, String weather, boolean sold) {}

  static final FeatureSet<Coffee> FEATURES =
      FeatureSet.named("coffee", Coffee.class)
          .numeric("hour", Coffee::hour)
          .categorical("weather", Coffee::weather)
          .build();

  static final Target<Coffee, Boolean> SOLD = Target.binary("sold", Coffee::sold);
  // endregion

  static final List<Coffee> COFFEES =
      List.of(
          new Coffee(7, "rain", true),
          new Coffee(8, "sun", true),
          new Coffee(9, "rain", true),
          new Coffee(10, "sun", true),
          new Coffee(14, "rain", false),
          new Coffee(16, "sun", false),
          new Coffee(17, "rain", false),
          new Coffee(20, "sun", false));

  static TrainingSet training() {
    return TrainingSet.of(FEATURES, COFFEES, SOLD);
  }
}
