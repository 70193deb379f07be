package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.serving.PredictorState.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that fails or hangs does not touch predictions. */
class RegistryTroubleTest {

  @TempDir Path directory;
  private Fixture fixture;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory.resolve("workspace"));
    fixture.promote(fixture.version());
  }

  @AfterEach
  void close() {
    fixture.beforeStore = call -> {};
    fixture.close();
  }

  @Test
  void aRegistryThatFailsLeavesTheVersionServingAndIsStatedUntilItAnswersAgain() {
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fail("currentIn");
      assertThat(predictor.refresh())
          .isEqualTo(
              new PredictorState(
                  Status.STALE, 1, 0, 0, "the stage cannot be followed: the registry is away"));
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(1);

      fixture.beforeStore = call -> {};
      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 1, 0, 0, null));
    }
  }

  @Test
  void aRefusalIsStatedAgainAfterTheRegistryWasAway() {
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fixture.loader.bias = 1;
      String refusal = predictor.refresh().problem();
      fail("currentIn");
      assertThat(predictor.refresh().problem()).doesNotContain("version 2");

      fixture.beforeStore = call -> {};

      assertThat(refusal).startsWith("version 2 cannot serve: ");
      assertThat(predictor.refresh().problem()).isEqualTo(refusal);
    }
  }

  @Test
  void aRegistryThatCannotBeToldIsToldAtTheNextLook() {
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.promote(fixture.version());
      fail("putFollower");

      assertThat(predictor.refresh().version()).isEqualTo(2);
      assertThat(fixture.announced()).isEqualTo(1);
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(2);

      fixture.beforeStore = call -> {};
      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 2, 1, 0, null));
      assertThat(fixture.announced()).isEqualTo(2);
    }
  }

  @Test
  void pollingGoesOnAfterErrorsAndInterruptions() {
    AtomicInteger polls = new AtomicInteger();
    try (Predictor<Trip> predictor =
        fixture.follower().pollInterval(Duration.ofMillis(1)).build()) {
      fixture.beforeStore =
          call -> {
            if (call.equals("currentIn")
                && Thread.currentThread().getName().startsWith("mlops4j-predictor")) {
              int poll = polls.incrementAndGet();
              if (poll <= 2) {
                throw new StackOverflowError();
              }
              if (poll == 3) {
                Thread.currentThread().interrupt();
                throw new MlopsException("interrupted");
              }
            }
          };
      Fixture.await(() -> polls.get() > 3);
      fixture.promote(fixture.version());

      Fixture.await(() -> predictor.state().version() == 2);
    }
  }

  @Test
  void aRegistryThatHangsHoldsUpNeitherPredictionsNorClosing() {
    CountDownLatch asked = new CountDownLatch(1);
    CountDownLatch answer = new CountDownLatch(1);
    Predictor<Trip> predictor =
        fixture
            .follower()
            .pollInterval(Duration.ofMillis(1))
            .closePatience(Duration.ofMillis(1))
            .build();
    fixture.beforeStore =
        call -> {
          asked.countDown();
          Fixture.await(() -> answer.getCount() == 0);
        };
    Fixture.await(() -> asked.getCount() == 0);

    assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(1);
    assertThat(predictor.state().status()).isEqualTo(Status.SERVING);
    predictor.close();

    assertThat(fixture.loaded(0).closes()).isEqualTo(1);
    assertThatThrownBy(() -> predictor.predict(Trip.ANY)).isInstanceOf(IllegalStateException.class);
    answer.countDown();
    Fixture.await(() -> !Fixture.hasThread("mlops4j-predictor-trip-delay"));
  }

  @Test
  void closingWithoutARegistryThrowsNothing() {
    Predictor<Trip> predictor = fixture.follower().build();
    fail("removeFollower");

    predictor.close();

    assertThat(fixture.loaded(0).closes()).isEqualTo(1);
  }

  @Test
  void aPredictorThatCannotBeBuiltHoldsNothing() {
    fail("currentIn");

    assertThatThrownBy(() -> fixture.follower().build()).hasMessage("the registry is away");

    fixture.beforeStore = call -> {};
    assertThat(fixture.registry.followers(Fixture.MODEL)).isEmpty();
  }

  @Test
  void aModelThatDoesNotCloseSpoilsNeitherTheSwapNorThePrediction() {
    ThrowingOnClose model = new ThrowingOnClose();
    ServedVersion<Trip> version = Fixture.served(model);

    version.retire();

    assertThat(version.acquire()).isFalse();
    assertThat(model.closes.get()).isEqualTo(1);
  }

  private void fail(String method) {
    fixture.beforeStore =
        call -> {
          if (call.equals(method)) {
            throw new MlopsException("the registry is away");
          }
        };
  }
}
