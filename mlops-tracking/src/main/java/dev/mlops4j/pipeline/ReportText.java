package dev.mlops4j.pipeline;

import dev.mlops4j.report.TextTable;
import java.time.Duration;
import java.util.Locale;

/** Reports and plans for terminals and logs. */
final class ReportText {

  private static final int WIDTH = 120;
  private static final long MILLIS_OF_TENTHS = 60_000;

  private ReportText() {}

  static String of(PipelineReport report) {
    TextTable.Builder table =
        TextTable.builder()
            .width(WIDTH)
            .left("step")
            .left("status")
            .right("time")
            .right("tries")
            .left("after")
            .left("because");
    for (StepResult step : report.steps()) {
      table.row(
          step.name(),
          step.status(),
          step.startedAt() == null ? null : time(step.duration()),
          step.attempts() == 0 ? null : step.attempts(),
          String.join(", ", step.dependencies()),
          because(step));
    }
    return table.build().toString();
  }

  static String of(PipelinePlan plan) {
    TextTable.Builder table =
        TextTable.builder().width(WIDTH).left("step").left("would").left("after").left("because");
    for (PlannedStep step : plan.steps()) {
      table.row(step.name(), step.action(), String.join(", ", step.dependencies()), step.reason());
    }
    return table.build().toString();
  }

  static String because(StepResult step) {
    String reason = step.reason() == null ? "" : step.reason();
    return step.codeChanged() ? (reason + "; the code has changed since") : reason;
  }

  /** As 8 ms, 1.3 s, 4:05 min or 1:02:03 h. */
  static String time(Duration time) {
    long millis = time.toMillis();
    if (millis < 1_000) {
      return millis + " ms";
    }
    if (millis < MILLIS_OF_TENTHS) {
      return String.format(Locale.ROOT, "%.1f s", millis / 1_000.0);
    }
    return time.toHours() == 0
        ? String.format(Locale.ROOT, "%d:%02d min", time.toMinutes(), time.toSecondsPart())
        : String.format(
            Locale.ROOT,
            "%d:%02d:%02d h",
            time.toHours(),
            time.toMinutesPart(),
            time.toSecondsPart());
  }
}
