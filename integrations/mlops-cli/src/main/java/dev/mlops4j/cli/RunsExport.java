package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Writes runs to an archive. */
@Command(
    name = "export",
    mixinStandardHelpOptions = true,
    description =
        "Writes runs with their metrics, artifacts and models to one archive file, for runs import"
            + " in another workspace.")
final class RunsExport extends WorkspaceCommand {

  @Parameters(
      arity = "0..*",
      paramLabel = "RUN",
      description = "The runs' ids, or the beginnings of them.")
  private List<String> ids = List.of();

  @Option(
      names = "--experiment",
      paramLabel = "NAME",
      description = "All runs of an experiment, besides those named.")
  private @Nullable String experiment;

  @Mixin
  @SuppressWarnings("NullAway.Init") // set by picocli
  private ArchiveOption archive;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Path file = archive.free();
    Tracking tracking = Tracking.in(opened);
    Map<String, RunRecord> byId = new LinkedHashMap<>();
    ids.stream().map(id -> Runs.find(tracking, id)).forEach(run -> byId.put(run.id(), run));
    if (experiment != null) {
      tracking.runs(experiment).forEach(run -> byId.putIfAbsent(run.id(), run));
    }
    List<RunRecord> runs = List.copyOf(byId.values());
    if (runs.isEmpty()) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no run to export; name runs or an experiment that has some");
    }
    tracking.exportTo(file, runs);
    if (printer.isJson()) {
      ArrayNode json = Json.array();
      runs.forEach(run -> json.add(Json.run(run)));
      printer.json(json);
    } else {
      printer.line(runs.size() + (runs.size() == 1 ? " run" : " runs") + " written to " + file);
    }
    return ExitCode.DONE;
  }
}
