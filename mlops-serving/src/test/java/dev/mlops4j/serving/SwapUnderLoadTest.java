package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.registry.ModelVersion;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapUnderLoadTest {

  private static final int THREADS = 2;
  private static final int ROUNDS = 50;

  @TempDir Path directory;

  @Test
  void aHundredPromotionsAndRollbacksWhileTwoThreadsPredictLoseAndMixNothing() {
    try (Fixture fixture = new Fixture(directory.resolve("workspace"))) {
      List<ModelVersion> versions = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        versions.add(fixture.version());
      }
      fixture.promote(versions.get(0));
      ExecutorService threads = Executors.newFixedThreadPool(THREADS);
      try (Predictor<Trip> predictor = fixture.follower().build()) {
        AtomicBoolean done = new AtomicBoolean();
        AtomicLong[] answered = {new AtomicLong(), new AtomicLong()};
        List<CompletableFuture<Void>> running = new ArrayList<>();
        for (AtomicLong count : answered) {
          running.add(CompletableFuture.runAsync(() -> predict(predictor, done, count), threads));
        }
        for (int round = 0; round < ROUNDS; round++) {
          fixture.promote(versions.get(1 + round % 4));
          predictor.refresh();
          awaitOneEach(answered, running);
          fixture.registry.rollback(Fixture.MODEL, "a test");
          predictor.refresh();
          awaitOneEach(answered, running);
        }
        done.set(true);
        running.forEach(CompletableFuture::join);
        assertThat(predictor.state().swaps()).isEqualTo(2 * ROUNDS);
      } finally {
        threads.shutdownNow();
      }
      assertThat(fixture.loader.loaded)
          .hasSize(2 * ROUNDS + 1)
          .allMatch(model -> model.closes() == 1);
      assertThat(fixture.registry.followers(Fixture.MODEL)).isEmpty();
      Fixture.await(() -> !Fixture.hasThread("mlops4j-predictor-" + Fixture.MODEL));
    }
  }

  private static void predict(Predictor<Trip> predictor, AtomicBoolean done, AtomicLong count) {
    while (!done.get()) {
      Prediction prediction = predictor.predict(Trip.ANY);
      assertThat(prediction.value()).isEqualTo(prediction.version());
      count.incrementAndGet();
    }
  }

  private static void awaitOneEach(AtomicLong[] answered, List<CompletableFuture<Void>> running) {
    for (int i = 0; i < answered.length; i++) {
      AtomicLong count = answered[i];
      CompletableFuture<Void> thread = running.get(i);
      long before = count.get();
      Fixture.await(() -> count.get() > before || thread.isCompletedExceptionally());
    }
  }
}
