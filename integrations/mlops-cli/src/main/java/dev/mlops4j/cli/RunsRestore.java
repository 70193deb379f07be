package dev.mlops4j.cli;

import dev.mlops4j.tracking.Lifecycle;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** Takes back that runs were deleted. */
@Command(
    name = "restore",
    mixinStandardHelpOptions = true,
    description =
        "Takes back runs delete, all or none, with the children that were deleted at the same time."
            + " runs search --deleted shows which runs are deleted.",
    footer = {"", "Example:", "  mlops runs restore 3f9a01c2"})
final class RunsRestore extends WorkspaceCommand {

  @Parameters(
      arity = "1..*",
      paramLabel = "RUN",
      description = "The runs' ids, or the beginnings of them.")
  private List<String> ids = List.of();

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Tracking tracking = Tracking.in(opened);
    List<RunRecord> runs = Runs.findAll(tracking, ids, Lifecycle.ALL);
    tracking.restore(runs.stream().map(RunRecord::id).toList());
    Runs.printChanged(runs, "restored", printer);
    return ExitCode.DONE;
  }
}
