package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private Workspace workspace;
  private Monitor<Object, Boolean> monitor;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    monitor = Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).build();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static Prediction prediction(String id, Instant at, double... vector) {
    return new Prediction(
        id, TestData.MODEL, 1, at, TestData.SIGNATURE, vector, new double[] {0.25});
  }

  private List<RecordedPrediction<Boolean>> recorded() {
    List<RecordedPrediction<Boolean>> all = new ArrayList<>();
    monitor.predictions(Instant.EPOCH, Instant.parse("2100-01-01T00:00:00Z"), all::add);
    return all;
  }

  @Test
  void vectorsComeBackToTheBit() {
    double[] vector = {
      Double.longBitsToDouble(0x7ff8000000000123L),
      -0.0,
      Double.MIN_VALUE,
      Double.NEGATIVE_INFINITY,
      0.1 + 0.2
    };
    monitor.predicted(prediction("a", TestData.SERVING, vector));
    monitor.flush();
    double[] back = recorded().get(0).vector();
    assertThat(back).hasSameSizeAs(vector);
    for (int i = 0; i < back.length; i++) {
      assertThat(Double.doubleToRawLongBits(back[i]))
          .isEqualTo(Double.doubleToRawLongBits(vector[i]));
    }
  }

  @Test
  void whatIsFlushedSurvivesACloseAndIsThereInAnotherMonitor() {
    monitor.predicted(prediction("a", TestData.SERVING, 1, 2));
    monitor.outcome("a", true);
    monitor.flush();
    workspace.close();
    open();
    assertThat(monitor.predictionCount()).isEqualTo(1);
    assertThat(monitor.lastPredictionAt()).contains(TestData.SERVING);
    assertThat(recorded().get(0).outcome()).contains(true);
  }

  @Test
  void whatIsFlushedIsThereAfterACrash() throws IOException {
    for (int i = 0; i < 5000; i++) {
      monitor.predicted(prediction("p" + i, TestData.SERVING.plusSeconds(i), i, 0));
      monitor.outcome("p" + i, true);
    }
    monitor.flush();
    Path crashed = directory.resolve("crashed");
    try (Stream<Path> files = Files.walk(workspace.directory())) {
      for (Path file : files.toList()) {
        Files.copy(file, crashed.resolve(workspace.directory().relativize(file).toString()));
      }
    }
    try (Workspace copy = Workspace.at(crashed).clock(clock).open();
        Monitor<Object, Boolean> again =
            Monitor.of(TestData.MODEL, TestData.LATE).in(copy).build()) {
      assertThat(again.predictionCount()).isEqualTo(5000);
      assertThat(again.lastPredictionAt()).contains(TestData.SERVING.plusSeconds(4999));
      assertThat(again.outcomesWithoutPrediction()).isZero();
      again.predicted(prediction("p0", TestData.SERVING, 7, 0));
      again.flush();
      assertThat(again.predictionCount()).isEqualTo(5000);
    }
  }

  @Test
  void closingTheWorkspaceRecordsWhatWasHandedOver() {
    for (int i = 0; i < 1000; i++) {
      monitor.predicted(prediction("p" + i, TestData.SERVING.plusSeconds(i), i, 0));
    }
    workspace.close();
    open();
    assertThat(monitor.predictionCount()).isEqualTo(1000);
  }

  @Test
  void ofTwoPredictionsOfOneIdTheFirstWins() {
    monitor.predicted(prediction("a", TestData.SERVING, 1, 0));
    monitor.predicted(prediction("a", TestData.SERVING.plusSeconds(1), 2, 0));
    monitor.flush();
    monitor.predicted(prediction("a", TestData.SERVING.plusSeconds(2), 3, 0));
    monitor.flush();
    assertThat(recorded()).hasSize(1);
    assertThat(recorded().get(0).vector()).containsExactly(1, 0);
    assertThat(monitor.droppedCount()).isZero();
  }

  @Test
  void anOutcomeMayComeBeforeItsPrediction() {
    monitor.outcome("early", true);
    monitor.outcome("never", false);
    monitor.flush();
    assertThat(monitor.outcomesWithoutPrediction()).isEqualTo(2);
    monitor.predicted(prediction("early", TestData.SERVING, 1, 0));
    monitor.flush();
    assertThat(monitor.outcomesWithoutPrediction()).isEqualTo(1);
    assertThat(recorded().get(0).outcome()).contains(true);
  }

  @Test
  void ofSeveralOutcomesTheOneKnownLastCountsInWhateverOrderTheyCome() {
    monitor.predicted(prediction("a", TestData.SERVING, 1, 0));
    Instant first = TestData.SERVING.plusSeconds(60);
    Instant second = TestData.SERVING.plusSeconds(120);
    monitor.outcome("a", false, second);
    monitor.outcome("a", true, first);
    monitor.flush();
    assertThat(recorded().get(0).outcome()).contains(false);
    monitor.outcome("a", true, second);
    monitor.flush();
    assertThat(recorded().get(0).outcome()).contains(true);
    monitor.outcome("a", false, second);
    monitor.flush();
    assertThat(recorded().get(0).outcome())
        .as("the same statement again changes nothing")
        .contains(true);
  }

  @Test
  void everyCorrectionIsKeptAndARepetitionIsNot() {
    monitor.outcome("a", true, TestData.SERVING);
    monitor.outcome("a", true, TestData.SERVING);
    monitor.outcome("a", true, TestData.SERVING.plusSeconds(9));
    monitor.outcome("a", false, TestData.SERVING.plusSeconds(10));
    monitor.flush();
    long kept =
        workspace
            .database(Area.LEDGER)
            .read(tx -> tx.first("SELECT COUNT(*) FROM outcome", row -> row.getLong(1)))
            .orElseThrow();
    assertThat(kept).isEqualTo(2);
  }

  @Test
  void predictionsComeInTheOrderOfTheirTimeWithinTheInterval() {
    monitor.predicted(prediction("late", TestData.SERVING.plusSeconds(5), 1, 0));
    monitor.predicted(prediction("b", TestData.SERVING, 1, 0));
    monitor.predicted(prediction("a", TestData.SERVING, 1, 0));
    monitor.flush();
    List<String> ids = new ArrayList<>();
    monitor.predictions(
        TestData.SERVING, TestData.SERVING.plusSeconds(5), found -> ids.add(found.id()));
    assertThat(ids).containsExactly("a", "b");
  }

  @Test
  void hostilePredictionsAreDroppedAndCountedAndNeverThrow() {
    Instant at = TestData.SERVING;
    double[] vector = {1, 0};
    double[] output = {0.5};
    monitor.predicted(null);
    monitor.predicted(
        new Prediction(null, TestData.MODEL, 1, at, TestData.SIGNATURE, vector, output));
    monitor.predicted(new Prediction("a", null, 1, at, TestData.SIGNATURE, vector, output));
    monitor.predicted(new Prediction("b", "other", 1, at, TestData.SIGNATURE, vector, output));
    monitor.predicted(
        new Prediction("c", TestData.MODEL, 1, null, TestData.SIGNATURE, vector, output));
    monitor.predicted(prediction("d", Instant.MAX, 1, 0));
    monitor.predicted(prediction("e", Instant.MIN, 1, 0));
    monitor.predicted(new Prediction("f", TestData.MODEL, 1, at, TestData.SIGNATURE, null, output));
    monitor.predicted(new Prediction("g", TestData.MODEL, 1, at, TestData.SIGNATURE, vector, null));
    monitor.predicted(prediction("x".repeat(2000), at, 1, 0));
    Signature regression =
        new Signature(TestData.SIGNATURE.inputs(), Signature.Output.regression("rent"));
    monitor.predicted(new Prediction("h", TestData.MODEL, 1, at, regression, vector, output));
    monitor.flush();
    assertThat(monitor.droppedCount()).isEqualTo(11);
    monitor.predicted(prediction("\u0000'; DROP TABLE prediction; --\ud83d\ude00", at, 1, 0));
    monitor.predicted(prediction("", at));
    monitor.flush();
    assertThat(monitor.predictionCount()).isEqualTo(2);
  }

  @Test
  void afterCloseAPredictionIsDroppedAndAnOutcomeRefused() {
    monitor.close();
    monitor.close();
    monitor.predicted(prediction("a", TestData.SERVING, 1, 0));
    assertThat(monitor.droppedCount()).isEqualTo(1);
    assertThatThrownBy(() -> monitor.outcome("a", true))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("closed");
    monitor.flush();
  }

  @Test
  void outcomesThatCannotBeRecordedAreRefused() {
    assertThatThrownBy(() -> monitor.outcome("x".repeat(1025), true))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("at most 1024 bytes in UTF-8, found 1025");
    assertThatThrownBy(() -> monitor.outcome("a", true, Instant.MAX))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("years 1 to 9999");
    assertThatThrownBy(() -> monitor.outcome("a\udc00", true))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("the id of a prediction is no Unicode text");
    monitor.predicted(prediction("a\udc00", TestData.SERVING, 1, 0));
    monitor.flush();
    assertThat(monitor.droppedCount()).isEqualTo(1);
    assertThatThrownBy(() -> OutcomeText.of(Task.REGRESSION, Double.NaN))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("a finite number, found NaN");
  }

  @Test
  void whileTheWriterIsStuckPredictionsAreDroppedAndCounted() {
    CountDownLatch stuck = new CountDownLatch(1);
    CountDownLatch entered = new CountDownLatch(1);
    List<LedgerEntry> written = new ArrayList<>();
    Ledger ledger =
        new StubLedger() {
          @Override
          public void write(List<LedgerEntry> entries) {
            entered.countDown();
            awaitQuietly(stuck);
            written.addAll(entries);
          }
        };
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), "stuck");
    Monitor<Object, Boolean> slow =
        Monitor.of(TestData.MODEL, TestData.LATE)
            .in(workspace)
            .queueCapacity(5)
            .build(workspace, ledger, stored, TestData.references(TestData.byWeek(1)));
    slow.predicted(prediction("first", TestData.SERVING, 1, 0));
    awaitQuietly(entered);
    for (int i = 0; i < 20; i++) {
      slow.predicted(prediction("p" + i, TestData.SERVING, 1, 0));
    }
    assertThat(slow.droppedCount()).isEqualTo(15);
    Thread.currentThread().interrupt();
    assertThatThrownBy(() -> slow.outcome("first", true))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("interrupted while waiting for room");
    assertThat(Thread.interrupted()).isTrue();
    stuck.countDown();
    slow.flush();
    assertThat(written).hasSize(6);
    slow.close();
  }

  @Test
  void aLedgerThatFailsIsTriedAgainAndFlushSaysSo() {
    List<LedgerEntry> written = new ArrayList<>();
    Ledger ledger =
        new StubLedger() {
          private int failures = 1;

          @Override
          public void write(List<LedgerEntry> entries) {
            if (failures-- > 0) {
              throw new MonitoringException("the disk is full");
            }
            written.addAll(entries);
          }
        };
    try (LedgerWriter writer = new LedgerWriter(ledger, "failing", 10)) {
      writer.offer(new LedgerEntry.Known("a", "1", 0));
      Throwable failed = null;
      try {
        writer.flush(Duration.ofSeconds(60));
      } catch (MonitoringException e) {
        failed = e;
      }
      if (failed != null) {
        assertThat(failed).hasMessageContaining("the disk is full");
      }
      writer.flush(Duration.ofSeconds(60));
      assertThat(written).hasSize(1);
      assertThat(writer.dropped()).isZero();
    }
  }

  @Test
  void whatTheLedgerRefusesIsLeftOutAndTheRestIsWrittenInOrder() {
    List<String> written = new ArrayList<>();
    List<Integer> fails = new ArrayList<>(List.of(2, 5));
    Ledger ledger =
        new StubLedger() {
          private int calls;

          @Override
          public void write(List<LedgerEntry> entries) {
            if (fails.contains(++calls)) {
              throw new MonitoringException("the database is away");
            }
            List<String> ids =
                entries.stream()
                    .map(
                        entry ->
                            entry instanceof LedgerEntry.Known known
                                ? known.predictionId()
                                : ((LedgerEntry.Asked) entry).predictionId())
                    .toList();
            if (ids.stream().anyMatch(id -> id.startsWith("bad"))) {
              throw new MonitoringException("a value is out of range");
            }
            written.addAll(ids);
          }

          @Override
          public boolean isRefusal(Throwable failure) {
            return String.valueOf(failure.getMessage()).contains("out of range");
          }
        };
    LedgerWriter writer = new LedgerWriter(ledger, "refusing", 100);
    List<String> good = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      boolean bad = i == 3 || i == 4 || i == 19;
      String id = (bad ? "bad" : "good") + i;
      writer.put(new LedgerEntry.Known(id, "1", 0), Duration.ofSeconds(60));
      if (!bad) {
        good.add(id);
      }
    }
    writer.offer(LedgerEntry.Asked.of(prediction("bad", TestData.SERVING, 1, 0), 0, 0, null));
    writer.close();
    assertThat(written).isEqualTo(good);
    assertThat(writer.lostOutcomes()).isEqualTo(3);
    assertThat(writer.dropped()).isEqualTo(1);
  }

  @Test
  void anIdIsAsLongAsItsBytes() {
    String euros = "\u20ac".repeat(400);
    assertThatThrownBy(() -> monitor.outcome(euros, true))
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("at most 1024 bytes in UTF-8, found 1200");
    monitor.predicted(prediction(euros, TestData.SERVING, 1, 0));
    monitor.predicted(prediction("\u20ac".repeat(341), TestData.SERVING, 1, 0));
    monitor.flush();
    assertThat(monitor.predictionCount()).isEqualTo(1);
    assertThat(monitor.droppedCount()).isEqualTo(1);
  }

  @Test
  void afterCloseALedgerThatFailsIsTriedAgainUntilItTakesAll() {
    List<LedgerEntry> written = new ArrayList<>();
    CountDownLatch failed = new CountDownLatch(1);
    Ledger ledger =
        new StubLedger() {
          private int failures = 3;

          @Override
          public void write(List<LedgerEntry> entries) {
            failed.countDown();
            if (failures-- > 0) {
              throw new MonitoringException("the database is busy");
            }
            written.addAll(entries);
          }
        };
    LedgerWriter writer = new LedgerWriter(ledger, "busy", 10);
    writer.offer(new LedgerEntry.Known("a", "1", 0));
    awaitQuietly(failed);

    writer.close();

    assertThat(written).hasSize(1);
    assertThat(writer.lostOutcomes()).isZero();
  }

  @Test
  void closeSaysWhatIsLostOfALedgerThatCannotBeWritten() {
    Ledger ledger =
        new StubLedger() {
          @Override
          public void write(List<LedgerEntry> entries) {
            throw new MonitoringException("the disk is full");
          }
        };
    LedgerWriter writer = new LedgerWriter(ledger, "full", 10, Duration.ZERO);
    for (String id : List.of("a", "b", "c")) {
      assertThat(writer.put(new LedgerEntry.Known(id, "1", 0), Duration.ofSeconds(60))).isTrue();
    }
    Prediction prediction = prediction("a", TestData.SERVING, 1, 0);
    writer.offer(LedgerEntry.Asked.of(prediction, 0, 0, null));

    assertThatThrownBy(writer::close)
        .isInstanceOf(MonitoringException.class)
        .hasMessageContaining("3 outcomes and 1 predictions are lost")
        .hasMessageContaining("within PT0S of the close (the disk is full)")
        .hasMessageContaining("Record the outcomes again");

    assertThat(writer.lostOutcomes()).isEqualTo(3);
    assertThat(writer.dropped()).isEqualTo(1);
    writer.close();
  }

  @Test
  void aClosedMonitorIsNotHeldByItsWorkspace() {
    WeakReference<AutoCloseable> closed = closedMonitor();

    for (int i = 0; i < 100 && closed.get() != null; i++) {
      System.gc();
    }

    assertThat(closed.get()).isNull();
  }

  private WeakReference<AutoCloseable> closedMonitor() {
    Monitor<Object, Boolean> other = Monitor.of("other", TestData.LATE).in(workspace).build();
    other.close();
    return new WeakReference<>(other);
  }

  @Test
  void badSettingsAreRefusedAllAtOnce() {
    assertThatThrownBy(
            () ->
                Monitor.of(" ", TestData.LATE)
                    .window(Duration.ZERO)
                    .spans(0, 4)
                    .outcomeGrace(Duration.ofDays(-1))
                    .queueCapacity(0)
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(6)
                    .anyMatch(p -> p.contains("in(workspace) is missing"))
                    .anyMatch(p -> p.contains("window(PT0S)"))
                    .anyMatch(p -> p.contains("spans([0, 4])"))
                    .anyMatch(p -> p.contains("outcomeGrace(PT-24H)"))
                    .anyMatch(p -> p.contains("queueCapacity(0)"))
                    .anyMatch(p -> p.contains("name is blank")));
  }

  @Test
  void theReferenceComesFromThePackageInTheRegistry() {
    ModelPackage trained = TestData.modelPackage(TestData.byWeek(3));
    try (Run run = Tracking.in(workspace).start("parcels")) {
      Registry.in(workspace).register(TestData.MODEL, run.log(trained));
    }
    Random random = new Random(4);
    for (int i = 0; i < TestData.ROWS; i++) {
      monitor.predicted(TestData.row(random, TestData.SERVING, 5).prediction("p" + i, 1));
    }
    clock.set(TestData.SERVING.plus(TestData.WEEK));
    WindowReport report = monitor.evaluate().get(0);
    assertThat(report.version()).isEqualTo(1);
    assertThat(report.verdict("size").orElseThrow().status()).isEqualTo(Verdict.Status.ALERT);
    assertThat(report.toString()).contains("size", "ALERT", "values are", "outcomes not yet");
    assertThat(ReferenceCheck.of(trained, 1).get(0).verdicts()).isEqualTo(26 * 5);
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
