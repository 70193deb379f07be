package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** The runs of pipelines. */
@Command(
    name = "list",
    mixinStandardHelpOptions = true,
    description = "Lists the runs of pipelines, the newest first.")
final class PipelineList extends WorkspaceCommand {

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Those of this pipeline alone.")
  private @Nullable String name;

  @Option(
      names = "--limit",
      defaultValue = "20",
      paramLabel = "N",
      description = "How many at most (default: ${DEFAULT-VALUE}).")
  private int limit;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    List<PipelineReport> runs = PipelineReport.list(Tracking.in(opened), name, limit);
    if (printer.isJson()) {
      ArrayNode all = Json.array();
      runs.forEach(run -> all.add(PipelineAnswer.json(run).without("steps")));
      printer.json(all);
    } else {
      Table table =
          new Table()
              .words("run")
              .words("pipeline")
              .words("status")
              .words("started")
              .words("ended");
      runs.forEach(
          run ->
              table.row(run.runId(), run.pipeline(), run.status(), run.startedAt(), run.endedAt()));
      printer.table(table);
    }
    return ExitCode.DONE;
  }
}
