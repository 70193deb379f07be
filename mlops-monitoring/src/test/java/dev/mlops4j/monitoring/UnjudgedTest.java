package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.profile.ProfileSeries;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A monitor that judges nothing is not quiet. */
class UnjudgedTest {

  @TempDir Path directory;

  private final List<Alert> heard = new ArrayList<>();

  private Served served(UnaryOperator<MonitorBuilder<Object, Boolean>> settings) {
    return new Served(
        directory,
        TestData.references(TestData.byWeek(7)),
        builder -> settings.apply(builder.alertTo(heard::add)));
  }

  @Test
  void aVersionWithoutReferenceIsOneAlertThatEndsByItself() {
    try (Served served = served(builder -> builder.spans(1))) {
      served.serve(0, 0, TestData.ROWS, 3); // of which there is no package
      served.evaluate(0);
      served.serve(1, 0, TestData.ROWS, 3);
      served.evaluate(1);
      assertThat(heard).hasSize(1);
      Alert alert = heard.get(0);
      assertThat(alert.kind()).isEqualTo(AlertKind.UNJUDGED);
      assertThat(alert.severity()).isEqualTo(Severity.WARNING);
      assertThat(alert.toString())
          .isEqualTo(
              "parcels: no column could be judged: nothing to compare with: there is no version 3"
                  + " in 2024-07-01T00:00:00Z to 2024-07-08T00:00:00Z");
      assertThat(served.monitor.alerts()).hasSize(1);
      assertThat(served.monitor.alerts().get(0).repeats()).isEqualTo(1);
      MonitorReport report = served.monitor.report();
      assertThat(report.openAlerts()).extracting(Alert::kind).containsExactly(AlertKind.UNJUDGED);
      assertThat(report.summary()).startsWith("1 alert is open").contains(Unjudged.COLUMN);
      assertThat(report.toHtml()).contains("no column could be judged");

      served.serve(2, 0);
      served.evaluate(2);
      assertThat(served.monitor.report().openAlerts()).isEmpty();
      assertThat(served.monitor.report().pastAlerts()).hasSize(1);
      assertThat(heard).hasSize(1);
    }
  }

  @Test
  void soIsAReferenceThatHasNoneOfTheColumns() {
    ProfileSeries other =
        ProfileSeries.byWeek(TestData.dataset(7, 4).columns("asked_at"), "asked_at");
    try (Served served =
        new Served(
            directory,
            TestData.references(other),
            builder -> builder.spans(1).alertTo(heard::add))) {
      served.serve(0, 0);
      served.evaluate(0);
      assertThat(heard).hasSize(1);
      assertThat(heard.get(0).verdict().words())
          .startsWith("no column could be judged: \"size\": no column \"size\" in the profile");
    }
  }

  @Test
  void rulesDoNotSilenceIt() {
    try (Served served =
        served(b -> b.spans(1).rule(AlertRule.performance("accuracy").below(0.01)))) {
      served.serve(0, 0, TestData.ROWS, 3);
      served.evaluate(0);
      assertThat(heard).extracting(Alert::kind).containsExactly(AlertKind.UNJUDGED);
    }
  }

  @Test
  void whatIsJudgedInPartOrHasNoRowsIsNone() {
    try (Served served = served(builder -> builder.spans(1, 4))) {
      served.serve(0, 0);
      served.serve(1, 0, 5, 1); // not enough
      served.evaluate(1);
      served.evaluate(3); // nothing
      for (int week = 4; week < 7; week++) {
        served.serve(week, 0);
      }
      served.serve(7, 0, 20, 3); // of few rows there is no reference, of the span there is
      served.evaluate(7);
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void sensitiveColumnsAreNoReasonForOne() {
    try (Served served =
        new Served(
            directory,
            TestData.references(TestData.withSensitiveColours()),
            builder -> builder.spans(1).alertTo(heard::add))) {
      served.serve(0, 0);
      WindowReport report = served.evaluate(0).get(0);
      assertThat(report.verdict("colour").orElseThrow().status())
          .isNotEqualTo(Verdict.Status.ERROR);
      assertThat(heard).isEmpty();
    }
  }

  @Test
  void itCallsForNoRetraining() {
    try (Served served = served(builder -> builder)) {
      assertThatThrownBy(
              () ->
                  Retraining.of(TestData.MODEL)
                      .in(served.workspace)
                      .on(AlertKind.UNJUDGED)
                      .run(trigger -> "done")
                      .build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("on(UNJUDGED) is not accepted");
    }
  }
}
