package dev.mlops4j.registry;

import static dev.mlops4j.registry.Fixture.MODEL;
import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntFunction;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConcurrentPromotionTest {

  private static final int THREADS = 8;
  private static final int ROUNDS = 20;

  @TempDir Path directory;
  private final ExecutorService executor = Executors.newFixedThreadPool(THREADS);
  private Fixture one;
  private Fixture two;

  @BeforeEach
  void open() {
    one = new Fixture(directory);
    two = new Fixture(directory, one.clock);
  }

  @AfterEach
  void close() {
    executor.shutdownNow();
    two.close();
    one.close();
  }

  @Test
  void ofEightPromotionsThatExpectTheSameExactlyOneWinsEachTime() throws Exception {
    List<ModelVersion> versions = new ArrayList<>();
    for (int i = 0; i <= THREADS; i++) {
      versions.add(one.version(i));
    }
    ModelVersion current = one.promote(versions.get(THREADS));
    for (int round = 0; round < ROUNDS; round++) {
      ModelVersion expected = current;
      List<ModelVersion> others = versions.stream().filter(v -> !v.isSameAs(expected)).toList();
      List<Boolean> won = together(thread -> () -> wins(thread, others.get(thread), expected));
      assertThat(won).containsOnlyOnce(true);
      current = one.registry.production(MODEL);
      assertThat(current).isNotNull();
      assertThat(current.isSameAs(others.get(won.indexOf(true)))).isTrue();
    }
    assertThat(one.registry.versions(MODEL))
        .filteredOn(v -> v.stage() == Stage.PRODUCTION)
        .hasSize(1);
    assertThat(one.registry.history(MODEL))
        .hasSize(1 + 2 * ROUNDS)
        .extracting(HistoryEntry::sequence)
        .isSorted()
        .doesNotHaveDuplicates();
  }

  @Test
  void promotionsThatExpectAnythingAllHappenOneAfterTheOther() throws Exception {
    List<ModelVersion> versions = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      versions.add(one.version(i));
    }
    together(
        thread ->
            () -> {
              (thread % 2 == 0 ? one : two).promote(versions.get(thread));
              return true;
            });
    assertThat(one.registry.history(MODEL)).hasSize(2 * THREADS - 1);
    assertThat(ServingHistory.of(one.registry.history(MODEL)).present())
        .isEqualTo(one.inProduction());
  }

  @Test
  void theSamePackageRegisteredByManyAtOnceIsOneVersion() throws Exception {
    List<Boolean> first =
        together(thread -> () -> (thread % 2 == 0 ? one : two).version(1).number() == 1);
    assertThat(first).containsOnly(true);
    assertThat(one.registry.versions(MODEL)).hasSize(1);
  }

  @Test
  void ofEightRollbacksThatExpectTheSameOneGoesBackAndBySoMuch() throws Exception {
    for (int i = 0; i < ROUNDS; i++) {
      one.promote(one.version(i));
    }
    for (int round = ROUNDS; round > 1; round--) {
      ModelVersion expected = one.registry.production(MODEL);
      List<Boolean> won = together(thread -> () -> rollsBack(thread, expected));
      assertThat(won).containsOnlyOnce(true);
      assertThat(one.inProduction()).isEqualTo(round - 1);
    }
  }

  private boolean wins(int thread, ModelVersion version, ModelVersion expected) {
    return wins(
        () ->
            (thread % 2 == 0 ? one : two)
                .registry
                .promote(version)
                .to(Stage.PRODUCTION)
                .expecting(expected)
                .because("race")
                .commit());
  }

  private boolean rollsBack(int thread, ModelVersion expected) {
    return wins(
        () ->
            (thread % 2 == 0 ? one : two)
                .registry
                .rollback(MODEL)
                .expecting(expected)
                .because("race")
                .commit());
  }

  private static boolean wins(Runnable change) {
    try {
      change.run();
      return true;
    } catch (StageConflictException e) {
      return false;
    }
  }

  private List<Boolean> together(IntFunction<Callable<Boolean>> work) throws Exception {
    CyclicBarrier barrier = new CyclicBarrier(THREADS);
    List<Future<Boolean>> futures = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      Callable<Boolean> one = work.apply(i);
      futures.add(
          executor.submit(
              () -> {
                barrier.await();
                return one.call();
              }));
    }
    List<Boolean> results = new ArrayList<>();
    for (Future<Boolean> future : futures) {
      results.add(future.get());
    }
    return results;
  }
}
