package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A ledger that counts features says the same of a window as one that keeps vectors. */
class WithoutVectorsTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();

  private static Instant week(int number) {
    return TestData.SERVING.plus(TestData.WEEK.multipliedBy(number));
  }

  private List<WindowReport> reports(String name, boolean vectors, int versions) {
    clock.set(TestData.SERVING);
    try (Workspace workspace = Workspace.at(directory.resolve(name)).clock(clock).open()) {
      JdbcMonitoringSchema.Model stored =
          new JdbcMonitoringSchema.Model(
              JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
      References references = TestData.references(TestData.byWeek(7));
      JdbcFeatureCounts counts =
          vectors ? null : new JdbcFeatureCounts(references, Periods.of(TestData.WEEK));
      Monitor<Object, Boolean> monitor =
          Monitor.of(TestData.MODEL, TestData.LATE)
              .in(workspace)
              .spans(1, 2)
              .build(workspace, new JdbcLedger(stored, counts), stored, references);
      Random random = new Random(5);
      for (int i = 0; i < 900; i++) {
        int week = i % 3;
        TestData.Row row = TestData.row(random, week(week), week == 2 ? 3 : 0);
        Instant at = i < 3 ? week(week) : row.at();
        TestData.Row shown =
            new TestData.Row(at, row.size(), row.colour(), row.prediction(), row.late());
        monitor.predicted(shown.prediction("p" + i, 1 + i % versions));
        monitor.predicted(shown.prediction("p" + i, 1 + i % versions));
        monitor.outcome("p" + i, row.late(), row.at());
        if (i % 100 == 0) {
          monitor.flush();
        }
      }
      clock.set(week(3).plus(TestData.WEEK));
      List<WindowReport> reports = monitor.evaluate();
      List<Integer> lengths = new ArrayList<>();
      monitor.predictions(week(0), week(3), row -> lengths.add(row.vector().length));
      assertThat(lengths).hasSize(900).containsOnly(vectors ? 2 : 0);
      monitor.close();
      return reports;
    }
  }

  @Test
  void theVerdictsAreTheSame() {
    List<WindowReport> expected = reports("with", true, 1);
    assertThat(reports("without", false, 1)).isEqualTo(expected);
    assertThat(expected)
        .flatExtracting(WindowReport::alerts)
        .extracting(Verdict::column)
        .contains("size");
  }

  @Test
  void ofSeveralVersionsTheJudgedOnesFeaturesCount() {
    WindowReport report = reports("two", false, 2).get(0);
    assertThat(report.versions()).containsExactly(1, 2);
    assertThat(report.verdict("size").orElseThrow().windowRows()).isEqualTo(150);
    assertThat(report.performance().rows()).isEqualTo(300);
  }

  @Test
  void featuresOfAVersionWithoutReferenceAreNotCountedAndNothingStops() {
    try (Workspace workspace = Workspace.at(directory.resolve("w")).clock(clock).open();
        Monitor<Object, Boolean> monitor =
            Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).withoutVectors().build()) {
      monitor.predicted(new TestData.Row(week(0), 1, 1, 0.3, true).prediction("a", 9));
      monitor.flush();
      assertThat(monitor.predictionCount()).isEqualTo(1);
      assertThat(monitor.uncountedFeatureCount()).isEqualTo(1);
      assertThat(monitor.droppedCount()).isZero();
    }
  }

  @Test
  void whatNeedsVectorsIsRefused() {
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE).withoutVectors().segment("size").build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("withoutVectors() excludes segment(\"size\")");
  }
}
