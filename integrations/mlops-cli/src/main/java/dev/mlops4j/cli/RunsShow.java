package dev.mlops4j.cli;

import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** All that is known of a run. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description = "Shows a run: params, latest metrics, tags, datasets, artifacts, environment.")
final class RunsShow extends WorkspaceCommand {

  @Parameters(paramLabel = "RUN", description = "The run's id, or the beginning of it.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String id;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    RunRecord run = Runs.find(Tracking.in(opened), id);
    if (printer.isJson()) {
      printer.json(Json.run(run));
    } else {
      show(run, printer);
    }
    return ExitCode.DONE;
  }

  private static void show(RunRecord run, Printer printer) {
    Table table = new Table().words("").words("").words(run.name());
    table.row("run", "id", run.id());
    table.row("run", "experiment", run.experiment());
    table.row("run", "status", run.status());
    table.row("run", "started", run.startedAt());
    table.row("run", "ended", run.endedAt());
    if (run.failure() != null) {
      table.row("run", "failure", run.failure().lines().findFirst().orElse(""));
    }
    run.params().forEach((key, value) -> table.row("param", key, value));
    run.metrics().forEach((key, point) -> table.row("metric", key, point.value()));
    run.tags().forEach((key, value) -> table.row("tag", key, value));
    run.datasets()
        .forEach(
            data ->
                table.row(
                    "dataset",
                    data.role() + ": " + data.name(),
                    data.rows() + " rows, " + data.digest().shortHex()));
    run.artifacts()
        .values()
        .forEach(
            artifact ->
                table.row(
                    "artifact",
                    artifact.path(),
                    artifact.bytes() + " bytes, " + artifact.digest().hex()));
    run.environment().forEach((key, value) -> table.row("environment", key, value));
    printer.table(table);
  }
}
