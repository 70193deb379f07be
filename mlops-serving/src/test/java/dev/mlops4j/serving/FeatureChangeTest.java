package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.registry.FollowerCannotLoadException;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.PredictorState.Status;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The features of a model change from one version to the next, and back. */
class FeatureChangeTest {

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
  void aPredictorWithBothSetsGoesForthAndBack() {
    fixture.promote(fixture.version(Trip.OLDER_FEATURES));
    try (Predictor<Trip> predictor =
        fixture.follower(Predictor.of(Trip.FEATURES, Trip.OLDER_FEATURES)).build()) {
      assertThat(predictor.predict(Trip.ANY).vector()).containsExactly(500);

      fixture.promote(fixture.version(Trip.FEATURES));
      predictor.refresh();
      assertThat(predictor.predict(Trip.ANY).vector()).containsExactly(500, 2);

      fixture.registry.rollback(Fixture.MODEL, "a test");
      predictor.refresh();
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
      assertThat(predictor.predict(Trip.ANY).vector()).containsExactly(500);
    }
  }

  @Test
  void aPromotionThatALivePredictorCouldNotLoadIsRefusedWithItsNameUnlessForced() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      ModelVersion other = fixture.version(Trip.OLDER_FEATURES);

      assertThatThrownBy(() -> fixture.promote(other))
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining("\"checkout\"")
          .hasMessageContaining(Trip.OLDER_FEATURES.fingerprint().shortHex());
      assertThat(predictor.refresh().version()).isEqualTo(1);

      fixture.force(other);
      assertThat(predictor.refresh().status()).isEqualTo(Status.STALE);
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
    }
    fixture.registry.rollback(Fixture.MODEL, "a test");
    fixture.promote(fixture.registry.version(Fixture.MODEL, 2));
  }

  @Test
  void aVersionOfAFormatThatALivePredictorHasNoLoaderForIsNotPromoted() {
    fixture.promote(fixture.version());
    ModelVersion next = fixture.version();
    try (Predictor<Trip> predictor = fixture.follower().build();
        Predictor<Trip> other =
            Predictor.of(Trip.FEATURES)
                .follow(fixture.registry, Fixture.MODEL, Stage.STAGING)
                .loaders(ModelLoaders.of())
                .named("without loaders")
                .build()) {
      assertThatThrownBy(
              () -> fixture.registry.promote(next).to(Stage.STAGING).because("a test").commit())
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining("\"without loaders\"")
          .hasMessageContaining("no loader for format \"number\"");
      fixture.promote(next);
      assertThat(predictor.refresh().version()).isEqualTo(2);
      assertThat(other.refresh().status()).isEqualTo(Status.EMPTY);
    }
  }

  @Test
  void aRollbackThatALivePredictorCouldNotLoadIsRefusedAsWell() {
    fixture.promote(fixture.version(Trip.OLDER_FEATURES));
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      assertThatThrownBy(() -> fixture.registry.rollback(Fixture.MODEL, "a test"))
          .isInstanceOf(FollowerCannotLoadException.class)
          .hasMessageContaining("\"checkout\"");

      assertThat(predictor.refresh().version()).isEqualTo(2);
    }
  }

  @Test
  void aFollowerOfAnotherStageRefusesNothing() {
    fixture.promote(fixture.version());
    ModelVersion other = fixture.version(Trip.OLDER_FEATURES);
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.registry.promote(other).to(Stage.STAGING).because("a test").commit();

      assertThat(predictor.refresh().status()).isEqualTo(Status.SERVING);
    }
  }

  @Test
  void aModelWithoutAFingerprintTakesTheSetThatGivesItsInputs() {
    fixture.promote(fixture.version(new Unfingerprinted(Trip.training(Trip.OLDER_FEATURES))));
    try (Predictor<Trip> predictor =
        fixture.follower(Predictor.of(Trip.FEATURES, Trip.OLDER_FEATURES)).build()) {
      assertThat(predictor.predict(Trip.ANY).vector()).containsExactly(500);
    }
  }
}
