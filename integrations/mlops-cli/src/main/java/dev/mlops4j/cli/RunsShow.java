package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.tracking.Recipe;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunResume;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

/** All that is known of a run. */
@Command(
    name = "show",
    mixinStandardHelpOptions = true,
    description =
        "Shows a run: parent and children, failure, resumes, seeds, params, latest metrics, tags,"
            + " datasets, artifacts, notes, environment.")
final class RunsShow extends WorkspaceCommand {

  @Parameters(paramLabel = "RUN", description = "The run's id, or the beginning of it.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String id;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Tracking tracking = Tracking.in(opened);
    RunRecord run = Runs.find(tracking, id);
    List<RunRecord> children = tracking.children(run.id());
    if (printer.isJson()) {
      printer.json(json(run, children));
    } else {
      printer.table(table(run, children));
    }
    return ExitCode.DONE;
  }

  private static ObjectNode json(RunRecord run, List<RunRecord> children) {
    ObjectNode node = Json.run(run);
    ArrayNode ids = node.putArray("children");
    children.forEach(child -> ids.add(child.id()));
    node.set("environment", Json.texts(run.environment()));
    return node;
  }

  private static Table table(RunRecord run, List<RunRecord> children) {
    Table table = new Table().words("").words("").words(run.name());
    table.row("run", "id", run.id());
    table.row("run", "experiment", run.experiment());
    table.row("run", "status", run.status());
    table.row("run", "started", run.startedAt());
    table.row("run", "ended", run.endedAt());
    if (run.deletedAt() != null) {
      table.row("run", "deleted", run.deletedAt());
    }
    if (run.parentId() != null) {
      table.row("run", "parent", run.parentId());
    }
    for (RunRecord child : children) {
      table.row("child", child.name(), child.id() + ", " + child.status());
    }
    lines(table, "failure", "", run.failure());
    for (RunResume resume : run.resumes()) {
      table.row("resume", resume.at(), "was " + resume.before());
      lines(table, "resume", "failure before", resume.failure());
    }
    logged(table, run);
    lines(table, "notes", "", run.notes());
    run.environment().forEach((key, value) -> table.row("environment", key, value));
    return table;
  }

  private static void logged(Table table, RunRecord run) {
    Recipe recipe = run.recipe();
    recipe.seeds().forEach((key, value) -> table.row("seed", key, value));
    recipe.params().forEach((key, value) -> table.row("param", key, value));
    run.metrics().forEach((key, point) -> table.row("metric", key, point.value()));
    run.tags().forEach((key, value) -> table.row("tag", key, value));
    DatasetReference.properties(run.datasets())
        .forEach((key, value) -> table.row("dataset", key, value));
    run.artifacts()
        .values()
        .forEach(
            artifact ->
                table.row(
                    "artifact",
                    artifact.path(),
                    artifact.bytes() + " bytes, " + artifact.digest().hex()));
  }

  /** A row for each line of a text, as a cell has one line only. */
  private static void lines(Table table, String section, String key, @Nullable String text) {
    if (text != null) {
      text.lines()
          .map(line -> line.replace("\t", "  "))
          .forEach(line -> table.row(section, key, line));
    }
  }
}
