package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.tracking.PurgedRuns;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Removes deleted runs for good. */
@Command(
    name = "purge",
    mixinStandardHelpOptions = true,
    description =
        "Removes deleted runs for good, and the bytes of their artifacts that no other run and no"
            + " version uses.",
    footer = {"", "Example:", "  mlops runs purge --deleted-for 30d"})
final class RunsPurge extends WorkspaceCommand {

  @Option(
      names = "--deleted-for",
      required = true,
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "Only runs that were deleted so long ago, as 30d, 12h or 0s for all.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Duration deletedFor;

  @Option(
      names = "--grace",
      defaultValue = "24h",
      paramLabel = "TIME",
      converter = DurationText.class,
      description = "Leaves artifacts that were put within this time (default: ${DEFAULT-VALUE}).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Duration grace;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    PurgedRuns purged = Tracking.in(opened).purge(deletedFor, grace);
    if (printer.isJson()) {
      ObjectNode json = Json.object();
      ArrayNode runs = json.putArray("runs");
      purged.ids().forEach(runs::add);
      json.set("artifacts", Json.garbage(purged.artifacts()));
      printer.json(json);
    } else {
      printer.line(purged.ids().size() + " runs removed for good");
      printer.line("of their artifacts: " + purged.artifacts());
    }
    return ExitCode.DONE;
  }
}
