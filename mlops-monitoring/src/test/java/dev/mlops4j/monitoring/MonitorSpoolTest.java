package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A monitor with a spool, and a ledger that is there. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class MonitorSpoolTest {

  private static final Instant LATER = TestData.SERVING.plus(TestData.WEEK.multipliedBy(10));

  @TempDir Path directory;

  private Workspace workspace;
  private Path spool;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(new Clock()).open();
    spool = directory.resolve("spool");
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Monitor<Object, Boolean> monitor(Path spool) {
    return Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).spool(spool).build();
  }

  private static List<String> recorded(Monitor<Object, Boolean> monitor) {
    List<String> rows = new ArrayList<>();
    monitor.predictions(
        Instant.EPOCH,
        LATER,
        row ->
            rows.add(
                row.id()
                    + " "
                    + row.askedAt()
                    + " "
                    + List.of(row.vector()[0], row.vector()[1], row.output()[0])
                    + row.outcome()
                    + row.arm()));
    return rows;
  }

  private static void serve(Monitor<Object, Boolean> monitor, String prefix, int rows) {
    Random random = new Random(rows);
    for (int i = 0; i < rows; i++) {
      TestData.Row row = TestData.row(random, TestData.SERVING, 5);
      monitor.predicted(row.prediction(prefix + i, 1));
      monitor.outcome(prefix + i, row.late());
      monitor.failed(prefix + "failed" + i, new IllegalStateException());
    }
  }

  @Test
  void theLedgerHoldsTheSameAsWithoutASpool() throws IOException {
    try (Workspace other = Workspace.at(directory.resolve("other")).clock(new Clock()).open();
        Monitor<Object, Boolean> without =
            Monitor.of(TestData.MODEL, TestData.LATE).in(other).build();
        Monitor<Object, Boolean> with = monitor(spool)) {
      serve(without, "p", 5_000);
      serve(with, "p", 5_000);
      without.flush();
      with.flush();
      assertThat(recorded(with)).hasSize(5_000).isEqualTo(recorded(without));
      assertThat(with.ledger().failures(0, Long.MAX_VALUE))
          .isEqualTo(without.ledger().failures(0, Long.MAX_VALUE));
      assertThat(with.spooledBytes()).isZero();
      assertThat(without.spooledBytes()).isZero();
      assertThat(with.droppedCount()).isZero();
    }
  }

  @Test
  void whatIsErasedDoesNotComeBackFromASpool() throws IOException {
    Spool left = Spool.open(spool, TestData.MODEL, 1 << 20);
    Prediction prediction = TestData.row(new Random(1), TestData.SERVING, 5).prediction("left", 1);
    left.write(List.of(LedgerEntry.Asked.of(prediction, 0, 0, null)));
    left.close();
    left.directory().release();
    try (Monitor<Object, Boolean> monitor = monitor(spool)) {
      serve(monitor, "p", 10);
      assertThat(monitor.erase(List.of("left", "p3"))).isEqualTo(2);
      try (Stream<Path> files = Files.walk(spool)) {
        assertThat(files.filter(file -> file.toString().endsWith(".spool"))).isEmpty();
      }
    }
    try (Monitor<Object, Boolean> next = monitor(spool)) {
      next.flush();
      assertThat(next.predictionCount()).isEqualTo(9);
    }
  }

  @Test
  void whatWasDeliveredBeforeACrashIsNotDeliveredAgain() throws IOException {
    Path crashed = directory.resolve("crashed");
    try (Monitor<Object, Boolean> monitor = monitor(spool)) {
      serve(monitor, "p", 10);
      while (monitor.predictionCount() < 10
          || monitor.spooledBytes() > 0
          || monitor.outcomesWithoutPrediction() > 0) {
        LockSupport.parkNanos(1_000_000);
      }
      try (Stream<Path> files = Files.walk(spool)) {
        for (Path file : files.toList()) {
          Files.copy(file, crashed.resolve(spool.relativize(file).toString()));
        }
      }
    }
    try (Monitor<Object, Boolean> other =
        Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).build()) {
      assertThat(other.erase(List.of("p1"))).isEqualTo(1);
    }
    try (Monitor<Object, Boolean> next = monitor(crashed)) {
      next.flush();
      assertThat(next.predictionCount()).isEqualTo(9);
    }
    try (Stream<Path> files = Files.walk(crashed)) {
      assertThat(files.filter(Files::isRegularFile)).isEmpty();
    }
  }

  @Test
  void aMonitorThatIsBuiltAfterACrashGoesOnWithWhatWaited() throws IOException {
    Spool left = Spool.open(spool, TestData.MODEL, 1 << 20);
    for (int i = 0; i < 100; i++) {
      Prediction prediction =
          TestData.row(new Random(i), TestData.SERVING, 5).prediction("p" + i, 1);
      left.write(
          List.of(
              LedgerEntry.Asked.of(prediction, i, i, null),
              new LedgerEntry.Known("p" + i, "1", i)));
    }
    left.close();
    left.directory().release();
    try (Monitor<Object, Boolean> monitor = monitor(spool)) {
      monitor.evaluate();
      assertThat(monitor.predictionCount()).isEqualTo(100);
      assertThat(monitor.outcomesWithoutPrediction()).isZero();
    }
  }

  @Test
  void aSpoolThatCannotBeMadeIsRefused() throws IOException {
    Path file = Files.createFile(directory.resolve("file"));

    assertThatThrownBy(() -> monitor(file.resolve("spool")))
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("spool(" + file.resolve("spool") + ") cannot be made")
        .hasMessageContaining("give a directory of a local disk");
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).spool(spool, 1_000).build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining(", 1000) is not accepted: at least 16777216 bytes");
    assertThat(spool).doesNotExist();
  }
}
