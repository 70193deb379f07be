package dev.mlops4j.cli;

import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Garbage;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
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

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    Artifacts artifacts = opened.artifacts();
    Garbage garbage = delete ? artifacts.collectGarbage(grace) : artifacts.findGarbage(grace);
    if (printer.isJson()) {
      printer.json(Json.garbage(garbage));
    } else {
      printer.line(garbage.toString());
      if (!delete && garbage.artifacts() > 0) {
        printer.line("nothing was deleted; --delete deletes them");
      }
    }
    return ExitCode.DONE;
  }
}
