package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.registry.ModelVersion;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SwapUnderLoadTest {

  private static final int THREADS = 2;
  private static final int ROUNDS = 50;
  private static final int SOAK_ROUNDS = 500;
  private static final long MOST_MORE_FILES = 5;
  private static final long MOST_MORE_BYTES = 16 << 20;

  @TempDir Path directory;

  @Test
  void aHundredPromotionsAndRollbacksWhileTwoThreadsPredictLoseAndMixNothing() {
    swapUnderLoad(ROUNDS);
  }

  @Test
  @Tag("soak")
  void aThousandPromotionsAndRollbacksLeaveHeapAndFilesAsTheyWere() throws IOException {
    swapUnderLoad(ROUNDS);
    long files = openFiles();
    long heap = heap();

    swapUnderLoad(SOAK_ROUNDS);

    System.out.println(
        "files " + files + " -> " + openFiles() + ", heap bytes " + heap + " -> " + heap());
    assertThat(openFiles()).isLessThanOrEqualTo(files + MOST_MORE_FILES);
    assertThat(heap()).isLessThan(heap + MOST_MORE_BYTES);
  }

  private static long openFiles() throws IOException {
    try (Stream<Path> open = Files.list(Path.of("/proc/self/fd"))) {
      return open.count();
    }
  }

  private static long heap() {
    System.gc();
    return Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory();
  }

  private void swapUnderLoad(int rounds) {
    try (Fixture fixture =
        new Fixture(directory.resolve("workspace-" + rounds + "-" + System.nanoTime()))) {
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
        for (int round = 0; round < rounds; round++) {
          fixture.promote(versions.get(1 + round % 4));
          predictor.refresh();
          awaitOneEach(answered, running);
          fixture.registry.rollback(Fixture.MODEL, "a test");
          predictor.refresh();
          awaitOneEach(answered, running);
        }
        done.set(true);
        running.forEach(CompletableFuture::join);
        assertThat(predictor.state().swaps()).isEqualTo(2L * rounds);
      } finally {
        threads.shutdownNow();
      }
      assertThat(fixture.loader.loaded)
          .hasSize(2 * rounds + 1)
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
