package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class BatcherTest {

  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("x")), Output.regression("y"));

  private final ExecutorService threads = Executors.newCachedThreadPool();

  @AfterEach
  void stop() {
    threads.shutdownNow();
  }

  /** Gives its input, in batches; a negative row spoils its whole batch. */
  private static final class BatchModel implements Model {

    final List<Integer> batches = new ArrayList<>();
    final CountDownLatch released;
    final CountDownLatch begun = new CountDownLatch(1);

    BatchModel(CountDownLatch released) {
      this.released = released;
    }

    @Override
    public Signature signature() {
      return SIGNATURE;
    }

    @Override
    public void predict(double[] vector, double[] output) {
      output[0] = predictAll(vector, 1)[0];
    }

    @Override
    public synchronized double[] predictAll(double[] vectors, int rows) {
      batches.add(rows);
      begun.countDown();
      ShadowTest.await(released);
      if (Arrays.stream(vectors).anyMatch(x -> x < 0)) {
        throw new IllegalArgumentException("negative");
      }
      return Arrays.copyOf(vectors, rows);
    }

    @Override
    public boolean gainsFromBatches() {
      return true;
    }
  }

  private static double[] ask(Batcher batcher, double x) {
    batcher.enter();
    return batcher.predict(new double[] {x});
  }

  @Test
  void rowsThatComeDuringABatchAreTheNextOne() {
    BatchModel model = new BatchModel(new CountDownLatch(1));
    Batcher batcher = new Batcher(model, Batching.upTo(8, Duration.ZERO));
    AtomicInteger asked = new AtomicInteger();
    List<CompletableFuture<double[]>> answers = new ArrayList<>();
    answers.add(CompletableFuture.supplyAsync(() -> ask(batcher, 0), threads));
    ShadowTest.await(model.begun);
    for (int i = 1; i <= 12; i++) {
      int x = i;
      answers.add(
          CompletableFuture.supplyAsync(
              () -> {
                asked.incrementAndGet();
                return ask(batcher, x);
              },
              threads));
    }
    Fixture.await(() -> batcher.waiting() == 12);
    model.released.countDown();

    for (int i = 0; i <= 12; i++) {
      assertThat(answers.get(i).join()).containsExactly(i);
    }
    assertThat(model.batches).containsExactly(1, 8, 4);
  }

  @Test
  void aRowThatFailsFailsAloneAndEveryRowGetsExactlyOneAnswer() {
    BatchModel model = new BatchModel(new CountDownLatch(1));
    Batcher batcher = new Batcher(model, Batching.upTo(8, Duration.ZERO));
    CompletableFuture<double[]> first =
        CompletableFuture.supplyAsync(() -> ask(batcher, 7), threads);
    ShadowTest.await(model.begun);
    CompletableFuture<double[]> good =
        CompletableFuture.supplyAsync(() -> ask(batcher, 1), threads);
    CompletableFuture<double[]> bad =
        CompletableFuture.supplyAsync(() -> ask(batcher, -1), threads);
    Fixture.await(() -> batcher.waiting() == 2);
    model.released.countDown();

    assertThat(first.join()).containsExactly(7);
    assertThat(good.join()).containsExactly(1);
    assertThatThrownBy(bad::join)
        .isInstanceOf(CompletionException.class)
        .hasRootCauseMessage("negative");
    assertThat(batcher.waiting()).isZero();
  }

  /** With nobody else on the way, an hour's patience is not used. */
  @Test
  void aLoneRequestWaitsForNothing() {
    BatchModel model = new BatchModel(new CountDownLatch(0));
    Batcher batcher = new Batcher(model, Batching.upTo(8, Duration.ofSeconds(1)));
    for (int i = 0; i < 1_000; i++) {
      assertThat(ask(batcher, i)).containsExactly(i);
    }
    assertThat(model.batches).containsOnly(1);
  }

  @Test
  void aBatchWaitsForACallerOnItsWayAndNotForOneThatTurnedBack() {
    BatchModel model = new BatchModel(new CountDownLatch(0));
    Batcher batcher = new Batcher(model, Batching.upTo(8, Duration.ofSeconds(1)));
    batcher.enter();
    batcher.enter();
    CompletableFuture<double[]> one =
        CompletableFuture.supplyAsync(() -> batcher.predict(new double[] {1}), threads);
    Fixture.await(() -> batcher.waiting() == 1);
    assertThat(batcher.predict(new double[] {2})).containsExactly(2);
    assertThat(one.join()).containsExactly(1);
    assertThat(model.batches).containsExactly(2);

    batcher.enter();
    CompletableFuture<double[]> left =
        CompletableFuture.supplyAsync(() -> ask(batcher, 3), threads);
    Fixture.await(() -> batcher.waiting() == 1);
    batcher.leave();
    assertThat(left.join()).containsExactly(3);
  }

  @Test
  void manyThreadsGetTheirOwnAnswers() {
    BatchModel model = new BatchModel(new CountDownLatch(0));
    Batcher batcher = new Batcher(model, Batching.upTo(4, Duration.ofMillis(1)));
    AtomicLong wrong = new AtomicLong();
    List<CompletableFuture<Void>> running = new ArrayList<>();
    for (int t = 0; t < 8; t++) {
      int thread = t;
      running.add(
          CompletableFuture.runAsync(
              () -> {
                for (int i = 0; i < 500; i++) {
                  double x = thread * 1_000 + i;
                  if (ask(batcher, x)[0] != x) {
                    wrong.incrementAndGet();
                  }
                }
              },
              threads));
    }
    running.forEach(CompletableFuture::join);
    assertThat(wrong.get()).isZero();
    assertThat(model.batches.stream().mapToInt(Integer::intValue).sum()).isEqualTo(4_000);
    assertThat(model.batches).allMatch(rows -> rows >= 1 && rows <= 4);
  }

  @Test
  void settingsOutOfRangeAreRefused() {
    assertThatThrownBy(() -> Batching.upTo(1, Duration.ZERO)).hasMessageContaining("2 rows");
    assertThatThrownBy(() -> Batching.upTo(2, Duration.ofSeconds(2))).hasMessageContaining("PT2S");
    assertThatThrownBy(() -> Batching.upTo(2, Duration.ofMillis(-1)))
        .isInstanceOf(IllegalArgumentException.class);
  }
}
