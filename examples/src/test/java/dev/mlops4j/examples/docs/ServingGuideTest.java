package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.Coffees.COFFEES;
import static dev.mlops4j.examples.docs.Coffees.FEATURES;
import static dev.mlops4j.examples.docs.Coffees.SOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.examples.docs.Coffees.Coffee;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.registry.FollowerCannotLoadException;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.serving.PredictorState;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/serving.md. */
@SuppressWarnings("unused") // what is shown names its results
final class ServingGuideTest {

  // region other
  static final FeatureSet<Coffee> WITH_MORNING =
      FeatureSet.named("coffee", Coffee.class)
          .numeric("hour", Coffee::hour)
          .categorical("weather", Coffee::weather)
          .flag("morning", coffee -> coffee.hour() < 12)
          .build();
  // endregion

  @TempDir Path directory;

  @Test
  void aPredictorFollowsTheRegistry() {
    Coffee coffee = new Coffee(8, "sun", true);
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Registry registry = Registry.in(workspace);
      ModelVersion first = register(workspace, FEATURES);
      promote(registry, first);

      // region follow
      try (Predictor<Coffee> predictor =
          Predictor.of(FEATURES)
              .follow(registry, "coffee", Stage.PRODUCTION)
              .pollInterval(Duration.ofSeconds(5))
              .named("till 3")
              .build()) {
        Prediction prediction = predictor.predict(coffee);
        double sold = prediction.value(); // the probability
        int version = prediction.version(); // which version answered
        predictor.predict("order-4711", coffee); // under an id of your own
        PredictorState state = predictor.state(); // SERVING, EMPTY, STALE with the problem, CLOSED
      }
      // endregion

      ModelVersion second = register(workspace, WITH_MORNING);
      Predictor<Coffee> old =
          Predictor.of(FEATURES).follow(registry, "coffee", Stage.PRODUCTION).named("old").build();
      assertThatThrownBy(() -> promote(registry, second))
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining("old");
      old.close();

      // region sets
      try (Predictor<Coffee> predictor =
          Predictor.of(WITH_MORNING, FEATURES)
              .follow(registry, "coffee", Stage.PRODUCTION)
              .build()) {
        registry
            .promote(second) // trained on WITH_MORNING
            .to(Stage.PRODUCTION)
            .expecting(first)
            .because("knows mornings")
            .commit();
        int version = predictor.refresh().version(); // 2; without refresh, at the next poll
        assertThat(version).isEqualTo(2);
        registry.rollback("coffee", "mornings are overrated");
        version = predictor.refresh().version(); // 1, served by FEATURES
        assertThat(version).isEqualTo(1);
      }
      // endregion
    }
  }

  @Test
  void aPackageIsServedWithoutARegistry() {
    TrainingSet training = Coffees.training();
    Path packageDirectory = directory.resolve("coffee-model");
    try (TribuoModel model = TribuoLogisticRegression.classifier().train(training)) {
      model.packaged(training).writeTo(packageDirectory);
    }
    Coffee coffee = new Coffee(8, "sun", true);

    // region package
    try (Predictor<Coffee> predictor =
        Predictor.of(FEATURES).serve("coffee", ModelPackage.read(packageDirectory)).build()) {
      double sold = predictor.predict(coffee).value();
    }
    // endregion
  }

  private static void promote(Registry registry, ModelVersion version) {
    registry.promote(version).to(Stage.PRODUCTION).expectingAnything().because("a test").commit();
  }

  private static ModelVersion register(Workspace workspace, FeatureSet<Coffee> features) {
    TrainingSet training = TrainingSet.of(features, COFFEES, SOLD);
    try (Run run = Tracking.in(workspace).start("coffee")) {
      var model = TribuoLogisticRegression.classifier().train(training, run);
      return Registry.in(workspace).register("coffee", run.log(model.packaged(training)));
    }
  }
}
