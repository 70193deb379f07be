package dev.mlops4j.pipeline;

import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.List;

/** Reports as a page of HTML. */
final class ReportPage {

  private static final List<String> COLUMNS =
      List.of("status", "time", "started", "tries", "after", "because", "output");

  private ReportPage() {}

  static String of(PipelineReport report) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (StepResult step : report.steps()) {
      List<String> cells = new ArrayList<>();
      cells.add(step.status().name());
      cells.add(step.startedAt() == null ? "" : ReportText.time(step.duration()));
      cells.add(step.startedAt() == null ? "" : step.startedAt().toString());
      cells.add(step.attempts() == 0 ? "" : Integer.toString(step.attempts()));
      cells.add(String.join(", ", step.dependencies()));
      cells.add(ReportText.because(step));
      cells.add(step.output() == null ? "" : step.output().shortHex());
      lines.add(new SideBySide.Line("", step.name(), cells, ""));
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
        .table(new SideBySide(COLUMNS, false, lines))
        .toHtml();
  }
}
