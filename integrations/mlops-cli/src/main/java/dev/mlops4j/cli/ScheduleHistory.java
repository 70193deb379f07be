package dev.mlops4j.cli;

import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** What came of a schedule's runs. */
@Command(
    name = "history",
    mixinStandardHelpOptions = true,
    description = "Lists the last runs of a schedule, the latest first.")
final class ScheduleHistory extends WorkspaceCommand {

  @Parameters(paramLabel = "SCHEDULE", description = "The schedule's name.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String name;

  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many at most (default: 20).")
  private int limit;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    if (limit < 1) {
      throw new IllegalArgumentException("--limit takes 1 or more, found " + limit);
    }
    List<FiringRecord> firings = Scheduler.in(opened).history(name, limit);
    if (printer.isJson()) {
      printer.json(Schedules.json(firings));
    } else if (firings.isEmpty()) {
      printer.line("nothing was run yet");
    } else {
      Schedules.print(firings, printer);
    }
    return ExitCode.DONE;
  }
}
