package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.PredictorState.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HotSwapTest {

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
  void aFollowedStageAnswers() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      Prediction prediction = predictor.predict("mine", Trip.ANY);

      assertThat(prediction.id()).isEqualTo("mine");
      assertThat(prediction.model()).isEqualTo(Fixture.MODEL);
      assertThat(prediction.version()).isEqualTo(1);
      assertThat(prediction.value()).isEqualTo(1);
      assertThat(prediction.vector()).containsExactly(500, 2);
      assertThat(prediction.signature().names()).containsExactly("distance", "carrier");
      assertThat(predictor.state()).isEqualTo(new PredictorState(Status.SERVING, 1, 0, 0, null));
    }
  }

  @Test
  void anEmptyStageIsAStateAndATypedErrorAndItsFirstVersionIsPickedUp() {
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      assertThat(predictor.state()).isEqualTo(new PredictorState(Status.EMPTY, 0, 0, 0, null));
      assertThatThrownBy(() -> predictor.predict(Trip.ANY))
          .isInstanceOfSatisfying(
              NoServingVersionException.class,
              e -> {
                assertThat(e.model()).isEqualTo(Fixture.MODEL);
                assertThat(e.place()).isEqualTo("stage PRODUCTION");
              })
          .hasMessage(
              "a prediction of \"trip-delay\" was asked, but no version of it is in stage"
                  + " PRODUCTION, or there is no such model; put one there, and the predictor will"
                  + " pick it up");

      fixture.promote(fixture.version());

      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 1, 1, 0, null));
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
      assertThat(fixture.announced()).isEqualTo(1);
    }
  }

  @Test
  void anAliasIsFollowed() {
    var first = fixture.version();
    var second = fixture.version();
    fixture
        .registry
        .alias(Fixture.MODEL, "champion")
        .to(first)
        .expecting(null)
        .because("a test")
        .commit();
    try (Predictor<Trip> predictor =
        Predictor.of(Trip.FEATURES)
            .follow(fixture.registry, Fixture.MODEL, "champion")
            .loaders(dev.mlops4j.model.ModelLoaders.of(fixture.loader))
            .pollInterval(PredictorBuilder.MAX_POLL_INTERVAL)
            .build()) {
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
      fixture
          .registry
          .alias(Fixture.MODEL, "champion")
          .to(second)
          .expecting(first)
          .because("a test")
          .commit();
      assertThat(predictor.refresh().version()).isEqualTo(2);
      fixture
          .registry
          .alias(Fixture.MODEL, "champion")
          .toNothing()
          .expecting(second)
          .because("a test")
          .commit();
      predictor.refresh();
      assertThatThrownBy(() -> predictor.predict(Trip.ANY))
          .isInstanceOf(NoServingVersionException.class)
          .hasMessageContaining("alias \"champion\"");
    }
  }

  @Test
  void promotionAndRollbackSwapAndAreToldToTheRegistry() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      assertThat(fixture.announced()).isEqualTo(1);

      fixture.promote(fixture.version());
      predictor.refresh();
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(2);
      assertThat(fixture.announced()).isEqualTo(2);

      fixture.registry.rollback(Fixture.MODEL, "a test");
      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 1, 2, 0, null));
      assertThat(predictor.predict(Trip.ANY).value()).isEqualTo(1);
      assertThat(fixture.announced()).isEqualTo(1);
    }
    assertThat(fixture.loader.loaded).hasSize(3).allMatch(model -> model.closes() == 1);
    assertThat(fixture.registry.followers(Fixture.MODEL)).isEmpty();
  }

  @Test
  void aStageThatBecomesEmptyLeavesThePredictorEmpty() {
    ModelVersion version = fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      fixture.registry.promote(version).to(Stage.ARCHIVED).because("a test").commit();

      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.EMPTY, 0, 0, 0, null));
      assertThat(fixture.loaded(0).closes()).isEqualTo(1);
      assertThat(fixture.announced()).isNull();
      assertThatThrownBy(() -> predictor.predict(Trip.ANY))
          .isInstanceOf(NoServingVersionException.class);
    }
  }

  @Test
  void theStageIsPolledWithoutBeingTold() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor =
        fixture.follower().pollInterval(Duration.ofMillis(1)).build()) {
      fixture.promote(fixture.version());

      Fixture.await(() -> predictor.state().version() == 2);
    }
  }

  @Test
  void aPredictionUnderWayEndsOnTheVersionItBeganWithWhichIsClosedAfterIt() {
    fixture.promote(fixture.version());
    try (Predictor<Trip> predictor = fixture.follower().build()) {
      CountDownLatch mayEnd = new CountDownLatch(1);
      CompletableFuture<Prediction> underWay = underWay(predictor, mayEnd);
      fixture.promote(fixture.version());
      predictor.refresh();

      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(2);
      assertThat(fixture.loaded(0).closes()).isZero();

      mayEnd.countDown();
      Prediction prediction = underWay.join();
      assertThat(prediction.version()).isEqualTo(1);
      assertThat(prediction.value()).isEqualTo(1);
      assertThat(fixture.loaded(0).closes()).isEqualTo(1);
      assertThat(fixture.loaded(1).closes()).isZero();
    }
  }

  @Test
  void closingLetsThePredictionUnderWayEnd() {
    fixture.promote(fixture.version());
    Predictor<Trip> predictor = fixture.follower().build();
    CountDownLatch mayEnd = new CountDownLatch(1);
    CompletableFuture<Prediction> underWay = underWay(predictor, mayEnd);

    predictor.close();

    assertThat(fixture.loaded(0).closes()).isZero();
    mayEnd.countDown();
    assertThat(underWay.join().value()).isEqualTo(1);
    assertThat(fixture.loaded(0).closes()).isEqualTo(1);
  }

  @Test
  void aClosedPredictorSaysSoAndLeavesNothing() {
    fixture.promote(fixture.version());
    Predictor<Trip> predictor = fixture.follower().build();

    predictor.close();
    predictor.close();

    assertThatThrownBy(() -> predictor.predict(Trip.ANY))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("the predictor of \"trip-delay\" is closed");
    assertThat(predictor.refresh().status()).isEqualTo(Status.CLOSED);
    assertThat(fixture.loaded(0).closes()).isEqualTo(1);
    assertThat(fixture.registry.followers(Fixture.MODEL)).isEmpty();
    Fixture.await(() -> !Fixture.hasThread("mlops4j-predictor-trip-delay"));
  }

  @Test
  void aVersionThatArrivesWhileThePredictorClosesIsClosedToo() {
    fixture.promote(fixture.version());
    Predictor<Trip> predictor = fixture.follower().closePatience(Duration.ofMillis(1)).build();
    fixture.promote(fixture.version());
    fixture.loader.duringLoad = predictor::close;

    assertThat(predictor.refresh().status()).isEqualTo(Status.CLOSED);

    assertThat(fixture.loader.loaded).hasSize(2).allMatch(model -> model.closes() == 1);
  }

  private CompletableFuture<Prediction> underWay(Predictor<Trip> predictor, CountDownLatch mayEnd) {
    CountDownLatch began = new CountDownLatch(1);
    fixture.loader.duringPrediction =
        () -> {
          fixture.loader.duringPrediction = () -> {};
          began.countDown();
          Fixture.await(() -> mayEnd.getCount() == 0);
        };
    CompletableFuture<Prediction> prediction =
        CompletableFuture.supplyAsync(
            () -> predictor.predict(Trip.ANY), task -> new Thread(task).start());
    Fixture.await(() -> began.getCount() == 0);
    return prediction;
  }
}
