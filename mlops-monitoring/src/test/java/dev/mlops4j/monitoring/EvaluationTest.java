package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EvaluationTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private final Random random = new Random(11);
  private final List<String> delivered = new ArrayList<>();
  private final List<String> heardByTheOther = new ArrayList<>();
  private boolean sinkFails;
  private Workspace workspace;
  private Monitor<Object, Boolean> monitor;
  private int ids;

  @BeforeEach
  void open() {
    open(TestData.references(TestData.byWeek(7)));
  }

  private void open(References references) {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    monitor =
        Monitor.of(TestData.MODEL, TestData.LATE)
            .in(workspace)
            .spans(1, 4)
            .alertTo(
                new AlertSink() {
                  @Override
                  public void alert(Alert alert) {
                    if (sinkFails) {
                      throw new IllegalStateException("the pager is out of order");
                    }
                    delivered.add(alert.column() + " " + alert.repeats());
                  }

                  @Override
                  public void repeated(Alert alert) {
                    delivered.add("repeated " + alert.column() + " " + alert.repeats());
                  }
                })
            .alertTo(alert -> heardByTheOther.add(alert.column() + " " + alert.repeats()))
            .build(workspace, new JdbcLedger(stored), stored, references);
    workspace.onClose(monitor);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static Instant week(int number) {
    return TestData.SERVING.plus(TestData.WEEK.multipliedBy(number));
  }

  /** When the week's outcomes are due. */
  private static Instant dueOf(int week) {
    return week(week + 1).plusSeconds(24 * 3600);
  }

  private void serve(int week, double level, int rows) {
    serve(week, level, rows, 1);
  }

  private void serve(int week, double level, int rows, int version) {
    for (int i = 0; i < rows; i++) {
      TestData.Row row = TestData.row(random, week(week), level);
      String id = "p" + ids++;
      monitor.predicted(row.prediction(id, version));
      monitor.outcome(id, row.late(), row.at());
    }
    // So that the week counts as watched from its beginning.
    TestData.Row first = new TestData.Row(week(week), level, 0, 0.25, false);
    monitor.predicted(first.prediction("first" + ids++, version));
  }

  private List<WindowReport> evaluateAt(Instant now) {
    clock.set(now);
    return monitor.evaluate();
  }

  private static Verdict verdict(WindowReport report, String column) {
    return report.verdict(column).orElseThrow();
  }

  @Test
  void anOrdinaryWeekIsQuietAndADriftedOneAlerts() {
    serve(0, 0, TestData.ROWS);
    serve(1, 3, TestData.ROWS);
    List<WindowReport> reports = evaluateAt(dueOf(1));
    assertThat(reports).hasSize(2).allMatch(WindowReport::outcomesIn);
    assertThat(reports.get(0).alerts()).isEmpty();
    assertThat(reports.get(0).verdicts()).hasSize(5);
    Verdict size = verdict(reports.get(1), "size");
    assertThat(size.status()).isEqualTo(Verdict.Status.ALERT);
    assertThat(size.aspect()).isIn(Aspect.POSITION, Aspect.SPREAD);
    assertThat(size.effect()).isGreaterThan(0.3);
    assertThat(size.words()).startsWith("values are");
    assertThat(size.windowRows()).isEqualTo(TestData.ROWS + 1);
    assertThat(reports.get(1).alerts()).containsExactly(size);
    assertThat(delivered).containsExactly("size 0");
  }

  @Test
  void nothingIsEvaluatedTwiceNorBeforeItsTime() {
    serve(0, 0, TestData.ROWS);
    assertThat(evaluateAt(week(1).minusSeconds(1))).isEmpty();
    List<WindowReport> first = evaluateAt(week(1));
    assertThat(first).hasSize(1);
    assertThat(first.get(0).outcomesIn()).isFalse();
    assertThat(first.get(0).verdicts()).hasSize(3);
    assertThat(evaluateAt(week(1).plusSeconds(3600))).isEmpty();
    List<WindowReport> second = evaluateAt(week(1).plusSeconds(24 * 3600));
    assertThat(second).hasSize(1);
    assertThat(second.get(0).outcomesIn()).isTrue();
    assertThat(second.get(0).verdicts()).hasSize(5);
    assertThat(evaluateAt(week(1).plusSeconds(24 * 3600))).isEmpty();
    assertThat(evaluateAt(week(0))).as("the clock went backwards").isEmpty();
    assertThat(evaluateAt(week(1).plusSeconds(48 * 3600))).isEmpty();
  }

  @Test
  void whatAlertsWithoutOutcomesAlertsWithThem() {
    serve(0, 3, TestData.ROWS);
    assertThat(evaluateAt(week(1)).get(0).alerts()).hasSize(1);
    assertThat(evaluateAt(dueOf(0)).get(0).alerts()).isNotEmpty();
    assertThat(delivered).as("one alert of one window").containsExactly("size 0");
  }

  @Test
  void aColumnThatAlertsAgainIsOneAlertThatGoesOn() {
    for (int week = 0; week < 3; week++) {
      serve(week, 3, TestData.ROWS);
      evaluateAt(week(week + 1).plusSeconds(24 * 3600));
    }
    assertThat(delivered).containsExactly("size 0", "repeated size 1", "repeated size 2");
    Alert alert = monitor.alerts().get(0);
    assertThat(monitor.alerts()).hasSize(1);
    assertThat(alert.repeated()).isTrue();
    assertThat(alert.firstEnd()).isEqualTo(week(1));
    assertThat(alert.end()).isEqualTo(week(3));
    assertThat(alert.kind()).isEqualTo(AlertKind.FEATURE_DRIFT);
    assertThat(alert.versions()).containsExactly(1);
    assertThat(alert.toString()).contains("parcels version 1", "size", "repeated 2 times");
    for (int week = 3; week < 8; week++) {
      serve(week, 0, TestData.ROWS);
    }
    serve(8, 3, TestData.ROWS);
    evaluateAt(dueOf(8));
    assertThat(monitor.alerts()).as("after quiet weeks it is another alert").hasSize(2);
  }

  @Test
  void aRestartNeitherRepeatsNorLosesAnAlert() {
    serve(0, 3, TestData.ROWS);
    sinkFails = true;
    evaluateAt(dueOf(0));
    assertThat(delivered).isEmpty();
    workspace.close();
    sinkFails = false;
    open();
    assertThat(evaluateAt(dueOf(0))).isEmpty();
    assertThat(delivered).containsExactly("size 0");
    workspace.close();
    open();
    evaluateAt(dueOf(0));
    assertThat(delivered).containsExactly("size 0");
  }

  @Test
  void aFailureOfOneSinkReachesNobodyElse() {
    sinkFails = true;
    serve(0, 3, TestData.ROWS);
    assertThat(evaluateAt(dueOf(0))).hasSize(1);
    assertThat(heardByTheOther).containsExactly("size 0");
  }

  @Test
  void anAlertThatOneSinkRefusedIsDeliveredToItAgainAndToNobodyElse() {
    sinkFails = true;
    serve(0, 3, TestData.ROWS);
    evaluateAt(dueOf(0));
    sinkFails = false;
    evaluateAt(dueOf(0));
    evaluateAt(dueOf(0));
    assertThat(delivered).containsExactly("size 0");
    assertThat(heardByTheOther).containsExactly("size 0");
  }

  @Test
  void tooFewRowsAreNotEnoughData() {
    serve(0, 3, 20);
    WindowReport report = evaluateAt(dueOf(0)).get(0);
    assertThat(report.verdicts())
        .allMatch(v -> v.status() == Verdict.Status.NOT_ENOUGH_DATA)
        .allMatch(v -> v.words().contains("fewer than 30 rows"));
  }

  @Test
  void aWindowWithoutPredictionsSaysSoAndSilenceEnds() {
    serve(0, 0, TestData.ROWS);
    List<WindowReport> reports = evaluateAt(week(52));
    assertThat(reports).hasSizeLessThan(8);
    WindowReport empty = reports.get(1);
    assertThat(empty.start()).isEqualTo(week(1));
    assertThat(empty.performance().rows()).isZero();
    assertThat(empty.verdicts()).allMatch(v -> v.status() == Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(empty.performance().coverage()).isNaN();
    serve(50, 0, TestData.ROWS);
    assertThat(evaluateAt(week(52))).extracting(WindowReport::start).contains(week(50));
  }

  @Test
  void aWindowThatWasNotWatchedFromItsBeginningIsNotEvaluated() {
    for (int i = 0; i < TestData.ROWS; i++) {
      Instant at = week(0).plusSeconds(3 * 24 * 3600 + i);
      monitor.predicted(new TestData.Row(at, 9, 0, 0.2, false).prediction("p" + ids++, 1));
    }
    serve(1, 0, TestData.ROWS);
    assertThat(evaluateAt(dueOf(1))).extracting(WindowReport::start).containsOnly(week(1));
  }

  @Test
  void performanceIsThatOfTheLabelledPredictions() {
    for (int i = 0; i < 100; i++) {
      Instant at = week(0).plusSeconds(i);
      boolean late = i % 4 == 0;
      double predicted = late ? 0.8 : 0.2;
      monitor.predicted(new TestData.Row(at, 0, 0, predicted, late).prediction("p" + i, 1));
      if (i < 80) {
        monitor.outcome("p" + i, i == 0 ? false : late, at);
      }
    }
    Performance performance = evaluateAt(dueOf(0)).get(0).performance();
    assertThat(performance.rows()).isEqualTo(100);
    assertThat(performance.labelled()).isEqualTo(80);
    assertThat(performance.coverage()).isEqualTo(0.8);
    assertThat(performance.actual()).isEqualTo(19 / 80.0);
    assertThat(performance.predicted()).isEqualTo((20 * 0.8 + 60 * 0.2) / 80, offset());
    assertThat(performance.accuracy()).isEqualTo(79 / 80.0);
    assertThat(performance.auc()).isGreaterThan(0.99);
    assertThat(performance.logLoss()).isPositive();
    assertThat(performance.evaluation()).isPresent();
  }

  @Test
  void predictedAgainstActualAndTheLabelsAreJudged() {
    for (int i = 0; i < 1000; i++) {
      TestData.Row row = TestData.row(random, week(0), 0);
      String id = "p" + i;
      monitor.predicted(row.prediction(id, 1));
      monitor.outcome(id, false, row.at());
    }
    WindowReport report = evaluateAt(dueOf(0)).get(0);
    assertThat(report.verdict(AlertKind.CALIBRATION).orElseThrow().isAlert()).isTrue();
    assertThat(report.verdict(AlertKind.CALIBRATION).orElseThrow().words())
        .contains("more is predicted than comes true");
    assertThat(report.verdict(AlertKind.LABEL_DRIFT).orElseThrow().isAlert()).isTrue();
    assertThat(report.verdict(AlertKind.PREDICTION_DRIFT).orElseThrow().isAlert()).isFalse();
  }

  @Test
  void missingAndUnseenValuesAreDrift() {
    for (int i = 0; i < 300; i++) {
      Instant at = week(0).plusSeconds(i * 2000L);
      double size = i % 10 == 0 ? Double.NaN : 0;
      double colour = i % 10 == 1 ? Double.NaN : i % 10 == 2 ? 7 : i % 2 == 0 ? 0 : 1;
      monitor.predicted(
          new Prediction(
              "p" + i,
              TestData.MODEL,
              1,
              at,
              TestData.SIGNATURE,
              new double[] {size, colour},
              new double[] {0.25}));
    }
    WindowReport report = evaluateAt(dueOf(0)).get(0);
    assertThat(verdict(report, "colour").isAlert()).isTrue();
    assertThat(verdict(report, "size").isAlert()).isTrue();
  }

  @Test
  void hostileValuesAreOfNoHarmToOtherColumns() {
    double[] hostile = {
      Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, Double.NaN, 1e308, -1e308, -0.0
    };
    for (int i = 0; i < 300; i++) {
      double value = hostile[i % hostile.length];
      double[] vector = i % 50 == 0 ? new double[0] : new double[] {value, value};
      double[] output = i % 60 == 0 ? new double[0] : new double[] {i % 7 == 0 ? value : 0.25};
      monitor.predicted(
          new Prediction(
              "p" + i,
              TestData.MODEL,
              1,
              week(0).plusSeconds(i),
              TestData.SIGNATURE,
              vector,
              output));
      monitor.outcome("p" + i, i % 4 == 0, week(0).plusSeconds(i));
    }
    WindowReport report = evaluateAt(dueOf(0)).get(0);
    assertThat(report.verdicts()).hasSize(5);
    assertThat(verdict(report, "size").isAlert()).isTrue();
    assertThat(verdict(report, "late").status()).isEqualTo(Verdict.Status.OK);
    assertThat(report.performance().labelled()).isEqualTo(300);
    assertThat(report.performance().unusable()).isPositive();
    assertThat(report.performance().evaluation().orElseThrow().rows())
        .isEqualTo(300 - report.performance().unusable());
  }

  @Test
  void aVersionWithoutReferenceIsAnErrorThatStopsNothing() {
    serve(0, 0, TestData.ROWS, 9);
    serve(1, 0, TestData.ROWS, 1);
    List<WindowReport> reports = evaluateAt(dueOf(1));
    assertThat(reports.get(0).verdicts())
        .singleElement()
        .satisfies(v -> assertThat(v.status()).isEqualTo(Verdict.Status.ERROR))
        .satisfies(v -> assertThat(v.words()).contains("there is no version 9"));
    assertThat(reports.get(1).verdicts()).hasSize(5);
  }

  @Test
  void aWindowIsComparedWithTheVersionThatServedMostOfIt() {
    serve(0, 0, 60, 1);
    serve(0, 0, 100, 2);
    WindowReport report = evaluateAt(dueOf(0)).get(0);
    assertThat(report.version()).isEqualTo(2);
    assertThat(report.versions()).containsExactly(1, 2);
    assertThat(verdict(report, "size").windowRows()).isEqualTo(162);
    assertThat(verdict(report, "prediction").windowRows())
        .as("what a model predicts is judged of its own predictions")
        .isEqualTo(101);
  }

  @Test
  void longWindowsAreJudgedFromStoredCounts() {
    for (int week = 0; week < 4; week++) {
      serve(week, 0, TestData.ROWS);
      evaluateAt(dueOf(week));
    }
    String erase = "UPDATE prediction SET vector = ? WHERE asked_at < ?";
    workspace
        .database(Area.LEDGER)
        .write(tx -> tx.update(erase, new byte[0], 1_000_000 * week(4).getEpochSecond()));
    serve(4, 0, TestData.ROWS);
    WindowReport report = evaluateAt(dueOf(4)).get(1);
    assertThat(report.periods()).isEqualTo(4);
    assertThat(verdict(report, "size").windowRows()).isEqualTo(4 * (TestData.ROWS + 1));
  }

  private static Offset<Double> offset() {
    return Offset.offset(1e-12);
  }
}
