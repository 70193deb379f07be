package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.Coffees.COFFEES;
import static dev.mlops4j.examples.docs.Coffees.FEATURES;
import static dev.mlops4j.examples.docs.Coffees.SOLD;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.examples.docs.Coffees.Coffee;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.http.ModelServer;
import dev.mlops4j.http.ServingHandler;
import dev.mlops4j.micrometer.PredictorMeters;
import dev.mlops4j.model.EnsembleModel;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.registry.FollowerCannotLoadException;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.Fallback;
import dev.mlops4j.serving.Health;
import dev.mlops4j.serving.InputChecks;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.serving.PredictorCounts;
import dev.mlops4j.serving.PredictorState;
import dev.mlops4j.serving.ServedModel;
import dev.mlops4j.serving.ShadowReport;
import dev.mlops4j.serving.UntypedPredictor;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.workspace.Workspace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
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

  @Test
  void modelsHaveRoles() {
    Coffee coffee = new Coffee(8, "sun", true);
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Registry registry = Registry.in(workspace);
      ModelVersion champion = register(workspace, FEATURES);
      promote(registry, champion);
      ModelVersion challenger = register(workspace, WITH_MORNING);
      registry.promote(challenger).to(Stage.STAGING).because("to be tried").commit();
      registry
          .alias("coffee", "lighter")
          .to(challenger)
          .expecting(null)
          .because("to be tried")
          .commit();

      // region roles
      try (Predictor<Coffee> predictor =
          Predictor.of(FEATURES, WITH_MORNING)
              .follow(registry, "coffee", Stage.PRODUCTION)
              .arm("canary", 0.05, ServedModel.inStage(registry, "coffee", Stage.STAGING))
              .splitBy(Coffee::weather) // one entity, one arm: a customer, a device
              .shadow("lighter", ServedModel.aliased(registry, "coffee", "lighter"))
              .build()) {
        Prediction prediction = predictor.predict(coffee);
        String arm = prediction.arm(); // champion, or canary for 5 % of the entities
        List<ShadowReport> shadows = predictor.shadows(); // how far the shadow is from the answers
      }
      // endregion

      Path cache = directory.resolve("cache");
      // region careful
      try (Predictor<Coffee> predictor =
          Predictor.of(FEATURES, WITH_MORNING)
              .follow(registry, "coffee", Stage.PRODUCTION)
              .cache(cache) // starts from the last version when the registry is away
              .timeout(Duration.ofMillis(50))
              .fallback(Fallback.to(Output.binary("sold"), 0.4).whenMissing("hour"))
              .checks(InputChecks.none().infinities().outside(0.5)) // of the range in training
              .build()) {
        Prediction prediction = predictor.predict(coffee);
        boolean model = !prediction.arm().equals(Prediction.FALLBACK);
        Health health = predictor.health(); // live, ready, degraded with reasons
        PredictorCounts counts = predictor.counts(); // answers, fallbacks by cause, stale lookups
      }
      // endregion

      // region forms
      try (Predictor<Coffee> predictor =
          Predictor.of(FEATURES, WITH_MORNING)
              .follow(registry, "coffee", Stage.PRODUCTION)
              .build()) {
        List<Prediction> batch = predictor.predictAll(List.of(coffee, new Coffee(9, "rain", true)));
        CompletableFuture<Prediction> later = predictor.predictAsync(coffee);
        UntypedPredictor untyped = predictor.untyped(); // for callers without a type
        Map<String, Object> columns = Map.of("hour", 8, "weather", "sun", "sold", true);
        double sold = untyped.predict(columns).value();
        String json = untyped.predictJson("{\"hour\": 8, \"weather\": \"sun\", \"sold\": true}");
        later.join();
        new PredictorMeters(predictor).bindTo(new SimpleMeterRegistry()); // mlops-micrometer
      }
      // endregion
    }
  }

  @Test
  void rulesAreModelsToo() {
    // region rules
    Signature signature =
        new Signature(
            List.of(Input.numeric("hour"), Input.categorical("weather", List.of("sun", "rain"))),
            Output.binary("sold"));
    Model rule = Model.of(signature, (vector, output) -> output[0] = vector[0] < 12 ? 0.9 : 0.1);
    Model mean = EnsembleModel.mean(List.of(rule, Model.of(signature, (v, out) -> out[0] = 0.5)));
    try (Predictor<Coffee> predictor = Predictor.of(FEATURES).serve("rule", mean).build()) {
      double sold = predictor.predict(new Coffee(8, "sun", true)).value(); // 0.7
      assertThat(sold).isEqualTo(0.7);
    }
    // endregion
  }

  @Test
  void aModelHasAPort() throws Exception {
    TrainingSet training = Coffees.training();
    ModelPackage modelPackage;
    try (TribuoModel model = TribuoLogisticRegression.classifier().train(training)) {
      modelPackage = model.packaged(training);
    }
    // region http
    try (Predictor<Map<String, Object>> predictor =
            Predictor.ofInputs().serve("coffee", modelPackage).build(); // the model's own inputs
        ModelServer server =
            ModelServer.of(
                    ServingHandler.of(predictor.untyped())
                        .maxRows(1_000)
                        .waiting(64, Duration.ofSeconds(1)) // more requests get 429
                        .token("a secret") // Authorization: Bearer a secret
                        .build())
                .port(0) // any free one, on the loopback interface
                .start()) {
      URI url = URI.create("http://127.0.0.1:" + server.port() + "/predict/coffee");
      HttpRequest request =
          HttpRequest.newBuilder(url)
              .header("Authorization", "Bearer a secret")
              .POST(HttpRequest.BodyPublishers.ofString("{\"hour\": 8, \"weather\": \"sun\"}"))
              .build();
      HttpResponse<String> answer =
          HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
      assertThat(answer.statusCode()).isEqualTo(200); // {"id":...,"version":0,"value":0.93...}
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
