package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class LedgerQueueTest {

  @Test
  void takesNoMoreThanItsCapacityAndKeepsTheOrder() {
    LedgerQueue queue = new LedgerQueue(3, 100);
    assertThat(List.of(queue.offer(1), queue.offer(2), queue.offer(3), queue.offer(4)))
        .containsExactly(true, true, true, false);

    List<Object> taken = new ArrayList<>();
    assertThat(queue.drainTo(taken, 2)).isEqualTo(2);
    assertThat(queue.remove(3)).isTrue();
    assertThat(queue.remove(3)).isFalse();
    assertThat(List.of(queue.offer(5), queue.offer(6), queue.offer(7), queue.offer(8)))
        .containsExactly(true, true, true, false);
    assertThat(queue.poll()).isEqualTo(5);
    assertThat(queue.offer(9)).isTrue();
    queue.drainTo(taken, 100);
    assertThat(taken).containsExactly(1, 2, 6, 7, 9);
  }

  @Test
  void waitsNoLongerThanStatedNorAfterAnInterrupt() throws InterruptedException {
    LedgerQueue queue = new LedgerQueue(1, 1);
    assertThat(queue.offer(1)).isTrue();

    assertThat(queue.offer(2, Duration.ZERO)).isFalse();
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> queue.offer(2, Duration.ofDays(1)))
        .isInstanceOf(InterruptedException.class);
  }

  @Test
  @Timeout(60)
  void soManyItemsWakeTheTaker() throws Exception {
    LedgerQueue queue = new LedgerQueue(100, 8);
    AtomicInteger offered = new AtomicInteger();
    AtomicInteger seen = new AtomicInteger();
    Thread taker =
        new Thread(
            () -> {
              int before = 0;
              // May also return for no reason; not that it does not return.
              while (before < 8) {
                LockSupport.park();
                before = offered.get();
              }
              seen.set(before);
            });
    queue.takenBy(taker);
    taker.start();
    for (int i = 1; i <= 8; i++) {
      offered.set(i);
      assertThat(queue.offer(i)).isTrue();
    }
    taker.join();
    assertThat(seen).hasValue(8);
  }

  @Test
  void losesNothingOfSeveralThreads() throws Exception {
    LedgerQueue queue = new LedgerQueue(64, 32);
    int each = 20_000;
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try {
      List<Future<Integer>> put = new ArrayList<>();
      for (int thread = 0; thread < 2; thread++) {
        int first = thread * each;
        put.add(
            threads.submit(
                () -> {
                  int taken = 0;
                  for (int i = 0; i < each; i++) {
                    taken += queue.offer(first + i) ? 1 : 0;
                  }
                  return taken;
                }));
      }
      List<Object> taken = new ArrayList<>();
      while (!put.stream().allMatch(Future::isDone)) {
        assertThat(queue.drainTo(taken, 128)).isLessThanOrEqualTo(128);
      }
      queue.drainTo(taken, 128);
      assertThat(taken).hasSize(put.get(0).get() + put.get(1).get()).doesNotHaveDuplicates();
      assertThat(queue.drainTo(new ArrayList<>(), 1)).isZero();
    } finally {
      threads.shutdownNow();
    }
  }
}
