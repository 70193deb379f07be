package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.Fallback.Cause;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FallbackTest {

  private static final Output DELAY = Output.regression("delay");
  private static final FeatureSet<Trip> DISTANCE =
      FeatureSet.named("trip", Trip.class).numeric("distance", Trip::distance).build();
  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("distance")), DELAY);
  private static final Trip MISSING = new Trip(Double.NaN, "UA");

  @TempDir Path directory;

  private final List<Prediction> heard = new ArrayList<>();

  private PredictorBuilder<Trip> serving(Model model) {
    return Predictor.of(DISTANCE).serve("m", model).listener(heard::add);
  }

  private static Model distance() {
    return Model.of(SIGNATURE, (vector, output) -> output[0] = vector[0]);
  }

  private static Model failing() {
    return Model.of(
        SIGNATURE,
        (vector, output) -> {
          throw new IllegalArgumentException("the model is broken");
        });
  }

  @Test
  void aModelThatFailsIsStoodInForAndNoListenerHears() {
    try (Predictor<Trip> predictor = serving(failing()).fallback(Fallback.to(DELAY, 5)).build()) {
      Prediction prediction = predictor.predict("mine", Trip.ANY);

      assertThat(prediction.id()).isEqualTo("mine");
      assertThat(prediction.value()).isEqualTo(5);
      assertThat(prediction.arm()).isEqualTo(Prediction.FALLBACK);
      assertThat(prediction.version()).isZero();
      assertThat(prediction.vector()).isEmpty();
      assertThat(prediction.signature()).isEqualTo(SIGNATURE);
      assertThat(heard).isEmpty();
      assertThat(predictor.counts().fallbacks()).containsEntry(Cause.ERROR, 1L);
      assertThat(predictor.counts().failed()).isZero();
    }
  }

  @Test
  void withoutAFallbackTheCallerGetsTheException() {
    try (Predictor<Trip> predictor = serving(failing()).build()) {
      assertThatThrownBy(() -> predictor.predict(Trip.ANY)).hasMessage("the model is broken");
      assertThat(predictor.counts().failed()).isEqualTo(1);
    }
  }

  @Test
  void aMissingFeatureThatWasNamedIsStoodInForAndAnotherIsPredictedWith() {
    try (Predictor<Trip> predictor =
        serving(distance()).fallback(Fallback.to(DELAY, 5).whenMissing("distance")).build()) {
      assertThat(predictor.predict(MISSING).value()).isEqualTo(5);
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(500);
      assertThat(predictor.counts().fallbacks()).containsEntry(Cause.MISSING_FEATURE, 1L);
    }
    try (Predictor<Trip> predictor = serving(distance()).fallback(Fallback.to(DELAY, 5)).build()) {
      assertThat(predictor.predict(MISSING).value()).isNaN();
    }
    assertThatThrownBy(
            () ->
                serving(distance()).fallback(Fallback.to(DELAY, 5).whenMissing("distence")).build())
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"distence\"")
        .hasMessageContaining("distance");
  }

  @Test
  void aBatchStandsInForTheRowsThatFailAlone() {
    Model picky =
        Model.of(
            SIGNATURE,
            (vector, output) -> {
              if (vector[0] < 0) {
                throw new IllegalArgumentException("negative");
              }
              output[0] = vector[0];
            });
    List<Trip> trips = List.of(new Trip(1, "A"), new Trip(-1, "B"), new Trip(3, "C"));
    try (Predictor<Trip> predictor = serving(picky).fallback(Fallback.to(DELAY, 5)).build()) {
      assertThat(predictor.predictAll(trips))
          .extracting(Prediction::value)
          .containsExactly(1.0, 5.0, 3.0);
      assertThat(heard).extracting(Prediction::value).containsExactly(1.0, 3.0);
    }
    try (Predictor<Trip> predictor = serving(picky).build()) {
      assertThatThrownBy(() -> predictor.predictAll(trips)).hasMessage("negative");
    }
  }

  @Test
  void anEmptyStageIsStoodInFor() {
    try (Fixture fixture = new Fixture(directory.resolve("workspace"));
        Predictor<Trip> predictor =
            fixture.follower().fallback(Fallback.to(DELAY, 5)).listener(heard::add).build()) {
      Prediction prediction = predictor.predict(Trip.ANY);

      assertThat(prediction.value()).isEqualTo(5);
      assertThat(prediction.signature().names()).containsExactly("distance", "carrier");
      assertThat(predictor.counts().fallbacks()).containsEntry(Cause.NO_VERSION, 1L);
      assertThat(predictor.health().ready()).isFalse();

      fixture.promote(fixture.version());
      predictor.refresh();
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(1);
    }
  }

  @Test
  void whatHangsIsStoodInForWithinTheTimeoutAndTheLateAnswerIsToldToNobody() {
    CountDownLatch released = new CountDownLatch(1);
    Model hanging =
        Model.of(
            SIGNATURE,
            (vector, output) -> {
              ShadowTest.await(released);
              output[0] = 1;
            });
    try (Predictor<Trip> predictor =
        serving(hanging)
            .timeout(Duration.ofMillis(20))
            .workers(1, 1)
            .fallback(Fallback.to(DELAY, 5))
            .build()) {
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(5);
      assertThat(predictor.counts().fallbacks()).containsEntry(Cause.TIMEOUT, 1L);
      assertThat(predictor.predictAll(List.of(Trip.ANY, Trip.ANY)))
          .extracting(Prediction::value)
          .containsExactly(5.0, 5.0);
      assertThat(predictor.predictAsync(Trip.ANY).join().value()).isEqualTo(5);

      released.countDown();
      Fixture.await(() -> predictor.counts().allAnswered() > 0);
      assertThat(heard).isEmpty();
      Fixture.await(() -> predictor.predict(Trip.ANY).value() == 1);
      assertThat(heard).hasSize(1);
    }
  }

  @Test
  void aTimeoutWithoutAFallbackIsATypedErrorAndSoIsAFullQueue() {
    CountDownLatch released = new CountDownLatch(1);
    CountDownLatch begun = new CountDownLatch(1);
    Model hanging =
        Model.of(
            SIGNATURE,
            (vector, output) -> {
              begun.countDown();
              ShadowTest.await(released);
              output[0] = 1;
            });
    try (Predictor<Trip> predictor =
        serving(hanging).timeout(Duration.ofMillis(20)).workers(1, 1).build()) {
      assertThatThrownBy(() -> predictor.predict(Trip.ANY))
          .isInstanceOf(PredictionTimeoutException.class)
          .hasMessageContaining("PT0.02S");
      ShadowTest.await(begun);
      CompletableFuture<Prediction> waiting = predictor.predictAsync(Trip.ANY);
      CompletableFuture<Prediction> tooMany = predictor.predictAsync(Trip.ANY);

      assertThatThrownBy(tooMany::join)
          .isInstanceOf(CompletionException.class)
          .hasCauseInstanceOf(PredictorOverloadedException.class);
      assertThatThrownBy(() -> predictor.predict(Trip.ANY))
          .isInstanceOf(PredictorOverloadedException.class);
      assertThatThrownBy(waiting::join).hasCauseInstanceOf(PredictionTimeoutException.class);
      released.countDown();
    }
  }

  @Test
  void whatIsWrongWithTheRequestOrThePredictorIsNotStoodInFor() {
    Predictor<Trip> predictor =
        serving(distance())
            .checks(InputChecks.none().missing("distance"))
            .fallback(Fallback.to(DELAY, 5))
            .build();
    assertThatThrownBy(() -> predictor.predict(MISSING))
        .isInstanceOf(InvalidRequestException.class);
    predictor.close();
    assertThatThrownBy(() -> predictor.predict(Trip.ANY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
  }

  @Test
  void aCorruptVersionLeavesTheOldOneAndAFailingOnlineStoreTheFallback() {
    try (Fixture fixture = new Fixture(directory.resolve("workspace"))) {
      fixture.promote(fixture.version());
      try (Predictor<Trip> predictor = fixture.follower().build()) {
        var second = fixture.version();
        fixture.corrupt(second);
        fixture.promote(second);

        assertThat(predictor.refresh().status()).isEqualTo(PredictorState.Status.STALE);
        assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
        Health health = predictor.health();
        assertThat(health.live()).isTrue();
        assertThat(health.ready()).isTrue();
        assertThat(health.isWell()).isFalse();
        assertThat(health.degraded()).singleElement().asString().contains("version 2");
      }
    }
  }

  @Test
  void aFallbackHasTheOutputsWidthAndFiniteValues() {
    assertThatThrownBy(() -> Fallback.to(DELAY, 1, 2)).hasMessageContaining("takes 1 values");
    assertThatThrownBy(() -> Fallback.to(DELAY, Double.NaN)).hasMessageContaining("finite");
  }

  static ModelPackage packaged(double number) {
    return Fixture.packaged(number, Trip.training(Trip.FEATURES));
  }
}
