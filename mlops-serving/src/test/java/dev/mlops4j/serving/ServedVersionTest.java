package dev.mlops4j.serving;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Signature;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class ServedVersionTest {

  private static final Signature SIGNATURE = Trip.training(Trip.FEATURES).signature();

  private final NumberModel model = new NumberModel(SIGNATURE, 1, () -> {});
  private final ServedVersion<Trip> version = served(model);

  @Test
  void oneThatWasRetiredIsClosedOnceHoweverManyComeTooLate() {
    version.retire();
    assertThat(version.acquire()).isFalse();
    assertThat(version.acquire()).isFalse();

    assertThat(model.closes()).isEqualTo(1);
  }

  @Test
  void theLastPredictionClosesIt() {
    assertThat(version.acquire()).isTrue();
    assertThat(version.acquire()).isTrue();
    version.retire();
    assertThat(version.acquire()).isFalse();
    version.release();
    assertThat(model.closes()).isZero();

    version.release();

    assertThat(model.closes()).isEqualTo(1);
  }

  @Test
  void threadsThatComeAndGoWhileItIsRetiredSeeItOpenUntilTheLastOneLeaves() {
    ExecutorService threads = Executors.newFixedThreadPool(3);
    try {
      for (int i = 0; i < 2_000; i++) {
        retireUnderUse(threads);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  private static void retireUnderUse(ExecutorService threads) {
    NumberModel model = new NumberModel(SIGNATURE, 1, () -> {});
    ServedVersion<Trip> version = served(model);
    AtomicBoolean seenClosed = new AtomicBoolean();
    List<CompletableFuture<Void>> users = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      users.add(
          CompletableFuture.runAsync(
              () -> {
                while (version.acquire()) {
                  if (model.closes() > 0) {
                    seenClosed.set(true);
                  }
                  version.release();
                }
              },
              threads));
    }
    version.retire();
    users.forEach(CompletableFuture::join);
    assertThat(seenClosed).isFalse();
    assertThat(model.closes()).isEqualTo(1);
  }

  private static ServedVersion<Trip> served(NumberModel model) {
    return Fixture.served(model);
  }
}
