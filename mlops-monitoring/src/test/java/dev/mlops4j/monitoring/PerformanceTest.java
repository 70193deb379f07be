package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Watched.day;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.evaluation.MulticlassEvaluation;
import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PerformanceTest {

  private static final Signature KINDS =
      new Signature(
          List.of(
              Input.numeric("size"), Input.categorical("colour", List.of("blue", "green", "red"))),
          Output.multiclass("kind", List.of("letter", "parcel", "pallet")));

  @TempDir Path directory;

  private final Clock clock = new Clock();

  @Test
  void oneOddOutputCostsNoMetricsAndBothReportsHaveTheSameRows() {
    try (Watched watched = new Watched(directory, clock, settings -> {})) {
      watched.serve(0, 100, 0.75);
      double[] odd = {1.0000001, Double.NaN, Double.POSITIVE_INFINITY};
      for (int i = 0; i < odd.length; i++) {
        watched.ask(0, 200 + i, odd[i], 1);
        watched.monitor.outcome(Watched.id(0, 200 + i), true, day(0));
      }
      Performance asked = watched.monitor.performance(day(0), day(1)).overall();
      Performance window = watched.evaluateAt(Watched.due(0)).get(0).performance();
      assertThat(window).isEqualTo(asked);
      assertThat(window.rows()).isEqualTo(103);
      assertThat(window.labelled()).isEqualTo(103);
      assertThat(window.unusable()).isEqualTo(3);
      assertThat(window.accuracy()).isEqualTo(0.75);
      assertThat(window.predicted()).isEqualTo(0.508, Offset.offset(1e-12));
    }
  }

  @Test
  void theWholeIsTheSumOfVersionsOfArmsAndOfSegments() {
    try (Watched watched =
        new Watched(
            directory,
            clock,
            settings ->
                settings
                    .segment("colour")
                    .segment("half", row -> row.output()[0] > 0.5 ? "upper" : null)
                    .metric("right", row -> row.outcome().orElseThrow() ? 1 : 0))) {
      watched.serve(0, 120, 0.75);
      watched.ask(0, 500, 0.9, 1);
      PerformanceReport report = watched.monitor.performance(day(0), day(1));

      Performance overall = report.overall();
      assertThat(overall.rows()).isEqualTo(121);
      assertThat(overall.labelled()).isEqualTo(120);
      assertThat(overall.accuracy()).isEqualTo(0.75);
      assertThat(overall.business().get("right").mean()).isEqualTo(0.5);
      assertThat(overall.metrics()).containsEntry("right", 0.5).containsKey("auc");
      assertThat(overall.intervals()).containsKeys("auc", "accuracy", "right");
      assertThat(report.byVersion()).containsExactly(entry(1, overall));
      assertThat(report.byArm().keySet()).containsExactly("canary", Prediction.CHAMPION);
      assertThat(report.bySegment()).containsOnlyKeys("colour", "half");
      Map<String, Performance> colours = report.bySegment().get("colour");
      assertThat(colours.keySet()).containsExactlyInAnyOrder("blue", "green", "red");
      Map<String, Performance> halves = report.bySegment().get("half");
      assertThat(halves.keySet()).containsExactlyInAnyOrder("upper", PerformanceReport.NONE);
      for (Map<?, Performance> parts : List.of(report.byArm(), colours, halves)) {
        assertThat(parts.values().stream().mapToLong(Performance::rows).sum()).isEqualTo(121);
        assertThat(parts.values().stream().mapToLong(PerformanceTest::truePositives).sum())
            .isEqualTo(truePositives(overall));
      }
    }
  }

  private static long truePositives(Performance performance) {
    return ((BinaryEvaluation) performance.evaluation().orElseThrow()).truePositives();
  }

  @Test
  void aReportHasTheWorstSegmentsFirstInEveryForm() throws IOException {
    try (Watched watched =
        new Watched(
            directory,
            clock,
            settings ->
                settings.segment("half", row -> number(row) < 100 ? "first" : "sec<b>ond"))) {
      for (int day = 0; day < 3; day++) {
        // The predictions that are wrong are the last ones.
        watched.serve(day, 200, day == 2 ? 0.6 : 1);
        watched.evaluateAt(Watched.due(day));
      }
      MonitorReport report = watched.monitor.report();
      JsonNode segments = new ObjectMapper().readTree(report.toJson()).get("segments");
      assertThat(segments.findValuesAsText("value")).containsExactly("sec<b>ond", "first");
      JsonNode worst = segments.get(0);
      assertThat(worst.get("segment").asText()).isEqualTo("half");
      assertThat(worst.get("windows").asInt()).as("of the longest span").isEqualTo(1);
      assertThat(worst.get("predictions").asInt()).isEqualTo(100);
      assertThat(worst.get("predictionsBefore").asInt()).isEqualTo(100);
      assertThat(worst.get("metric").asText()).isEqualTo("log_loss");
      double wrong = -(20 * Math.log(0.9) + 80 * Math.log(0.1)) / 100;
      assertThat(worst.get("metricValue").asDouble()).isCloseTo(wrong, Offset.offset(1e-9));
      assertThat(worst.get("low").asDouble()).isGreaterThan(worst.get("ofAll").asDouble());
      assertThat(worst.get("worse").asBoolean()).isTrue();
      assertThat(segments.get(1).get("worse").asBoolean()).isFalse();
      assertThat(report.toHtml()).contains("Segments", "sec&lt;b&gt;ond", "worse than all");
      assertThat(report.toMarkdown()).contains("| half | sec&lt;b&gt;ond | 100 | 100 |");
      assertThat(report.toString()).contains("worse than all");
    }
  }

  private static int number(RecordedPrediction<Boolean> row) {
    return Integer.parseInt(row.id().substring(row.id().indexOf('n') + 1));
  }

  @Test
  void theValuesOfASensitiveColumnAreNoSegments() {
    ProfileSeries sensitive = TestData.withSensitiveColours();
    try (Served served =
        new Served(directory, TestData.references(sensitive), b -> b.segment("colour"))) {
      served.serve(0, 0, 50, 1);
      PerformanceReport report = served.monitor.performance(Served.week(0), Served.week(1));
      assertThat(report.bySegment().get("colour")).containsOnlyKeys(PerformanceReport.SENSITIVE);
    }
  }

  @Test
  void aSegmentThatNoVersionHasOrThatIsSensitiveIsRefused() {
    try (Workspace workspace = Workspace.at(directory.resolve("w")).clock(clock).open()) {
      bySegment(workspace, "carier").close();
      register(workspace, TestData.byWeek(7));
      bySegment(workspace, "colour").close();
      assertThatThrownBy(() -> bySegment(workspace, "carier"))
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining(
              "segment(\"carier\") is not accepted: the inputs of the latest versions are [size,"
                  + " colour]");
      register(workspace, TestData.withSensitiveColours());
      assertThatThrownBy(() -> bySegment(workspace, "colour"))
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("segment(\"colour\") is not accepted: the column is sensitive");
    }
  }

  private static Monitor<Object, Boolean> bySegment(Workspace workspace, String column) {
    return Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).segment(column).build();
  }

  private static void register(Workspace workspace, ProfileSeries series) {
    try (Run run = Tracking.in(workspace).start("parcels")) {
      Registry.in(workspace).register(TestData.MODEL, run.log(TestData.modelPackage(series)));
    }
  }

  @Test
  void valuesBeyondTheMostFrequentAreOthers() {
    try (Watched watched =
        new Watched(
            directory,
            clock,
            settings ->
                settings.segment("minute", row -> "" + row.askedAt().getEpochSecond() / 2))) {
      watched.serve(0, 400, 0.5);
      Map<String, Performance> minutes =
          watched.monitor.performance(day(0), day(1)).bySegment().get("minute");
      assertThat(minutes).hasSize(PerformanceReport.MOST_VALUES + 1);
      assertThat(minutes.get(PerformanceReport.OTHERS).rows()).isEqualTo(200);
    }
  }

  @Test
  void aFunctionThatFailsLeavesItsMetricOutAndNothingElse() {
    try (Watched watched =
        new Watched(
            directory,
            clock,
            settings ->
                settings
                    .metric("fine", row -> row.vector()[0])
                    .metric("failing", row -> Double.parseDouble(row.id())))) {
      watched.serve(0, 50, 0.5);
      Performance overall = watched.monitor.performance(day(0), day(1)).overall();
      assertThat(overall.business()).containsOnlyKeys("fine");
      assertThat(overall.accuracy()).isEqualTo(0.5);
    }
  }

  @Test
  void aTimeWithoutPredictionsHasNoPerformance() {
    try (Watched watched = new Watched(directory, clock, settings -> settings.segment("size"))) {
      PerformanceReport report = watched.monitor.performance(day(0), day(1));
      assertThat(report.overall().rows()).isZero();
      assertThat(report.overall().coverage()).isNaN();
      assertThat(report.overall().evaluation()).isEmpty();
      assertThat(report.byVersion()).isEmpty();
      assertThat(report.bySegment().get("size")).isEmpty();
    }
  }

  @Test
  void aMulticlassWindowHasAnEvaluationAndCountsClassesThatTheModelDoesNotHave() {
    References references =
        TestData.references(Reference.of(ProfileSeries.of(TestData.dataset(1, 4)), KINDS));
    Target<Object, String> target = Target.multiclass("kind", record -> null);
    try (Workspace workspace = Workspace.at(directory.resolve("w")).clock(clock).open()) {
      JdbcMonitoringSchema.Model stored =
          new JdbcMonitoringSchema.Model(
              JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
      Monitor<Object, String> monitor =
          Monitor.of(TestData.MODEL, target)
              .in(workspace)
              .window(Watched.DAY)
              .spans(1, 2)
              .build(workspace, new JdbcLedger(stored), stored, references);
      List<String> outcomes = List.of("letter", "letter", "parcel", "bicycle");
      for (int day = 0; day < 2; day++) {
        for (int i = 0; i < 8; i++) {
          Instant at = day(day).plusSeconds(i);
          String id = day + "/" + i;
          monitor.predicted(
              new Prediction(
                  id,
                  TestData.MODEL,
                  1,
                  at,
                  KINDS,
                  new double[] {1, 0},
                  new double[] {0.7, 0.2, 0.1}));
          monitor.outcome(id, outcomes.get(i % 4), at);
        }
      }
      clock.set(day(4));
      List<WindowReport> reports = monitor.evaluate();
      assertThat(reports).as("and a day without predictions").hasSize(5);
      assertThat(reports.get(2).periods()).isEqualTo(2);
      MulticlassEvaluation two =
          (MulticlassEvaluation) reports.get(2).performance().evaluation().orElseThrow();
      assertThat(two.rows()).isEqualTo(16);
      assertThat(two.accuracy()).isEqualTo(0.5);
      assertThat(two.confusion().count("parcel", "letter")).isEqualTo(4);
      assertThat(two.confusion().actual("(other class)")).isEqualTo(4);
      double loss = (-8 * Math.log(0.7) - 4 * Math.log(0.2) + 4 * 52 * Math.log(2)) / 16;
      assertThat(two.logLoss()).isCloseTo(loss, Offset.offset(1e-12));
      Performance asked = monitor.performance(day(0), day(2)).overall();
      assertThat(asked.logLoss()).isEqualTo(two.logLoss());
      assertThat(((MulticlassEvaluation) asked.evaluation().orElseThrow()).classes())
          .containsExactly("letter", "parcel", "pallet", "bicycle");
      assertThat(monitor.metricHistory("accuracy"))
          .extracting(WindowMetric::value)
          .containsExactly(0.5, 0.5);
      monitor.close();
    }
  }
}
