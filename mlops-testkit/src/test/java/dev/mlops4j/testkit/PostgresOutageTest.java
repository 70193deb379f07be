package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.StorageException;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** What happens when the server goes away under load, and comes back. */
class PostgresOutageTest {

  private static final int WRITERS = 4;
  private static final List<Migration> STEPS =
      List.of(Migration.of(1, "CREATE TABLE note (id BIGINT PRIMARY KEY, half BIGINT NOT NULL)"));

  private final AtomicLong ids = new AtomicLong();
  private final AtomicBoolean over = new AtomicBoolean();
  private final Queue<Long> acknowledged = new ConcurrentLinkedQueue<>();
  private final Queue<Long> unknown = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedIsThereAndWhatFailedSaysSoAndNoConnectionLeaks() throws Exception {
    EmbeddedPostgres server = start(0);
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.getJdbcUrl("postgres", "postgres"));
    try (HikariDataSource pool =
        PostgresServer.pool(source, config -> config.setConnectionTimeout(500))) {
      Database database = PostgresServer.database(pool, "outage").withSchema("notes", STEPS);
      database.write(tx -> 0);
      List<Thread> writers = new ArrayList<>();
      for (int i = 0; i < WRITERS; i++) {
        Thread writer = new Thread(() -> write(database));
        writer.start();
        writers.add(writer);
      }
      for (int round = 0; round < 10; round++) {
        awaitMore(30);
        terminateEverybody(source);
      }
      awaitMore(100);
      int failedBefore = failures.size();
      int port = server.getPort();
      server.close();
      while (failures.size() < failedBefore + 2 * WRITERS) {
        LockSupport.parkNanos(1_000_000);
      }
      server = start(port);
      awaitMore(100);
      over.set(true);
      for (Thread writer : writers) {
        writer.join();
      }

      assertThat(failures)
          .isNotEmpty()
          .allSatisfy(
              failure ->
                  assertThat(failure)
                      .isInstanceOf(StorageException.class)
                      .message()
                      .containsAnyOf("the connection was lost", "others held it"));
      Set<Long> halves =
          new HashSet<>(
              database.read(
                  tx -> tx.query("SELECT id FROM note WHERE half = 1", row -> row.getLong(1))));
      Set<Long> wholes =
          new HashSet<>(
              database.read(
                  tx -> tx.query("SELECT -id FROM note WHERE half = 2", row -> row.getLong(1))));
      assertThat(halves).isEqualTo(wholes).containsAll(acknowledged);
      Set<Long> unasked = new HashSet<>(halves);
      unasked.removeAll(acknowledged);
      assertThat(unknown).containsAll(unasked);
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    } finally {
      server.close();
    }
  }

  private void write(Database database) {
    while (!over.get()) {
      long id = ids.incrementAndGet();
      try {
        database.write(
            tx ->
                tx.update("INSERT INTO note (id, half) VALUES (?, 1)", id)
                    + tx.update("INSERT INTO note (id, half) VALUES (?, 2)", -id));
        acknowledged.add(id);
      } catch (StorageException e) {
        failures.add(e);
        if (e.getMessage().contains("cannot say whether")) {
          unknown.add(id);
        }
      } catch (Throwable e) {
        failures.add(e);
      }
    }
  }

  private void awaitMore(int writes) {
    int goal = acknowledged.size() + writes;
    while (acknowledged.size() < goal) {
      LockSupport.parkNanos(1_000_000);
    }
  }

  private static void terminateEverybody(PGSimpleDataSource source) throws Exception {
    try (Connection connection = source.getConnection();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
              + " WHERE pid <> pg_backend_pid() AND backend_type = 'client backend'");
    }
  }

  private EmbeddedPostgres start(int port) throws Exception {
    return PostgresServer.builder()
        .setPort(port)
        .setDataDirectory(directory.resolve("data"))
        .setCleanDataDirectory(false)
        .start();
  }
}
