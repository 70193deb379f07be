package dev.mlops4j.examples.smallest;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;

/** Log a run, register, promote, predict: with functions as features and no feature store. */
public final class Smallest {

  record Coffee(int hour, String weather, boolean sold) {}

  static final List<Coffee> COFFEES =
      List.of(
          new Coffee(7, "rain", true),
          new Coffee(8, "sun", true),
          new Coffee(10, "rain", true),
          new Coffee(14, "sun", false),
          new Coffee(16, "rain", false),
          new Coffee(20, "sun", false));

  static final FeatureSet<Coffee> FEATURES =
      FeatureSet.named("coffee", Coffee.class)
          .numeric("hour", Coffee::hour)
          .categorical("weather", Coffee::weather)
          .build();

  private Smallest() {}

  /** Runs the program in a new directory. */
  public static void main(String[] args) throws IOException {
    try (Workspace workspace = Workspace.open(Files.createTempDirectory("coffee"))) {
      TrainingSet training = TrainingSet.of(FEATURES, COFFEES, Target.binary("sold", Coffee::sold));
      Registry registry = Registry.in(workspace);
      Tracking tracking = Tracking.in(workspace);
      tracking.run(
          "coffee",
          run -> {
            run.log(training);
            var model = TribuoLogisticRegression.classifier().epochs(50).train(training, run);
            ModelVersion version = registry.register("coffee", run.log(model.packaged(training)));
            registry
                .promote(version)
                .to(Stage.PRODUCTION)
                .expecting(null)
                .because("first")
                .commit();
          });
      try (Predictor<Coffee> predictor =
          Predictor.of(FEATURES).follow(registry, "coffee", Stage.PRODUCTION).build()) {
        double sold = predictor.predict(new Coffee(8, "sun", false)).value();
        System.out.printf("a coffee at eight in the sun is sold with probability %.2f%n", sold);
      }
    }
  }
}
