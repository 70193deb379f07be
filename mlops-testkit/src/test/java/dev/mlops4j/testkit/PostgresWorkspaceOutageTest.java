package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.zaxxer.hikari.HikariDataSource;
import dev.mlops4j.Digest;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Environment;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.MonitorBuilder;
import dev.mlops4j.monitoring.MonitoringException;
import dev.mlops4j.monitoring.Performance;
import dev.mlops4j.registry.HistoryEntry;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.storage.StorageException;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.UUID;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.postgresql.ds.PGSimpleDataSource;

/** Runs, promotions and predictions while the server is stopped, killed and started again. */
class PostgresWorkspaceOutageTest {

  private static final String MODEL = "late";
  private static final int WRITERS_OF_RUNS = 3;
  private static final int WRITERS = WRITERS_OF_RUNS + 1;
  private static final int POINTS = 3;
  private static final long POLL_NANOS = 1_000_000;
  private static final Instant PREDICTED = Instant.parse("2024-01-01T00:00:00Z");
  private static final Signature SIGNATURE =
      new Signature(List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late"));

  private final AtomicBoolean over = new AtomicBoolean();
  private final Queue<String> runs = new ConcurrentLinkedQueue<>();
  private final Queue<String> reasons = new ConcurrentLinkedQueue<>();
  private final Queue<Throwable> failures = new ConcurrentLinkedQueue<>();

  @TempDir Path directory;

  @Test
  void whatWasAcknowledgedIsThereAfterTheServerWasStoppedAndKilled() throws Exception {
    EmbeddedPostgres server = start(0);
    int port = server.getPort();
    try (HikariDataSource pool = pool(server, 500)) {
      try (Workspace workspace = workspace(pool)) {
        Tracking tracking = Tracking.in(workspace);
        Registry registry = Registry.in(workspace);
        ModelVersion version = registry.register(MODEL, stored(workspace));
        List<Thread> writers = new ArrayList<>();
        for (int i = 0; i < WRITERS_OF_RUNS; i++) {
          writers.add(new Thread(() -> write(() -> writeRun(tracking))));
        }
        writers.add(new Thread(() -> write(() -> promote(registry, version))));
        writers.forEach(Thread::start);
        awaitMore();
        server.close();
        awaitFailures();
        server = start(port);
        awaitMore();
        kill();
        awaitFailures();
        server.close();
        server = start(port);
        awaitMore();
        over.set(true);
        for (Thread writer : writers) {
          writer.join();
        }
        assertThat(failures)
            .allSatisfy(failure -> assertThat(failure).isInstanceOf(StorageException.class));
        requireAcknowledged(tracking, registry);
      }
      assertThat(pool.isClosed()).isFalse();
      assertThat(pool.getHikariPoolMXBean().getActiveConnections()).isZero();
    } finally {
      server.close();
    }
  }

  @Test
  void aWriteWaitsForTheServerAsLongAsThePoolDoes() throws Exception {
    EmbeddedPostgres server = start(0);
    int port = server.getPort();
    try (HikariDataSource pool = pool(server, 600_000);
        Workspace workspace = workspace(pool)) {
      Tracking tracking = Tracking.in(workspace);
      tracking.start("before").close();
      server.close();
      AtomicReference<String> id = new AtomicReference<>();
      Thread writer =
          new Thread(
              () -> {
                try (Run run = tracking.start("meanwhile")) {
                  id.set(run.id());
                }
              });
      writer.start();
      while (writer.getState() != Thread.State.TIMED_WAITING
          || pool.getHikariPoolMXBean().getTotalConnections() > 0) {
        LockSupport.parkNanos(POLL_NANOS);
      }
      server = start(port);
      writer.join();
      assertThat(tracking.run(id.get()).status()).isEqualTo(RunStatus.FINISHED);
    } finally {
      server.close();
    }
  }

  @Test
  void whatWasPredictedWhileTheServerWasAwayIsInTheLedgerWhenItIsBack() throws Exception {
    EmbeddedPostgres server = start(0);
    int port = server.getPort();
    try (HikariDataSource pool = pool(server, 500);
        Workspace workspace = workspace(pool)) {
      MonitorBuilder<Object, Boolean> settings =
          Monitor.of(MODEL, Target.<Object>binary("late", record -> null))
              .in(workspace)
              .spool(directory.resolve("spool"));
      try (Monitor<Object, Boolean> monitor = settings.build()) {
        predict(monitor, 0, 100);
        monitor.flush();
        server.close();
        predict(monitor, 100, 5_000);
        assertThatThrownBy(monitor::flush)
            .isInstanceOf(MonitoringException.class)
            .hasMessageContaining("the ledger could not be written");
        assertThat(monitor.spooledBytes()).isPositive();
        server = start(port);
        flush(monitor);
        assertThat(monitor.predictionCount()).isEqualTo(5_000);
        assertThat(monitor.outcomesWithoutPrediction()).isZero();
        assertThat(monitor.spooledBytes()).isZero();
        assertThat(monitor.droppedCount() + monitor.lostOutcomeCount()).isZero();
        Performance all =
            monitor.performance(PREDICTED, PREDICTED.plus(Duration.ofDays(1))).overall();
        assertThat(all.labelled()).isEqualTo(5_000);
      }
    } finally {
      server.close();
    }
  }

  private static void predict(Monitor<Object, Boolean> monitor, int from, int to) {
    for (int i = from; i < to; i++) {
      monitor.predicted(
          new Prediction(
              "p" + i,
              MODEL,
              1,
              PREDICTED.plusSeconds(i),
              SIGNATURE,
              new double[] {i},
              new double[] {0.25}));
      monitor.outcome("p" + i, i % 4 == 0);
    }
  }

  /** The last attempt before the server came back may be told as well. */
  private static void flush(Monitor<Object, Boolean> monitor) {
    while (true) {
      try {
        monitor.flush();
        return;
      } catch (MonitoringException e) {
        assertThat(e).hasMessageContaining("the ledger could not be written");
      }
    }
  }

  private void requireAcknowledged(Tracking tracking, Registry registry) {
    for (String id : runs) {
      RunRecord run = tracking.run(id);
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.params()).containsEntry("depth", "6");
      assertThat(run.metric("auc")).isEqualTo(POINTS - 1);
      assertThat(tracking.series(id, "auc")).hasSize(POINTS);
    }
    assertThat(registry.history(MODEL)).extracting(HistoryEntry::reason).containsAll(reasons);
  }

  private void writeRun(Tracking tracking) {
    Run run = tracking.start("outage");
    run.param("depth", 6);
    for (int step = 0; step < POINTS; step++) {
      run.metric("auc", step, step);
      untilItGoes(run::flush);
    }
    untilItGoes(run::close);
    runs.add(run.id());
  }

  /** What arrived without an answer is asked for again, as the background does. */
  private void untilItGoes(Runnable write) {
    while (true) {
      try {
        write.run();
        return;
      } catch (StorageException e) {
        failures.add(e);
      }
    }
  }

  private void promote(Registry registry, ModelVersion version) {
    String reason = UUID.randomUUID().toString();
    boolean up = registry.version(MODEL, version.number()).stage() != Stage.PRODUCTION;
    registry
        .promote(version)
        .to(up ? Stage.PRODUCTION : Stage.STAGING)
        .expectingAnything()
        .because(reason)
        .commit();
    reasons.add(reason);
  }

  private void write(Runnable turn) {
    while (!over.get()) {
      try {
        turn.run();
      } catch (Throwable e) {
        failures.add(e);
      }
    }
  }

  private void awaitMore() {
    int moreRuns = runs.size() + 30;
    int moreReasons = reasons.size() + 10;
    while (runs.size() < moreRuns || reasons.size() < moreReasons) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void awaitFailures() {
    int more = failures.size() + 2 * WRITERS;
    while (failures.size() < more) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  /** Ends the server's processes as a crash of its host would. */
  private void kill() throws IOException {
    long pid = Long.parseLong(Files.readAllLines(data().resolve("postmaster.pid")).get(0).strip());
    ProcessHandle server = ProcessHandle.of(pid).orElseThrow();
    List<ProcessHandle> all = new ArrayList<>(server.children().toList());
    all.add(server);
    all.forEach(ProcessHandle::destroyForcibly);
    while (all.stream().anyMatch(ProcessHandle::isAlive)) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private Path data() {
    return directory.resolve("data");
  }

  /** It tells a commit once it is in the log, as servers do unless they are set up for tests. */
  private EmbeddedPostgres start(int port) throws IOException {
    return PostgresServer.builder()
        .setServerConfig("synchronous_commit", "on")
        .setPort(port)
        .setDataDirectory(data())
        .setCleanDataDirectory(false)
        .start();
  }

  private static HikariDataSource pool(EmbeddedPostgres server, long millis) {
    PGSimpleDataSource source = new PGSimpleDataSource();
    source.setURL(server.getJdbcUrl("postgres", "postgres"));
    return PostgresServer.pool(source, config -> config.setConnectionTimeout(millis));
  }

  private Workspace workspace(HikariDataSource pool) {
    return Workspace.at(directory.resolve("workspace"))
        .database(PostgresServer.database(pool, "outage"))
        .open();
  }

  private static StoredPackage stored(Workspace workspace) {
    Digest tree = workspace.artifacts().putTree(Map.of("model.txt", new byte[] {1}));
    return new StoredPackage(
        tree,
        new Manifest(
            Manifest.FORMAT_VERSION,
            "constant",
            SIGNATURE,
            "outage",
            null,
            List.of(),
            null,
            Environment.current()));
  }
}
