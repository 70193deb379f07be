package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.MlopsException;
import dev.mlops4j.serving.PredictorState.Status;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PackageCacheTest {

  @TempDir Path directory;

  private Fixture fixture;
  private Path cache;

  @BeforeEach
  void open() {
    fixture = new Fixture(directory.resolve("workspace"));
    cache = directory.resolve("cache");
  }

  @AfterEach
  void close() {
    fixture.close();
  }

  private PredictorBuilder<Trip> cached() {
    return fixture.follower().cache(cache).startPatience(Duration.ofSeconds(20));
  }

  private void fail() {
    fixture.beforeStore =
        call -> {
          throw new MlopsException("the registry is away");
        };
  }

  @Test
  void aPredictorStartsFromTheCacheWithoutTheRegistryAndGoesBackToIt() {
    fixture.promote(fixture.version());
    cached().build().close();
    fail();

    try (Predictor<Trip> predictor = cached().build()) {
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
      assertThat(predictor.state().status()).isEqualTo(Status.STALE);
      assertThat(predictor.state().problem()).contains("local cache", "the registry is away");

      fixture.beforeStore = call -> {};
      assertThat(predictor.refresh()).isEqualTo(new PredictorState(Status.SERVING, 1, 0, 0, null));
      fixture.promote(fixture.version());
      assertThat(predictor.refresh().version()).isEqualTo(2);
    }
    fail();
    try (Predictor<Trip> predictor = cached().build()) {
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(2);
    }
    assertThat(cache.resolve("champion").toFile().list()).hasSize(2);
  }

  @Test
  void aRegistryThatHangsIsWaitedForNoLongerThanThePatience() {
    fixture.promote(fixture.version());
    cached().build().close();
    CountDownLatch released = new CountDownLatch(1);
    fixture.beforeStore = call -> ShadowTest.await(released);

    try (Predictor<Trip> predictor = cached().startPatience(Duration.ofMillis(50)).build()) {
      assertThat(predictor.predict(Trip.ANY).version()).isEqualTo(1);
      assertThat(predictor.state().problem()).contains("not answered yet");

      released.countDown();
      Fixture.await(() -> predictor.state().status() == Status.SERVING);
    }
  }

  @Test
  void withoutACachedVersionTheFailureOfTheStartIsThrown() {
    fail();

    assertThatThrownBy(() -> cached().build()).hasMessage("the registry is away");
    // The thread was told to end, as was that of the test before, and ends in its own time.
    Fixture.await(() -> !Fixture.hasThread("mlops4j-predictor-" + Fixture.MODEL));
  }

  @Test
  void aCachedVersionThatWasAlteredIsRefused() throws IOException {
    fixture.promote(fixture.version());
    cached().build().close();
    try (var files = Files.walk(cache)) {
      Path model = files.filter(file -> file.endsWith(NumberModel.FILE)).findFirst().orElseThrow();
      Files.writeString(model, "9.0");
    }
    fail();

    assertThatThrownBy(() -> cached().build())
        .isInstanceOf(dev.mlops4j.model.CorruptPackageException.class);
  }

  @Test
  void anEmptyStageIsNotFilledFromTheCache() {
    var version = fixture.promote(fixture.version());
    cached().build().close();
    fixture
        .registry
        .promote(version)
        .to(dev.mlops4j.registry.Stage.ARCHIVED)
        .because("a test")
        .commit();

    try (Predictor<Trip> predictor = cached().build()) {
      assertThat(predictor.state().status()).isEqualTo(Status.EMPTY);
    }
  }

  @Test
  void aCacheIsForFollowedModels() {
    assertThatThrownBy(
            () ->
                Predictor.of(Trip.FEATURES)
                    .serve("m", FallbackTest.packaged(1))
                    .cache(cache)
                    .build())
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("cache(...)");
  }
}
