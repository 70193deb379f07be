package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Served.week;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.workspace.Area;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a report says of alerts and windows that are not as they are every week. */
class ReportStateTest {

  private static final String BIDI = "\u202e";
  private static final String ESCAPE = "\u001b[31m";

  @TempDir Path directory;
  private Served served;

  private void open(UnaryOperator<MonitorBuilder<Object, Boolean>> settings) {
    served = new Served(directory, TestData.references(TestData.byWeek(7)), settings);
  }

  @AfterEach
  void close() {
    served.close();
  }

  private static JsonNode json(MonitorReport report) throws IOException {
    return new ObjectMapper().readTree(report.toJson());
  }

  private static JsonNode column(MonitorReport report, String name) throws IOException {
    for (JsonNode column : json(report).get("columns")) {
      if (column.get("name").asText().equals(name)) {
        return column;
      }
    }
    throw new AssertionError("no column " + name);
  }

  /** A week whose labels all come true. */
  private void serveLate(int week) {
    for (int i = 0; i < TestData.ROWS; i++) {
      served.serve(
          new TestData.Row(week(week).plusSeconds(3000L * i), i % 3 - 1, i % 2, 0.25, true), 1);
    }
  }

  @Test
  void anAlertOfOutcomesIsOpenHoweverLongTheyAreAwaited() {
    open(b -> b.spans(1).outcomeGrace(Duration.ofDays(14)));
    for (int week = 0; week < 4; week++) {
      serveLate(week);
    }
    served.clock.set(week(4));
    served.monitor.evaluate();
    MonitorReport report = served.monitor.report();
    assertThat(report.windows()).hasSize(4);
    assertThat(report.windows().get(2).outcomesIn()).isFalse();
    assertThat(report.openAlerts())
        .extracting(Alert::column)
        .contains("late", "predicted against actual");
    assertThat(report.openAlerts())
        .filteredOn(alert -> alert.kind().needsOutcomes())
        .allSatisfy(alert -> assertThat(alert.end()).isEqualTo(week(2)));
  }

  @Test
  void anAlertOfOutcomesIsPastWhenTheyAreFineAgain() {
    open(b -> b.spans(1).outcomeGrace(Duration.ofDays(14)));
    serveLate(0);
    for (int week = 1; week < 4; week++) {
      served.serve(week, 0);
    }
    served.clock.set(week(4));
    served.monitor.evaluate();
    assertThat(served.monitor.report().openAlerts())
        .extracting(Alert::column)
        .doesNotContain("late", "predicted against actual");
    assertThat(served.monitor.report().pastAlerts())
        .extracting(Alert::column)
        .contains("late", "predicted against actual");
  }

  @Test
  void anAlertStaysOpenUntilAWindowIsEvaluatedThatSaysOtherwise() throws IOException {
    open(b -> b.spans(1));
    served.serve(0, 0);
    served.serve(1, 3);
    served.evaluate(1);
    assertThat(served.monitor.report().summary()).doesNotContain("not evaluated yet");
    served.serve(2, 3);
    served.clock.set(week(3));
    served.monitor.flush();
    MonitorReport before = served.monitor.report();
    assertThat(before.openAlerts()).extracting(Alert::column).containsExactly("size");
    assertThat(before.summary())
        .startsWith("1 alert is open in 3 windows")
        .contains(" 1 of the windows is not evaluated yet.");
    assertThat(json(before).get("windows").get(1).get("evaluated").asBoolean()).isTrue();
    assertThat(json(before).get("windows").get(2).get("evaluated").asBoolean()).isFalse();
    served.clock.set(week(5).plusSeconds(24 * 3600));
    assertThat(served.monitor.report().openAlerts())
        .as("windows without predictions say nothing")
        .extracting(Alert::column)
        .containsExactly("size");
  }

  @Test
  void aWindowThatCannotBeJudgedIsNotPassedOver() throws IOException {
    open(b -> b.spans(1));
    served.serve(0, 0);
    served.serve(1, 0);
    served.serve(2, 0, TestData.ROWS, 3);
    served.evaluate(2);
    MonitorReport report = served.monitor.report();
    String why = "there is no version 3";
    assertThat(report.summary()).contains("1 of the windows could not be judged.", why);
    assertThat(report.verdicts())
        .hasSize(5)
        .allMatch(verdict -> verdict.status() == Verdict.Status.ERROR)
        .allMatch(verdict -> verdict.words().contains(why));
    assertThat(json(report).get("windows").get(1).has("problem")).isFalse();
    assertThat(json(report).get("windows").get(2).get("problem").asText()).contains(why);
    assertThat(column(report, "size").get("windows").get(0).get("values")).isNotEmpty();
    assertThat(report.toHtml()).contains(">problem<", why);
    assertThat(report.toMarkdown()).contains("| problem |", why);
    assertThat(report.toString()).contains("201 predictions, nothing to compare with: " + why);
  }

  @Test
  void aMonitorThatCannotReadAnyReferenceSaysWhy() {
    open(b -> b.spans(1));
    served.serve(0, 0, TestData.ROWS, 3);
    served.evaluate(0);
    MonitorReport report = served.monitor.report();
    assertThat(report.verdicts()).isEmpty();
    for (String form : List.of(report.toHtml(), report.toMarkdown(), report.toJson())) {
      assertThat(form).contains("there is no version 3");
    }
    assertThat(report.summary()).contains("there is no version 3");
  }

  @Test
  void whereEveryColumnIsTooShortItSaysSo() {
    open(b -> b.spans(1).reference(MonitorReference.previousWindow()));
    served.serve(0, 0);
    served.evaluate(0);
    assertThat(served.monitor.report().summary())
        .contains("There is not enough data to judge any column.");
    served.serve(1, 0);
    served.evaluate(1);
    assertThat(served.monitor.report().summary()).doesNotContain("not enough data");
  }

  @Test
  void labelsAreNotShownBeforeTheyAreDue() throws IOException {
    open(b -> b.spans(1));
    served.serve(0, 0);
    serveLate(1);
    served.clock.set(week(2));
    served.monitor.flush();
    for (String name : List.of("late", "predicted against actual")) {
      JsonNode windows = column(served.monitor.report(), name).get("windows");
      assertThat(windows.get(0).get("values")).as(name).isNotEmpty();
      assertThat(windows.get(1).get("values")).as(name).isEmpty();
    }
    served.evaluate(1);
    assertThat(
            column(served.monitor.report(), "late")
                .get("windows")
                .get(1)
                .get("values")
                .get("share")
                .asDouble())
        .isEqualTo(1);
  }

  @Test
  void aTimeWithoutAnyWholeWindowIsToldFromAMonitorThatIsNew() {
    open(b -> b.spans(1));
    served.serve(0, 0);
    served.serve(1, 0);
    served.evaluate(1);
    assertThat(served.monitor.report(week(0).plusSeconds(1), week(1)).summary())
        .isEqualTo("No window that was watched and has ended lies whole in the time asked for.");
  }

  @Test
  void aCategoryThatAReferenceDoesNotKnowByNameIsNotItsOthers() {
    open(b -> b);
    ReferenceColumn column =
        ReferenceColumn.categories(
            "c", AlertKind.FEATURE_DRIFT, List.of("a", "k"), List.of("(others)"));
    assertThat(column.indexOf("b")).isEqualTo(2);
    assertThat(column.indexOfKnown("b")).isEqualTo(-1);
    assertThat(column.indexOfKnown("z")).isEqualTo(-1);
    assertThat(column.indexOfKnown("k")).isEqualTo(1);
    ReferenceColumn inParts =
        ReferenceColumn.categories(
            "c",
            AlertKind.FEATURE_DRIFT,
            List.of("a", "k"),
            IntStream.range(0, CategorySummary.PARTS).mapToObj(CategoryPair::others).toList());
    int part = CategorySummary.partOf("b");
    assertThat(inParts.indexOf("b")).isEqualTo(2 + part);
    assertThat(inParts.categoryAt(2 + part)).isEqualTo("(others " + part + ")");
    assertThat(inParts.emptyCounts().counts).hasSize(2 + CategorySummary.PARTS);
  }

  @Test
  void aReportKeepsWhatWasJudgedWhenPredictionsAreRemovedOrComeLate() {
    open(b -> b.spans(1, 4));
    for (int week = 0; week < 6; week++) {
      served.serve(week, week == 5 ? 3 : 0);
    }
    served.evaluate(5);
    MonitorReport before = served.monitor.report();
    served.serve(4, 3, 3 * TestData.ROWS, 2);
    served.monitor.flush();
    assertThat(served.monitor.report().toJson()).as("late ones").isEqualTo(before.toJson());
    served
        .workspace
        .database(Area.LEDGER)
        .write(
            tx ->
                tx.update(
                    "DELETE FROM prediction WHERE asked_at < ?", Timestamps.toMicros(week(3))));
    MonitorReport after = served.monitor.report();
    assertThat(after.windows()).hasSize(6);
    assertThat(after.toJson()).as("removed ones").isEqualTo(before.toJson());
    served.workspace.database(Area.LEDGER).write(tx -> tx.update("DELETE FROM prediction"));
    assertThat(served.monitor.report().toJson()).as("all removed").isEqualTo(before.toJson());
  }

  @Test
  void anInputThatIsNotListedMattersNotAtAll() {
    open(b -> b);
    assertThat(new Importance("gain", Map.of("size", 1.0)).of("colour")).isZero();
    assertThat(Importance.UNKNOWN.of("colour")).isNaN();
    served.serve(0, 0);
    served.evaluate(0);
    assertThat(served.monitor.report().toHtml())
        .as("the rate")
        .contains(
            "at most one in twenty of those of a single window has an alert, unless the monitor was"
                + " told another rate. Spans");
  }

  @Test
  void namesAndWordsMoveNoCursorAndReorderNothing() {
    open(b -> b.spans(1));
    Verdict verdict =
        new Verdict(
            "x" + BIDI,
            AlertKind.FEATURE_DRIFT,
            Verdict.Status.ALERT,
            Aspect.POSITION,
            null,
            0.5,
            0.001,
            0.001,
            100,
            100,
            "values " + ESCAPE);
    WindowReport window =
        new WindowReport(
            "m" + BIDI,
            1,
            List.of(1),
            week(0),
            week(1),
            1,
            true,
            List.of(verdict),
            new Performance(100, 0, Double.NaN, Double.NaN, null));
    Alert alert =
        new Alert(
            "id",
            "m" + ESCAPE,
            1,
            List.of(1),
            AlertKind.FEATURE_DRIFT,
            "x" + BIDI,
            week(0),
            week(1),
            week(1),
            0,
            verdict,
            week(1));
    ReferenceColumn column =
        ReferenceColumn.outcome("x" + BIDI, AlertKind.FEATURE_DRIFT, ReferenceColumn.Shape.SHARE);
    MonitorReport report =
        new MonitorReport(
            "m",
            MonitorReference.training(),
            List.of(
                new MonitorWindow(window, Map.of(), MonitorWindow.Evaluated.WITH_OUTCOMES, null)),
            List.of(
                new ColumnHistory(
                    column,
                    verdict,
                    window,
                    column.emptyCounts(),
                    column.emptyCounts(),
                    Double.NaN,
                    List.of(),
                    List.of())),
            "",
            List.of(alert),
            SegmentFigures.Segments.NONE,
            0,
            "");
    assertThat(report.openAlerts()).hasSize(1);
    for (String form :
        List.of(
            report.summary(),
            report.toString(),
            window.toString(),
            window.heading(),
            report.toMarkdown(),
            report.toHtml())) {
      assertThat(form).doesNotContain(BIDI, "\u001b").contains("\\u202e");
    }
  }
}
