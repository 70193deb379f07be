package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import dev.mlops4j.tracking.ImportedRun;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Adds the runs of an archive. */
@Command(
    name = "import",
    mixinStandardHelpOptions = true,
    description =
        "Adds the runs of an archive that runs export wrote, all or none; those that are here"
            + " already stay as they are.")
final class RunsImport extends WorkspaceCommand {

  @Parameters(paramLabel = "FILE.zip", description = "The archive.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path file;

  @Option(
      names = "--max-bytes",
      defaultValue = "" + Archive.DEFAULT_MAX_BYTES,
      paramLabel = "BYTES",
      description = "How many bytes it may unpack to (default: ${DEFAULT-VALUE}).")
  private long maxBytes;

  /** Makes the workspace if it is not there. */
  @Override
  Workspace open(WorkspaceOption option) {
    if (!Files.exists(file)) {
      throw new CommandException(ExitCode.NOT_FOUND, file + " is not there; name an archive");
    }
    return option.openOrMake();
  }

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    List<ImportedRun> runs = Tracking.in(opened).importFrom(file, maxBytes);
    ArrayNode json = Json.array();
    for (ImportedRun imported : runs) {
      json.add(Json.run(imported.run()).put("added", imported.added()));
      if (!printer.isJson()) {
        printer.line(
            imported.run().id()
                + " "
                + imported.run().name()
                + (imported.added() ? ": added" : ": here already, unchanged"));
      }
    }
    if (printer.isJson()) {
      printer.json(json);
    }
    return ExitCode.DONE;
  }
}
