package dev.mlops4j.cli;

import dev.mlops4j.pipeline.ScheduleState;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.time.Instant;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Ends a pause. */
@Command(
    name = "resume",
    mixinStandardHelpOptions = true,
    description = "Ends a pause. What was planned meanwhile is not run.")
final class ScheduleResume extends WorkspaceCommand {

  @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Scheduler scheduler = Scheduler.in(opened);
    Instant now = opened.systemClock().instant();
    scheduler.resume(name);
    ScheduleState schedule = scheduler.state(name);
    if (printer.isJson()) {
      printer.json(Schedules.json(schedule, now));
    } else {
      printer.line(
          name + " comes next at " + schedule.next(now).map(Schedules::seconds).orElse("-"));
    }
    return ExitCode.DONE;
  }
}
