package dev.mlops4j.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.BackupReport;
import dev.mlops4j.workspace.Workspace;
import dev.mlops4j.workspace.WorkspaceBackup;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Backs up a workspace that may be in use. */
@Command(
    name = "backup",
    mixinStandardHelpOptions = true,
    description =
        "Makes a backup of a workspace in a directory, while others use it. The backup is a"
            + " workspace itself; workspace check on it says whether it is whole.",
    footer = {
      "",
      "Example:",
      "  mlops workspace backup /backups/monday && mlops workspace check -w /backups/monday"
    })
final class WorkspaceBackupCommand extends WorkspaceCommand {

  @Parameters(paramLabel = "DIR", description = "Where to; not there yet, or empty.")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path directory;

  @Option(
      names = "--copy-artifacts",
      description = "Copies the artifacts where they would be hard links, which take no room.")
  private boolean copyArtifacts;

  @Override
  ExitCode run(Workspace opened, Printer printer) {
    for (Area area : Area.values()) {
      if (opened.database(area).dialect() != Dialect.SQLITE) {
        throw new CommandException(
            ExitCode.REFUSED,
            "the workspace's databases are on a server, which has programs for backups, as pg_dump;"
                + " workspace copy --to DIR makes a directory of it");
      }
    }
    if (Files.exists(directory, LinkOption.NOFOLLOW_LINKS) && !isEmptyDirectory(directory)) {
      throw new CommandException(
          ExitCode.REFUSED, "there is something at " + directory + " already; name another path");
    }
    // Brings their tables up to date, so that it can be known to what they refer.
    Registry.in(opened).models();
    Tracking.in(opened).experiments();
    WorkspaceBackup backup = WorkspaceBackup.of(opened);
    BackupReport report = (copyArtifacts ? backup.copyingArtifacts() : backup).to(directory);
    print(report, printer);
    return report.missing().isEmpty() ? ExitCode.DONE : ExitCode.DAMAGED;
  }

  private void print(BackupReport report, Printer printer) {
    if (printer.isJson()) {
      ObjectNode json =
          Json.object()
              .put("to", directory.toString())
              .put("artifacts", report.artifacts())
              .put("bytes", report.bytes());
      ArrayNode missing = json.putArray("missing");
      report.missing().forEach(digest -> missing.add(digest.hex()));
      printer.json(json);
      return;
    }
    report
        .missing()
        .forEach(
            digest -> printer.line("the workspace has lost or damaged artifact " + digest.hex()));
    printer.line(
        directory + ": " + report.artifacts() + " artifacts of " + report.bytes() + " bytes");
  }

  private static boolean isEmptyDirectory(Path path) {
    String[] entries = path.toFile().list();
    return entries != null && entries.length == 0;
  }
}
