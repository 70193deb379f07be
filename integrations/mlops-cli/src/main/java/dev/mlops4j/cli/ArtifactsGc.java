package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Garbage;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Finds or deletes the artifacts that nobody refers to. */
@Command(
    name = "gc",
    mixinStandardHelpOptions = true,
    description =
        "Counts the artifacts that no run and no version refers to, and with --delete deletes"
            + " them. Safe beside running services.",
    footer = {"", "Examples:", "  mlops artifacts gc", "  mlops artifacts gc --delete --grace 7d"})
final class ArtifactsGc extends WorkspaceCommand {

  @Option(names = "--delete", description = "Deletes them; without it nothing is changed.")
  private boolean delete;

  @Option(
      names = "--grace",
      defaultValue = "24h",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "Leaves what was put within this time and may be about to be referred to, a minute at"
              + " least (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Duration grace;

  @Option(
      names = "--forget-outputs",
      paramLabel = "TIME",
      converter = DurationText.class,
      description =
          "Also forgets outputs of pipelines' steps that were made so long ago, as 90d: the steps"
              + " are done again when they are asked for.")
  private @Nullable Duration forgotten;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    long outputs = 0;
    if (forgotten != null) {
      outputs =
          delete
              ? Pipeline.forgetOutputs(opened, forgotten)
              : Pipeline.countOutputs(opened, forgotten);
    }
    Artifacts artifacts = opened.artifacts();
    Garbage garbage = delete ? artifacts.collectGarbage(grace) : artifacts.findGarbage(grace);
    if (printer.isJson()) {
      ObjectNode json = Json.garbage(garbage);
      if (forgotten != null) {
        json.put("outputs", outputs);
      }
      printer.json(json);
    } else {
      printer.line(garbage.toString());
      if (forgotten != null) {
        printer.line(outputs + " outputs of steps");
      }
      if (!delete && garbage.artifacts() + outputs > 0) {
        printer.line("nothing was deleted; --delete deletes them");
      }
    }
    return ExitCode.DONE;
  }
}
