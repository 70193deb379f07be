package dev.mlops4j.cli;

import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Holds a schedule. */
@Command(
    name = "pause",
    mixinStandardHelpOptions = true,
    description = "Has a schedule begin nothing more, in all processes. What runs goes on.")
final class SchedulePause extends WorkspaceCommand {

  @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Option(
      names = {"-m", "--reason"},
      required = true,
      paramLabel = "TEXT",
      description = "Why; it is shown while the schedule is paused.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String reason;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Scheduler scheduler = Scheduler.in(opened);
    scheduler.pause(name, reason);
    if (printer.isJson()) {
      printer.json(Schedules.json(scheduler.state(name), opened.systemClock().instant()));
    } else {
      printer.line(name + " is " + Schedules.state(scheduler.state(name)));
    }
    return ExitCode.DONE;
  }
}
