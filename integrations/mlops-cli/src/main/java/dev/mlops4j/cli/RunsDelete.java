package dev.mlops4j.cli;

import dev.mlops4j.tracking.Lifecycle;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Deletes runs, so that they can be restored. */
@Command(
    name = "delete",
    mixinStandardHelpOptions = true,
    description =
        "Deletes runs that have ended, with their children, all or none: they are not listed or"
            + " found any longer. runs restore takes that back until runs purge.",
    footer = {"", "Example:", "  mlops runs delete 3f9a01c2 77be0d41"})
final class RunsDelete extends WorkspaceCommand {

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "The runs' ids, or the beginnings of them.")
  private List<String> ids = List.of();

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Tracking tracking = Tracking.in(opened);
    List<RunRecord> runs = Runs.findAll(tracking, ids, Lifecycle.ALL);
    tracking.delete(runs.stream().map(RunRecord::id).toList());
    Runs.printChanged(runs, "deleted", printer);
    return ExitCode.DONE;
  }
}
