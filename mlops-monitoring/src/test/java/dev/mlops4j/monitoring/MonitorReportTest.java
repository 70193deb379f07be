package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Served.week;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.MlopsException;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MonitorReportTest {

  @TempDir Path directory;
  private Served served;

  @BeforeEach
  void open() {
    served = new Served(directory, TestData.references(TestData.byWeek(7)), b -> b.spans(1, 4));
  }

  @AfterEach
  void close() {
    served.close();
  }

  private MonitorReport report() {
    return served.monitor.report();
  }

  private static Verdict verdict(MonitorReport report, String column) {
    return report.verdicts().stream()
        .filter(verdict -> verdict.column().equals(column))
        .findFirst()
        .orElseThrow();
  }

  private static JsonNode json(MonitorReport report) throws IOException {
    return new ObjectMapper().readTree(report.toJson());
  }

  @Test
  void withoutAnythingServedItSaysSo() throws IOException {
    MonitorReport report = report();
    assertThat(report.summary()).isEqualTo("No window has ended yet.");
    assertThat(report.windows()).isEmpty();
    assertThat(report.verdicts()).isEmpty();
    assertThat(report.toHtml()).contains("No window has ended yet.");
    assertThat(report.toMarkdown()).contains("No window has ended yet.");
    assertThat(report.toString()).isEqualTo("No window has ended yet.");
    assertThat(json(report).get("windows")).isEmpty();
    served.serve(0, 0);
    served.clock.set(week(0).plusSeconds(1));
    served.monitor.flush();
    assertThat(report().windows()).as("a window that has not ended").isEmpty();
  }

  @Test
  void ofVeryManyColumnsThereAreFewerWindowsAndItSaysSo() {
    assertThat(MonitorReporter.mostWindows(0)).isEqualTo(MonitorReporter.MAX_POINTS);
    assertThat(MonitorReporter.mostWindows(200)).isEqualTo(500);
    assertThat(MonitorReporter.mostWindows(10 * MonitorReporter.MAX_POINTS)).isEqualTo(1);
    served.serve(0, 0);
    served.evaluate(0);
    MonitorReport shortened =
        new MonitorReport(
            TestData.MODEL,
            MonitorReference.training(),
            report().monitorWindows(),
            List.of(),
            "",
            List.of(),
            SegmentFigures.Segments.NONE,
            3,
            "");
    assertThat(shortened.summary())
        .contains("3 older ones are left out, as there are so many columns.");
    assertThat(report().summary()).doesNotContain("older");
  }

  @Test
  void aReportIsMadeWhileAnEvaluationTellsItsAlerts() {
    List<MonitorReport> reports = new ArrayList<>();
    List<Monitor<Object, Boolean>> self = new ArrayList<>();
    References references = TestData.references(TestData.byWeek(7));
    self.add(
        served.another(
            references,
            b ->
                b.spans(1)
                    .alertTo(
                        alert -> {
                          Thread reader = new Thread(() -> reports.add(self.get(0).report()));
                          reader.start();
                          try {
                            reader.join(60_000);
                          } catch (InterruptedException e) {
                            throw new IllegalStateException(e);
                          }
                        })));
    served.serve(0, 3);
    served.monitor.flush();
    served.clock.set(week(1).plusSeconds(24 * 3600));
    self.get(0).evaluate();
    assertThat(reports).hasSize(1);
    assertThat(reports.get(0).openAlerts()).hasSize(1);
  }

  @Test
  void itHasTheVerdictsThatTheEvaluationGave() {
    List<WindowReport> evaluated = new ArrayList<>();
    for (int week = 0; week < 6; week++) {
      served.serve(week, week == 3 ? 3 : 0);
      evaluated.addAll(served.evaluate(week));
    }
    List<WindowReport> single = evaluated.stream().filter(r -> r.periods() == 1).toList();
    assertThat(report().windows()).isEqualTo(single);
    WindowReport last = evaluated.get(evaluated.size() - 1);
    assertThat(last.periods()).isEqualTo(4);
    for (Verdict verdict : report().verdicts()) {
      assertThat(List.of(last, single.get(5)))
          .flatExtracting(WindowReport::verdicts)
          .contains(verdict);
    }
    assertThat(served.evaluate(5)).as("a report evaluates nothing").isEmpty();
  }

  @Test
  void anAlertIsOpenWhileItGoesOnAndPastAfterwards() throws IOException {
    served.serve(0, 0);
    served.serve(1, 3);
    served.evaluate(1);
    MonitorReport open = report();
    assertThat(open.summary())
        .isEqualTo(
            "1 alert is open in 2 windows from 2024-07-01 to 2024-07-15, compared with the training"
                + " data. Open: size.");
    assertThat(open.openAlerts()).extracting(Alert::column).containsExactly("size");
    assertThat(open.verdicts().get(0).column()).isEqualTo("size");
    assertThat(open.verdicts().get(0).isAlert()).isTrue();
    assertThat(open.toString()).contains("ALERT parcels version 1", "size", "2 windows", "auc");
    assertThat(open.toMarkdown())
        .startsWith("**1 alert is open")
        .contains("| ALERT | size |", "| 2024-07-08 to 2024-07-15 | version 1 |");
    assertThat(open.toHtml())
        .contains("<h2 id=", "feature: size", "1 of 2", "DeLong", "Median by window");
    assertThat(json(open).get("alerts").get(0).get("state").asText()).isEqualTo("open");

    served.serve(2, 0);
    served.evaluate(2);
    MonitorReport past = report();
    assertThat(past.openAlerts()).isEmpty();
    assertThat(past.pastAlerts()).extracting(Alert::column).containsExactly("size");
    assertThat(past.summary()).startsWith("No alert is open, one is past in 3 windows");
    assertThat(served.monitor.report(week(2), week(3)).pastAlerts())
        .as("of the windows asked for alone")
        .isEmpty();
  }

  @Test
  void aReportIsOfTheWindowsThatLieInTheRangeWhole() {
    for (int week = 0; week < 5; week++) {
      served.serve(week, 0);
    }
    served.evaluate(4);
    assertThat(served.monitor.report(week(1), week(3)).windows())
        .extracting(WindowReport::start)
        .containsExactly(week(1), week(2));
    assertThat(served.monitor.report(week(1).plusSeconds(1), week(4).minusSeconds(1)).windows())
        .extracting(WindowReport::start)
        .containsExactly(week(2));
    assertThat(served.monitor.report(week(-9), week(99)).windows()).hasSize(5);
    assertThat(served.monitor.report(week(3), week(1)).windows()).isEmpty();
  }

  @Test
  void soManyWindowsAreNoReport() {
    Instant end = week(0).plus(Duration.ofDays(7 * 1_001));
    served.serve(0, 0);
    served.clock.set(end);
    served.monitor.flush();
    assertThat(report().windows()).hasSize(MonitorReport.DEFAULT_WINDOWS);
    assertThatThrownBy(() -> served.monitor.report(week(0), end))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("at most 1000 windows")
        .hasMessageContaining("there are 1001");
  }

  @Test
  void aWindowWithoutPredictionsIsAGap() throws IOException {
    served.serve(0, 0);
    served.serve(2, 0);
    served.evaluate(2);
    MonitorReport report = report();
    assertThat(report.summary()).contains("1 of the windows has no predictions.");
    assertThat(report.windows().get(1).performance().rows()).isZero();
    assertThat(report.windows().get(1).verdicts()).isEmpty();
    assertThat(report.toHtml()).contains("Predictions by window");
    JsonNode size = json(report).get("columns").get(0);
    assertThat(size.get("windows").get(1).get("values")).isEmpty();
    assertThat(size.get("windows").get(2).get("values")).isNotEmpty();
    served.clock.set(week(5));
    assertThat(report().verdicts()).as("those of the last window that was asked").hasSize(5);
  }

  @Test
  void figuresHaveTheirIntervalsAndWaitForTheirOutcomes() throws IOException {
    served.serve(0, 0);
    served.serve(1, 0);
    served.clock.set(week(2));
    served.monitor.flush();
    MonitorReport report = report();
    JsonNode windows = json(report).get("windows");
    JsonNode auc = windows.get(0).get("figures").get("auc");
    assertThat(auc.get("low").asDouble()).isLessThan(auc.get("value").asDouble());
    assertThat(auc.get("high").asDouble()).isGreaterThan(auc.get("value").asDouble());
    assertThat(auc.get("value").asDouble()).isEqualTo(report.windows().get(0).performance().auc());
    for (String metric : List.of("average_precision", "f1")) {
      JsonNode figure = windows.get(0).get("figures").get(metric);
      assertThat(figure.get("low").asDouble())
          .as(metric)
          .isLessThanOrEqualTo(figure.get("value").asDouble());
      assertThat(figure.get("high").asDouble())
          .as(metric)
          .isGreaterThan(figure.get("value").asDouble());
    }
    assertThat(report.toHtml())
        .contains("average precision by window", "F1 by window", "linearized");
    assertThat(report.toMarkdown()).contains("| average precision |", "| F1 |");
    assertThat(windows.get(0).get("figures").get("coverage").get("value").asDouble()).isEqualTo(1);
    assertThat(windows.get(1).get("outcomesIn").asBoolean()).isFalse();
    assertThat(windows.get(1).get("figures")).isEmpty();
    assertThat(report.verdicts())
        .as("the label and the calibration are those of the week before")
        .extracting(Verdict::column)
        .contains("late", "predicted against actual");
  }

  @Test
  void anotherVersionIsMarkedWhereItTookOver() {
    served.serve(0, 0, 200, 1);
    served.serve(1, 0, 200, 2);
    served.evaluate(1);
    assertThat(report().toHtml())
        .contains(
            "\"marks\":[{\"x\":" + (double) week(1).getEpochSecond() + ",\"name\":\"version 2\"");
  }

  @Test
  void whatWasEvaluatedIsReadFromItsCounts() {
    for (int week = 0; week < 4; week++) {
      served.serve(week, 0);
      served.evaluate(week);
    }
    MonitorReport before = report();
    String erase = "UPDATE prediction SET vector = ?";
    served.workspace.database(Area.LEDGER).write(tx -> tx.update(erase, new byte[0]));
    assertThat(report().toJson()).isEqualTo(before.toJson());
    assertThat(report().toHtml()).isEqualTo(before.toHtml());
  }

  @Test
  void thePageGoesToAFile() throws IOException {
    served.serve(0, 0);
    served.evaluate(0);
    Path file = directory.resolve("report.html");
    report().writeHtml(file);
    assertThat(Files.readString(file))
        .isEqualTo(report().toHtml())
        .contains("<h1>Monitor of parcels");
    assertThatThrownBy(() -> report().writeHtml(directory.resolve("absent/report.html")))
        .isInstanceOf(MlopsException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void whatTheModelDependsOnStandsBeforeWhatItDoesNot() throws IOException {
    try (Workspace workspace =
            Workspace.at(directory.resolve("trained")).clock(served.clock).open();
        Monitor<Object, Boolean> monitor =
            Monitor.of(TestData.MODEL, TestData.LATE).in(workspace).build()) {
      Registry registry = Registry.in(workspace);
      try (Run run = Tracking.in(workspace).start("parcels")) {
        run.importance("cover", Map.of("size", 0.0, "colour", 3.0));
        run.importance("gain", Map.of("size", 3.0, "colour", 0.0));
        ModelVersion version =
            registry.register(TestData.MODEL, run.log(TestData.modelPackage(TestData.byWeek(7))));
        registry.promote(version).to(Stage.STAGING).because("a test").commit();
      }
      for (int i = 0; i < 300; i++) {
        TestData.Row row =
            new TestData.Row(week(0).plusSeconds(i), 1.4 + i % 3 - 1, i % 2, 0.25, i % 4 == 0);
        monitor.predicted(row.prediction("p" + i, 1));
        monitor.outcome("p" + i, row.late(), row.at());
      }
      served.clock.set(week(1).plusSeconds(24 * 3600));
      monitor.evaluate();
      MonitorReport report = monitor.report();
      assertThat(report.verdicts())
          .extracting(Verdict::column)
          .containsSubsequence("size", "colour");
      assertThat(verdict(report, "colour").weight())
          .as("its effect alone would have put it first")
          .isGreaterThan(verdict(report, "size").weight());
      assertThat(verdict(report, "colour").status()).isEqualTo(verdict(report, "size").status());
      JsonNode columns = json(report).get("columns");
      assertThat(columns)
          .anySatisfy(
              column -> {
                assertThat(column.get("name").asText()).isEqualTo("size");
                assertThat(column.get("importance").asDouble()).isEqualTo(1);
              })
          .anySatisfy(
              column -> {
                assertThat(column.get("name").asText()).isEqualTo("colour");
                assertThat(column.get("importance").asDouble()).isZero();
              });
      assertThat(report.toHtml()).contains("importance (gain)", "Importance (gain): 100.0 %");
    }
  }
}
