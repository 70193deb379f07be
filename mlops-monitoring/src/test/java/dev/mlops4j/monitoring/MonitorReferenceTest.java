package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Served.week;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a monitor compares its windows with, if not with the training data. */
class MonitorReferenceTest {

  @TempDir Path directory;

  /** From January to June it becomes warmer, from 20 to 78 degrees Fahrenheit; five are one. */
  private static References thermometer() {
    Random random = new Random(3);
    return TestData.references(
        ProfileSeries.byWeek(
            TestData.dataset(
                random, 26, week -> (20 + 58 * week / 25.0 + 2 * random.nextGaussian()) / 5),
            "asked_at"));
  }

  private static double fahrenheit(int week) {
    return (78 + week % 2) / 5.0;
  }

  private static double celsius(int week) {
    return (5 * fahrenheit(week) - 32) / 1.8 / 5;
  }

  private static Verdict size(WindowReport report) {
    return report.verdict("size").orElseThrow();
  }

  @Test
  void aThermometerThatSwitchesToCelsiusAlertsAgainstTheWindowBefore() {
    try (Served served =
        new Served(directory, thermometer(), b -> b.reference(MonitorReference.previousWindow()))) {
      for (int week = 0; week < 5; week++) {
        served.serve(week, week < 3 ? fahrenheit(week) : celsius(week));
      }
      List<WindowReport> reports = served.evaluate(4);
      assertThat(reports).hasSize(5).allMatch(report -> report.periods() == 1);
      assertThat(size(reports.get(0)).status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
      assertThat(size(reports.get(0)).words()).contains("the window before was not watched");
      assertThat(size(reports.get(1)).status()).isEqualTo(Verdict.Status.OK);
      assertThat(size(reports.get(2)).status()).isEqualTo(Verdict.Status.OK);
      assertThat(size(reports.get(3)).isAlert()).as(size(reports.get(3)).words()).isTrue();
      assertThat(size(reports.get(3)).effect()).isNegative();
      assertThat(size(reports.get(3)).words()).startsWith("values became lower at once, by ");
      assertThat(size(reports.get(3)).windowRows()).isEqualTo(TestData.ROWS + 1);
      assertThat(size(reports.get(3)).referenceRows())
          .as("the window before, not the training")
          .isEqualTo(TestData.ROWS + 1);
      assertThat(size(reports.get(4)).isAlert()).as("it stays what it has become").isFalse();
      assertThat(served.monitor.alerts()).extracting(Alert::column).containsExactly("size");
      MonitorReport report = served.monitor.report();
      assertThat(report.summary()).contains("compared with the window before");
      assertThat(report.windows()).isEqualTo(reports);
      assertThat(report.toHtml())
          .contains("Median by window")
          .doesNotContain("median of the reference");
    }
  }

  @Test
  void againstTheTrainingTheSameSwitchCannotBeToldFromWinter() {
    try (Served served = new Served(directory, thermometer(), b -> b.spans(1))) {
      served.serve(0, fahrenheit(0));
      served.serve(1, celsius(1));
      assertThat(size(served.evaluate(1).get(1)).isAlert()).isFalse();
    }
  }

  @Test
  void withoutPeriodsInTheTrainingTwoWindowsAreTwoSamples() {
    try (Served served =
        new Served(
            directory,
            TestData.references(TestData.withoutTime(7)),
            b -> b.reference(MonitorReference.previousWindow()))) {
      served.serve(0, 5);
      served.serve(1, 5);
      served.serve(2, 0);
      List<WindowReport> reports = served.evaluate(2);
      assertThat(size(reports.get(1)).status())
          .as("both are far from the training, which does not matter")
          .isEqualTo(Verdict.Status.OK);
      assertThat(size(reports.get(2)).isAlert()).isTrue();
    }
  }

  @Test
  void aRangeOfWhatWasServedIsAReferenceOfItsOwn() {
    MonitorReference good = MonitorReference.served(week(0), week(10));
    Random random = new Random(5);
    try (Served served =
        new Served(
            directory,
            TestData.references(TestData.byWeek(7)),
            b -> b.reference(good).spans(1, 4))) {
      for (int week = 0; week < 11; week++) {
        served.serve(week, 0.7 + 0.2 * random.nextGaussian());
      }
      served.serve(11, 3);
      List<WindowReport> reports = served.evaluate(11);
      for (WindowReport report : reports) {
        if (report.start().isBefore(week(10))) {
          assertThat(report.verdicts())
              .allMatch(v -> v.status() == Verdict.Status.NOT_ENOUGH_DATA)
              .allMatch(v -> v.words().contains("windows that begin before are not judged"));
        }
      }
      WindowReport calm = single(reports, 10);
      assertThat(size(calm).status()).as(size(calm).words()).isEqualTo(Verdict.Status.OK);
      assertThat(size(calm).referenceRows()).isEqualTo(10L * (TestData.ROWS + 1));
      assertThat(size(single(reports, 11)).isAlert()).isTrue();
      assertThat(served.monitor.report().reference()).isEqualTo(good);
    }
  }

  @Test
  void whatComesLateToTheRangeCountsFromTheNextEvaluationOn() {
    MonitorReference good = MonitorReference.served(week(0), week(10));
    try (Served served =
        new Served(
            directory, TestData.references(TestData.byWeek(7)), b -> b.reference(good).spans(1))) {
      for (int week = 0; week < 12; week++) {
        served.serve(week, 0);
      }
      WindowReport calm = single(served.evaluate(10), 10);
      assertThat(size(calm).referenceRows()).isEqualTo(10L * (TestData.ROWS + 1));
      served.serve(2, 0, 9, 1);
      WindowReport next = served.evaluate(11).stream().reduce((one, later) -> later).orElseThrow();
      assertThat(next.start()).isEqualTo(week(11));
      assertThat(size(next).referenceRows()).isEqualTo(10L * (TestData.ROWS + 1) + 10);
    }
  }

  @Test
  void aChangeIsSaidAsOne() {
    ReferenceColumn column =
        ReferenceColumn.outcome("gap", AlertKind.CALIBRATION, ReferenceColumn.Shape.GAP);
    ColumnTest.AspectTest aspect =
        new ColumnTest.AspectTest(Aspect.PREDICTED_AGAINST_ACTUAL, null, 0.2, 0.001, 0);
    ColumnTest change = new ColumnTest(column, List.of(aspect), 100, 100, "", false, true);
    assertThat(VerdictWords.verdict(change, 0.001, 0.05).words())
        .isEqualTo("what is predicted rose against what comes true since the window before");
  }

  private static WindowReport single(List<WindowReport> reports, int week) {
    return reports.stream()
        .filter(report -> report.periods() == 1 && report.start().equals(week(week)))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void whatCannotBeAReferenceIsRefusedWhenTheMonitorIsBuilt() {
    Instant start = week(0);
    try (Workspace workspace = Workspace.open(directory.resolve("refused"))) {
      MonitorBuilder<Object, Boolean> builder =
          Monitor.of(TestData.MODEL, TestData.LATE).in(workspace);
      assertThatThrownBy(
              () -> builder.reference(MonitorReference.previousWindow()).spans(1, 4).build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("spans([1, 4])")
          .hasMessageContaining("previousWindow");
      assertThatThrownBy(
              () ->
                  Monitor.of(TestData.MODEL, TestData.LATE)
                      .in(workspace)
                      .reference(MonitorReference.served(start, week(15)))
                      .build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("at least 16 windows of PT168H")
          .hasMessageContaining("spans([1, 4, 8]), here 15");
      assertThatThrownBy(
              () ->
                  Monitor.of(TestData.MODEL, TestData.LATE)
                      .in(workspace)
                      .reference(MonitorReference.served(start, week(16)))
                      .retention(Duration.ofDays(4000))
                      .withoutVectors()
                      .build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("is not accepted with retention(...)")
          .hasMessageContaining("is not accepted with withoutVectors()");
      builder.spans(1);
      for (Instant to : List.of(start, week(-1), week(7), week(8).minusSeconds(1))) {
        assertThatThrownBy(() -> builder.reference(MonitorReference.served(start, to)).build())
            .isInstanceOf(MonitorConfigurationException.class)
            .hasMessageContaining("at least 8 windows of PT168H");
      }
      assertThatThrownBy(
              () -> builder.reference(MonitorReference.served(Instant.MIN, Instant.MAX)).build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("years 1 to 9999");
      builder.reference(MonitorReference.served(start, week(8))).build().close();
      builder
          .window(Duration.ofHours(1))
          .reference(MonitorReference.served(start.plusSeconds(1), start.plusSeconds(10 * 3600)))
          .build()
          .close();
    }
  }
}
