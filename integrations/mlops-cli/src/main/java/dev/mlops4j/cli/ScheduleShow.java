package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.ScheduleState;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** One schedule. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows a schedule: its timing, when it comes next, and its last five runs.")
final class ScheduleShow extends WorkspaceCommand {

  private static final int LAST = 5;

  @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Scheduler scheduler = Scheduler.in(opened);
    Instant now = opened.systemClock().instant();
    ScheduleState schedule = scheduler.state(name);
    List<FiringRecord> last = scheduler.history(name, LAST);
    if (printer.isJson()) {
      ObjectNode json = Schedules.json(schedule, now);
      json.set("last", Schedules.json(last));
      printer.json(json);
      return ExitCode.DONE;
    }
    printer.line(schedule.name() + " " + Schedules.state(schedule));
    printer.line("timing: " + schedule.timing());
    printer.line(
        "next: " + schedule.next(now).map(Schedules::seconds).orElse("none while it is paused"));
    printer.line("settled up to: " + Schedules.seconds(schedule.plannedTo()));
    if (!last.isEmpty()) {
      Schedules.print(last, printer);
    }
    return ExitCode.DONE;
  }
}
