package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.FeatureMismatchException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureSkewException;
import dev.mlops4j.model.GoldenRowMismatchException;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.PredictorState.Status;
import dev.mlops4j.workspace.CorruptArtifactException;
import java.nio.file.Path;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A version that cannot serve does not take over, and keeps no better one from doing so. */
class RefusedVersionTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void trainedOnOtherFeatures() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.force(fixture.version(Trip.OLDER_FEATURES));

      assertRefused(
          predictor,
          "version 2 cannot serve: version 2 of \"trip-delay\" was trained on features \"trip\" "
              + Trip.OLDER_FEATURES.fingerprint().shortHex()
              + ", this program has \"trip\" "
              + Trip.FEATURES.fingerprint().shortHex()
              + "; train a version on these features, or give the predictor the feature set of"
              + " that one too");
      assertTheNextGoodOneIsTaken(predictor);
    }
    fixture.force(fixture.registry.version(Fixture.MODEL, 2));
    assertThatThrownBy(() -> fixture.follower().build())
        .isInstanceOfSatisfying(
            UnknownFeaturesException.class,
            e -> {
              assertThat(e.model()).isEqualTo(Fixture.MODEL);
              assertThat(e.version()).isEqualTo(2);
            });
  }

  @Test
  void trainedWithAnotherFunctionOfTheSameDefinition() {
    FeatureSet<Trip> changed = Trip.features(1.5);
    assertThat(changed.fingerprint()).isEqualTo(Trip.FEATURES.fingerprint());
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version(changed));

      assertRefused(
          predictor,
          "version 2 cannot serve: feature set \"trip\" differs from the training's: golden row 0,"
              + " feature \"distance\": 150.0 in training, now 100.0;");
      assertTheNextGoodOneIsTaken(predictor);
    }
    fixture.promote(fixture.registry.version(Fixture.MODEL, 2));
    assertThatThrownBy(() -> fixture.follower().build())
        .isInstanceOfSatisfying(
            FeatureSkewException.class,
            e -> {
              assertThat(e.feature()).isEqualTo("distance");
              assertThat(e.row()).isZero();
            });
  }

  @Test
  void withoutAFingerprintAndWithOtherInputs() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version(new Unfingerprinted(Trip.training(Trip.OLDER_FEATURES))));

      assertRefused(
          predictor,
          """
          version 2 cannot serve: feature set "trip" does not give what the model takes:
          - the set gives "carrier", the model does not take it
          """);
      assertTheNextGoodOneIsTaken(predictor);
    }
    fixture.promote(fixture.registry.version(Fixture.MODEL, 2));
    assertThatThrownBy(() -> fixture.follower().build())
        .isInstanceOf(FeatureMismatchException.class);
  }

  @Test
  void thatPredictsOtherwiseThanAtTraining() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fixture.loader.bias = 0.25;

      assertRefused(
          predictor,
          "version 2 cannot serve: the model loaded by \"number\" predicts 2.25 at output 0 of"
              + " golden row 0 where training predicted 2.0 (tolerance 0.0);");
      assertThat(fixture.loaded(1).closes()).isEqualTo(1);
      fixture.loader.bias = 0;
      assertTheNextGoodOneIsTaken(predictor);
    }
    fixture.loader.bias = 0.25;
    assertThatThrownBy(() -> fixture.follower().build())
        .isInstanceOf(GoldenRowMismatchException.class);
    assertThat(fixture.registry.followers(Fixture.MODEL)).isEmpty();
  }

  @Test
  void whoseFilesWereAltered() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      ModelVersion bad = fixture.version();
      fixture.corrupt(bad);
      fixture.promote(bad);

      assertRefused(predictor, "version 2 cannot serve: artifact ");
      assertTheNextGoodOneIsTaken(predictor);
    }
    fixture.promote(fixture.registry.version(Fixture.MODEL, 2));
    assertThatThrownBy(() -> fixture.follower().build())
        .isInstanceOf(CorruptArtifactException.class);
  }

  @Test
  void whoseLoaderLacksSomethingOfTheMachine() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fixture.loader.duringLoad =
          () -> {
            throw new UnsatisfiedLinkError("libgomp.so.1: cannot open shared object file");
          };

      assertRefused(
          predictor, "version 2 cannot serve: libgomp.so.1: cannot open shared object file");
      fixture.loader.duringLoad = () -> {};
      assertTheNextGoodOneIsTaken(predictor);
    }
  }

  @Test
  void aRefusedVersionIsTakenWhenWhatWasWrongHasPassed() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fixture.loader.bias = 1;
      assertThat(predictor.refresh().status()).isEqualTo(Status.STALE);
      fixture.loader.bias = 0;

      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 2, 1, 0, null));
    }
  }

  @Test
  void aRollbackToTheVersionThatServesEndsTheRefusal() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fixture.loader.bias = 1;
      assertThat(predictor.refresh().status()).isEqualTo(Status.STALE);

      fixture.registry.rollback(Fixture.MODEL, "it cannot be loaded");

      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 1, 0, 0, null));
      assertThat(fixture.loaded(0).closes()).isZero();
    }
  }

  @Test
  void pollingTriesARefusedVersionLessAndLessOften() {
    fixture.promote(fixture.version());
    HotSwap<Trip> swap =
        new HotSwap<>(
            ServedModel.inStage(fixture.registry, Fixture.MODEL, Stage.PRODUCTION)
                .open("checkout", Capabilities.ofFeatures(Set.of(Trip.FEATURES.fingerprint()))),
            Fixture.versionLoader(ModelLoaders.of(fixture.loader)));
    swap.start();
    fixture.promote(fixture.version());
    fixture.loader.bias = 1;
    StringBuilder tries = new StringBuilder();
    for (int look = 0; look < 16; look++) {
      int before = fixture.loader.loaded.size();
      swap.look(false);
      tries.append(fixture.loader.loaded.size() > before ? 'x' : '.');
    }
    assertThat(tries).hasToString("x.x..x....x.....");

    swap.look(true);

    assertThat(fixture.loader.loaded).hasSize(6);
    assertThat(swap.now().problem()).startsWith("version 2 cannot serve: ");
    swap.close();
    swap.leave();
  }

  @Test
  void theFirstVersionThatCannotServeIsSaidToWhoeverAsks() {
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fixture.loader.bias = 1;

      PredictorState state = predictor.refresh();

      assertThat(state.status()).isEqualTo(Status.EMPTY);
      assertThat(state.problem()).startsWith("version 1 cannot serve: ");
      assertThatThrownBy(() -> predictor.predict(Trip.ANY))
          .isInstanceOf(NoServingVersionException.class)
          .hasMessageStartingWith(
              "a prediction of \"trip-delay\" was asked, but no version serves: version 1 cannot"
                  + " serve: the model loaded by ")
          .hasMessageEndingWith(
              "; put one in stage PRODUCTION that can serve, and the predictor will pick it up");
    }
  }

  /** Version 1 serves on, version 2 is the one in the stage. */
  private void assertRefused(Predictor<Trip> predictor, String problem) {
    PredictorState state = predictor.refresh();
    assertThat(state.status()).isEqualTo(Status.STALE);
    assertThat(state.version()).isEqualTo(1);
    assertThat(state.swaps()).isZero();
    assertThat(state.problem()).startsWith(problem);
    assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(1);
    assertThat(fixture.loaded(0).closes()).isZero();
    assertThat(fixture.announced()).isEqualTo(1);
  }

  private void assertTheNextGoodOneIsTaken(Predictor<Trip> predictor) {
    fixture.promote(fixture.version());
    assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 3, 1, 0, null));
    assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(3);
    assertThat(fixture.loaded(0).closes()).isEqualTo(1);
    assertThat(fixture.announced()).isEqualTo(3);
  }
}
