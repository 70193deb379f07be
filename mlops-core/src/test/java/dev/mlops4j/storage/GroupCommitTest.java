package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GroupCommitTest {

  @TempDir Path directory;
  private Database database;
  private final CountDownLatch held = new CountDownLatch(1);
  private final CountDownLatch letGo = new CountDownLatch(1);

  @BeforeEach
  void open() {
    database = Database.sqlite(directory.resolve("t.db"), Durability.FULL);
    database.write(tx -> tx.update("CREATE TABLE t (x INTEGER, filler BLOB)"));
  }

  @AfterEach
  void close() {
    database.close();
  }

  @Test
  void writersThatWaitAreAllStored() throws Exception {
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    writers.add(holdTheDatabaseAndInsert(0));
    for (int i = 1; i < 5; i++) {
      writers.add(queue(insert(i)));
    }
    letGo.countDown();

    for (CompletableFuture<Void> writer : writers) {
      writer.get();
    }
    assertThat(stored()).containsExactly(0, 1, 2, 3, 4);
  }

  @Test
  void aFailureTakesBackItsOwnWorkAlone() throws Exception {
    CompletableFuture<Void> first = holdTheDatabaseAndInsert(0);
    CompletableFuture<Void> failing =
        queue(
            tx -> {
              insert(1).run(tx);
              throw new IllegalArgumentException("no");
            });
    CompletableFuture<Void> last = queue(insert(2));
    letGo.countDown();

    first.get();
    last.get();
    assertThatThrownBy(failing::join)
        .isInstanceOf(CompletionException.class)
        .hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(stored()).containsExactly(0, 2);
  }

  @Test
  void theLastInTheQueueFailingDoesNotLeaveTheOthersWaiting() throws Exception {
    CompletableFuture<Void> first = holdTheDatabaseAndInsert(0);
    CompletableFuture<Void> failing =
        queue(
            tx -> {
              throw new IllegalArgumentException("no");
            });
    letGo.countDown();

    first.get();
    assertThatThrownBy(failing::join).hasCauseInstanceOf(IllegalArgumentException.class);
    assertThat(stored()).containsExactly(0);
  }

  @Test
  void aFullDiskFailsAllWhoseWorkItTookBackAndNoneThatComeLater() throws Exception {
    database.write(tx -> tx.first("PRAGMA max_page_count = 20", row -> row.getInt(1)));
    CompletableFuture<Void> first = holdTheDatabaseAndInsert(0);
    CompletableFuture<Void> large =
        queue(tx -> tx.update("INSERT INTO t (x, filler) VALUES (1, ?)", new byte[1 << 20]));
    letGo.countDown();

    assertThatThrownBy(large::join).hasCauseInstanceOf(StorageFullException.class);
    boolean firstStored = first.handle((nothing, failure) -> failure == null).get();
    assertThat(stored()).isEqualTo(firstStored ? List.of(0) : List.of());

    database.write(insert(2));
    assertThat(stored()).contains(2);
  }

  @Test
  void manyWritersAtOnceLoseNothing() {
    letGo.countDown();
    List<CompletableFuture<Void>> writers = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      int base = i * 100;
      writers.add(
          CompletableFuture.runAsync(
              () -> {
                for (int j = 0; j < 100; j++) {
                  database.write(insert(base + j));
                }
              },
              task -> new Thread(task).start()));
    }

    writers.forEach(CompletableFuture::join);

    assertThat(stored()).isEqualTo(IntStream.range(0, 800).boxed().toList());
  }

  @Test
  void aCloseWaitsForTheWriterAndWhatItWroteIsStored() throws Exception {
    CompletableFuture<Void> first = holdTheDatabaseAndInsert(0);
    Thread closing = new Thread(database::close);
    closing.start();
    awaitWaiting(closing);
    letGo.countDown();

    first.get();
    closing.join();
    open2();
    assertThat(stored()).containsExactly(0);
  }

  private void open2() {
    database = Database.sqlite(directory.resolve("t.db"), Durability.FULL);
  }

  private CompletableFuture<Void> holdTheDatabaseAndInsert(int x) throws InterruptedException {
    CompletableFuture<Void> done =
        CompletableFuture.runAsync(
            () ->
                database.write(
                    tx -> {
                      held.countDown();
                      await(letGo);
                      return insert(x).run(tx);
                    }),
            task -> new Thread(task).start());
    held.await();
    return done;
  }

  /** Starts a writer and returns when it stands in the queue. */
  private CompletableFuture<Void> queue(Database.Work<?> work) {
    CompletableFuture<Void> done = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                database.write(work);
                done.complete(null);
              } catch (RuntimeException e) {
                done.completeExceptionally(e);
              }
            });
    thread.start();
    awaitWaiting(thread);
    return done;
  }

  private static void awaitWaiting(Thread thread) {
    while (thread.getState() != Thread.State.WAITING) {
      Thread.onSpinWait();
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(1, TimeUnit.MINUTES)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Database.Work<Integer> insert(int x) {
    return tx -> tx.update("INSERT INTO t (x) VALUES (?)", x);
  }

  private List<Integer> stored() {
    return database.read(tx -> tx.query("SELECT x FROM t ORDER BY x", row -> row.getInt(1)));
  }
}
