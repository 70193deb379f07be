package dev.mlops4j.storage;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes, and many threads in each, on one file. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ProcessesTest {

  private static final List<Migration> STEPS =
      List.of(
          Migration.of(
              1,
              "CREATE TABLE counter (n INTEGER NOT NULL)",
              "INSERT INTO counter (n) VALUES (0)"));
  private static final int THREADS = 4;
  private static final int WRITES = 100;

  @TempDir Path directory;

  @Test
  void processesThatMakeMigrateAndWriteOneFileAtOnceLoseNothing() throws Exception {
    Path file = directory.resolve("t.db");
    List<Process> children = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      children.add(child("count", file));
    }

    try (Database database = open(file)) {
      countUp(database);

      for (Process child : children) {
        assertThat(child.waitFor()).isZero();
      }
      assertThat(value(database)).isEqualTo(3 * THREADS * WRITES);
    }
  }

  @Test
  void aProcessThatDiesInATransactionLeavesNothingOfIt() throws Exception {
    Path file = directory.resolve("t.db");
    Process child = child("hang", file);
    try (BufferedReader out = child.inputReader(StandardCharsets.UTF_8)) {
      assertThat(out.readLine()).isEqualTo("written");
      child.destroyForcibly().waitFor();
    }

    try (Database database = open(file)) {
      assertThat(value(database)).isEqualTo(1);
      countUp(database);
      assertThat(value(database)).isEqualTo(1 + THREADS * WRITES);
    }
  }

  /** The child's program. */
  public static void main(String[] args) throws IOException {
    try (Database database = open(Path.of(args[1]))) {
      if (args[0].equals("count")) {
        countUp(database);
        return;
      }
      increment(database);
      database.write(
          tx -> {
            tx.update("UPDATE counter SET n = n + 1000");
            System.out.println("written");
            awaitDeath();
            return 0;
          });
    }
  }

  private static void awaitDeath() {
    try {
      assertThat(System.in.read()).isNegative();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private static Process child(String what, Path file) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx64m",
            "-cp",
            System.getProperty("java.class.path"),
            ProcessesTest.class.getName(),
            what,
            file.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static Database open(Path file) {
    return Database.sqlite(file, Durability.NORMAL).withSchema("counter", STEPS);
  }

  private static void countUp(Database database) {
    List<CompletableFuture<Void>> threads = new ArrayList<>();
    for (int i = 0; i < THREADS; i++) {
      threads.add(
          CompletableFuture.runAsync(
              () -> {
                for (int j = 0; j < WRITES; j++) {
                  increment(database);
                }
              },
              task -> new Thread(task).start()));
    }
    threads.forEach(CompletableFuture::join);
  }

  private static void increment(Database database) {
    int before = value(database);
    int after =
        database.write(
            tx -> {
              int n = read(tx);
              tx.update("UPDATE counter SET n = ?", n + 1);
              return n + 1;
            });
    assertThat(after).isGreaterThan(before);
    assertThat(value(database)).isGreaterThanOrEqualTo(after);
  }

  private static int value(Database database) {
    return database.read(ProcessesTest::read);
  }

  private static int read(Transaction tx) throws java.sql.SQLException {
    return tx.first("SELECT n FROM counter", row -> row.getInt(1)).orElseThrow();
  }
}
