package dev.mlops4j.cli;

import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Asks for a run. */
@Command(
    name = "run-now",
    mixinStandardHelpOptions = true,
    description =
        "Asks for one run of a schedule, also if it is paused. A process that defines the schedule"
            + " and is started does it, within seconds; this command does not wait.")
final class ScheduleRunNow extends WorkspaceCommand {

  @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    FiringRecord asked = Scheduler.in(opened).runNow(name);
    if (printer.isJson()) {
      printer.json(Schedules.json(asked));
    } else {
      printer.line(asked.id() + " is asked for");
    }
    return ExitCode.DONE;
  }
}
