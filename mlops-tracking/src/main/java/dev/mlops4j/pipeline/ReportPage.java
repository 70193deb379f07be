package dev.mlops4j.pipeline;

import dev.mlops4j.report.FlowChart;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Reports and plans as pages of HTML. */
final class ReportPage {

  private static final List<String> COLUMNS =
      List.of("status", "time", "started", "tries", "after", "because", "output");

  private static final List<String> PLAN_COLUMNS = List.of("would", "after", "because");

  private ReportPage() {}

  static String of(PipelineReport report) {
    List<SideBySide.Line> lines = new ArrayList<>();
    List<FlowChart.Node> nodes = new ArrayList<>();
    for (StepResult step : report.steps()) {
      String time = step.startedAt() == null ? "" : ReportText.time(step.duration());
      List<String> cells = new ArrayList<>();
      cells.add(step.status().name());
      cells.add(time);
      cells.add(step.startedAt() == null ? "" : step.startedAt().toString());
      cells.add(step.attempts() == 0 ? "" : Integer.toString(step.attempts()));
      cells.add(String.join(", ", step.dependencies()));
      cells.add(ReportText.because(step));
      cells.add(step.output() == null ? "" : step.output().shortHex());
      lines.add(new SideBySide.Line("", step.name(), cells, ""));
      String note = step.status().name().toLowerCase(Locale.ROOT);
      nodes.add(
          node(
              tone(step.status()),
              step.name(),
              time.isEmpty() ? note : note + ", " + time,
              step.dependencies(),
              nodes));
    }
    return HtmlPage.titled("Pipeline " + report.pipeline())
        .paragraph(
            "Run "
                + report.runId()
                + ": "
                + report.status()
                + ", begun "
                + report.startedAt()
                + (report.endedAt() == null ? "" : ", ended " + report.endedAt()))
        .flow(new FlowChart("The steps of " + report.pipeline(), nodes))
        .table(new SideBySide(COLUMNS, false, lines))
        .toHtml();
  }

  static String of(PipelinePlan plan) {
    List<SideBySide.Line> lines = new ArrayList<>();
    List<FlowChart.Node> nodes = new ArrayList<>();
    for (PlannedStep step : plan.steps()) {
      String after = String.join(", ", step.dependencies());
      List<String> cells = List.of(step.action().name(), after, step.reason());
      lines.add(new SideBySide.Line("", step.name(), cells, ""));
      nodes.add(
          node(
              tone(step.action()),
              step.name(),
              step.action().name().toLowerCase(Locale.ROOT),
              step.dependencies(),
              nodes));
    }
    return HtmlPage.titled("Plan of pipeline " + plan.pipeline())
        .paragraph("What a run would do.")
        .flow(new FlowChart("The steps of " + plan.pipeline(), nodes))
        .table(new SideBySide(PLAN_COLUMNS, false, lines))
        .toHtml();
  }

  /** After those that are shown: of one step run alone, and of a run that goes on, not all are. */
  private static FlowChart.Node node(
      FlowChart.Tone tone,
      String name,
      String note,
      List<String> after,
      List<FlowChart.Node> shown) {
    List<String> names = shown.stream().map(FlowChart.Node::name).toList();
    return new FlowChart.Node(tone, name, note, after.stream().filter(names::contains).toList());
  }

  private static FlowChart.Tone tone(StepStatus status) {
    return switch (status) {
      case FINISHED -> FlowChart.Tone.GOOD;
      case CACHED, KEPT, REPLACED -> FlowChart.Tone.REUSED;
      case FAILED -> FlowChart.Tone.ALERT;
      case SKIPPED, BLOCKED, CANCELLED -> FlowChart.Tone.FADED;
      case WAITING, RUNNING -> FlowChart.Tone.PLAIN;
    };
  }

  private static FlowChart.Tone tone(PlannedAction action) {
    return switch (action) {
      case RUN, DEPENDS -> FlowChart.Tone.PLAIN;
      case CACHED, GIVEN -> FlowChart.Tone.REUSED;
      case SKIP -> FlowChart.Tone.FADED;
    };
  }
}
