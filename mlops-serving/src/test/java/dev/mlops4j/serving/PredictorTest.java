package dev.mlops4j.serving;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.feature.FeatureComputationException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.NoSuchFeatureViewException;
import dev.mlops4j.feature.Target;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.NoModelLoaderException;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.PredictorState.Status;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PredictorTest {

  private static final Instant NOW = Instant.parse("2026-03-01T12:00:00Z");

  private static final FeatureView WEATHER =
      FeatureView.named("weather")
          .key("carrier", STRING)
          .eventTime("observed_at")
          .feature("wind", FLOAT64)
          .build();

  private static final FeatureSet<Trip> WITH_WEATHER =
      FeatureSet.named("trip", Trip.class)
          .at(trip -> NOW)
          .numeric("distance", Trip::distance)
          .lookup(WEATHER, Trip::carrier)
          .build();

  private static final FeatureSet<Trip> CAREFUL =
      FeatureSet.named("careful", Trip.class)
          .numeric(
              "distance",
              trip -> {
                if (trip.distance() < 0) {
                  throw new IllegalArgumentException("negative");
                }
                return trip.distance();
              })
          .build();

  @TempDir Path directory;

  private final NumberLoader loader = new NumberLoader();

  @Test
  void aPackageOnDiskIsServedWithoutWorkspaceOrThread() {
    Fixture.packaged(7, Trip.training(Trip.FEATURES)).writeTo(directory.resolve("package"));

    try (Predictor<Trip> predictor =
        unfollowing(Predictor.of(Trip.FEATURES))
            .serve(ModelPackage.read(directory.resolve("package")))
            .clock(() -> NOW)
            .build()) {
      Prediction prediction = predictor.predict(Trip.ANY);

      assertThat(prediction.value()).isEqualTo(7);
      assertThat(prediction.version()).isZero();
      assertThat(prediction.model()).isEqualTo("delay");
      assertThat(prediction.askedAt()).isEqualTo(NOW);
      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 0, 0, 0, null));
      // That of an earlier test may not have ended yet.
      Fixture.await(() -> !Fixture.hasThread("mlops4j-predictor-delay"));
    }
    assertThat(loader.loaded).hasSize(1).allMatch(model -> model.closes() == 1);
  }

  @Test
  void aPackageIsServedUnderTheNameGiven() {
    try (Predictor<Trip> predictor =
        unfollowing(Predictor.of(Trip.FEATURES)).serve("trip-delay", aPackage()).build()) {
      assertThat(predictor.predict(Trip.ANY).model()).isEqualTo("trip-delay");
    }
  }

  @Test
  void aPackageThatNoLoaderReadsIsRefusedAtBuild() {
    assertThatThrownBy(
            () -> Predictor.of(Trip.FEATURES).loaders(ModelLoaders.of()).serve(aPackage()).build())
        .isInstanceOf(NoModelLoaderException.class);
  }

  @Test
  void lookedUpFeaturesComeFromTheStoreGiven() {
    FeatureStore store = FeatureStore.inMemory(() -> NOW);
    store.push(WEATHER, Map.of("carrier", "UA", "observed_at", NOW, "wind", 4.5));
    TrainingSet training =
        store.trainingSet(WITH_WEATHER, Trip.TRAINING, Target.regression("delay", Trip::distance));

    try (Predictor<Trip> predictor =
        unfollowing(Predictor.of(WITH_WEATHER))
            .online(store)
            .serve(Fixture.packaged(1, training))
            .build()) {
      assertThat(predictor.predict(Trip.ANY).vector()).containsExactly(500, 4.5);
      assertThat(predictor.predict(new Trip(1, "ZZ")).vector()).containsExactly(1, Double.NaN);
      assertThat(predictor.predict(Trip.ANY).askedAt()).isEqualTo(NOW);
    }
    FeatureStore other = FeatureStore.inMemory(() -> NOW);
    assertThatThrownBy(
            () ->
                unfollowing(Predictor.of(WITH_WEATHER))
                    .online(other)
                    .serve(Fixture.packaged(1, training))
                    .build())
        .as("a store that does not know the view is no store to predict from")
        .isInstanceOf(NoSuchFeatureViewException.class)
        .hasMessageContaining(WEATHER.name())
        .hasMessageContaining("register it");
  }

  @Test
  void idsAreTheCallersOrUniqueAmongAllPredictors() {
    Set<String> ids = new HashSet<>();
    for (int i = 0; i < 2; i++) {
      try (Predictor<Trip> predictor =
          unfollowing(Predictor.of(Trip.FEATURES)).serve(aPackage()).build()) {
        assertThat(predictor.predict("order 17", Trip.ANY).id()).isEqualTo("order 17");
        for (int j = 0; j < 1_000; j++) {
          ids.add(predictor.predict(Trip.ANY).id());
        }
      }
    }
    assertThat(ids).hasSize(2_000);
  }

  @Test
  void listenersHearInOrderAndTheirFailuresAreCountedAndNeverThrown() {
    List<String> heard = new ArrayList<>();
    PredictionListener failing =
        prediction -> {
          heard.add("failing " + prediction.id());
          throw new MlopsException("full");
        };
    PredictionListener broken =
        prediction -> {
          throw new NoClassDefFoundError("gone");
        };
    PredictionListener checked = prediction -> sneak(new Exception("checked"));
    PredictionListener good = prediction -> heard.add("good " + prediction.id());
    try (Predictor<Trip> predictor =
        unfollowing(Predictor.of(Trip.FEATURES))
            .serve(aPackage())
            .listener(failing)
            .listener(broken)
            .listener(checked)
            .listener(good)
            .build()) {
      predictor.predict("a", Trip.ANY);
      predictor.predict("b", Trip.ANY);

      assertThat(heard).containsExactly("failing a", "good a", "failing b", "good b");
      assertThat(predictor.state()).isEqualTo(new PredictorState(Status.SERVING, 0, 0, 6, null));
    }
  }

  @Test
  void aRequestWhoseFeaturesFailFailsAloneAndIsToldToNobody() {
    List<String> heard = new ArrayList<>();
    try (Predictor<Trip> predictor =
        unfollowing(Predictor.of(CAREFUL))
            .serve(Fixture.packaged(1, Trip.training(CAREFUL)))
            .listener(prediction -> heard.add(prediction.id()))
            .build()) {
      assertThatThrownBy(() -> predictor.predict("bad", new Trip(-1, "UA")))
          .isInstanceOf(FeatureComputationException.class);
      assertThatThrownBy(() -> predictor.predict(null, Trip.ANY))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("id");
      for (String half : List.of("a\ud83d", "\ude00b", "\ude00\ud83d")) {
        assertThatThrownBy(() -> predictor.predict(half, Trip.ANY))
            .isInstanceOf(IllegalArgumentException.class)
            .hasMessageContaining("the id of a prediction is no Unicode text");
      }
      assertThatThrownBy(() -> predictor.predict("none", null))
          .isInstanceOf(NullPointerException.class)
          .hasMessage("request");

      assertThat(predictor.predict("good", Trip.ANY).value()).isEqualTo(1);
      assertThat(heard).containsExactly("good");
    }
    assertThat(loader.loaded).allMatch(model -> model.closes() == 1);
  }

  @Test
  void misuseAtBuildListsAllProblems() {
    assertThatThrownBy(() -> Predictor.of(WITH_WEATHER, WITH_WEATHER).named(" ").build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessage(
            "a predictor cannot be built: it needs follow(registry, model, stage) or"
                + " serve(package); named(...) was given a blank name; feature set \"trip\" looks"
                + " views up, so it needs online(...); feature set \"trip\" was given twice; two"
                + " sets differ in a name, a type or a version");
  }

  @Test
  void followAndServeExcludeEachOther() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      PredictorBuilder<Trip> builder = Predictor.of(Trip.FEATURES).serve(aPackage());

      assertThatThrownBy(
              () -> builder.follow(Registry.in(workspace), "trip-delay", Stage.PRODUCTION))
          .isInstanceOf(IllegalStateException.class)
          .hasMessage(
              "the predictor serves \"delay\" already; follow(...) and serve(...) exclude each other,"
                  + " and one is called once");
    }
  }

  @Test
  void theStageNoneCannotBeFollowed() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      PredictorBuilder<Trip> builder = Predictor.of(Trip.FEATURES);

      assertThatThrownBy(() -> builder.follow(Registry.in(workspace), "trip-delay", Stage.NONE))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining("found NONE, which has no current version");
    }
  }

  @Test
  void thePollIntervalIsPositiveAndShortEnoughToBeTakenForAlive() {
    PredictorBuilder<Trip> builder = Predictor.of(Trip.FEATURES);

    for (Duration wrong : List.of(Duration.ZERO, Duration.ofSeconds(-1), Duration.ofSeconds(31))) {
      assertThatThrownBy(() -> builder.pollInterval(wrong))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("pollInterval is more than 0 and at most PT30S, found " + wrong);
    }
    builder.pollInterval(PredictorBuilder.MAX_POLL_INTERVAL);
  }

  private PredictorBuilder<Trip> unfollowing(PredictorBuilder<Trip> builder) {
    return builder.loaders(ModelLoaders.of(loader));
  }

  private static ModelPackage aPackage() {
    return Fixture.packaged(1, Trip.training(Trip.FEATURES));
  }

  @SuppressWarnings("unchecked") // erased, so no cast fails
  private static <E extends Throwable> void sneak(Throwable e) throws E {
    throw (E) e;
  }
}
