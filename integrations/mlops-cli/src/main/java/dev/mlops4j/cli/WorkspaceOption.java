package dev.mlops4j.cli;

import dev.mlops4j.workspace.NotAWorkspaceException;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the workspace is. */
final class WorkspaceOption {

  @Option(
      names = {"-w", "--workspace"},
      defaultValue = "${env:MLOPS_WORKSPACE:-workspace}",
      paramLabel = "DIR",
      description = "The workspace's directory (default: $MLOPS_WORKSPACE, or workspace).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private Path directory;

  @Option(
      names = "--database",
      defaultValue = "${env:MLOPS_DATABASE}",
      paramLabel = "URL",
      description =
          "The PostgreSQL database of the workspace, as jdbc:postgresql://HOST/NAME (default:"
              + " $MLOPS_DATABASE, or the directory's own files). The password is taken from"
              + " $MLOPS_DATABASE_PASSWORD, $PGPASSWORD or ~/.pgpass.")
  private @Nullable String database;

  @Option(
      names = "--database-user",
      defaultValue = "${env:MLOPS_DATABASE_USER}",
      paramLabel = "USER",
      description = "The database's user (default: $MLOPS_DATABASE_USER).")
  private @Nullable String user;

  @Option(
      names = "--schema",
      defaultValue = "${env:MLOPS_SCHEMA:-mlops}",
      paramLabel = "NAME",
      description = "The database's schema (default: $MLOPS_SCHEMA, or mlops).")
  @SuppressWarnings("NullAway.Init") // set by picocli
  private String schema;

  /** Opens a workspace that is there: a wrong directory makes no new one. */
  Workspace open() {
    checkThere(directory, "--workspace");
    return openOrMake();
  }

  static void checkThere(Path directory, String option) {
    if (!Files.isDirectory(directory)) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          "there is no workspace " + directory + "; name it with " + option + " DIR");
    }
    if (!Files.exists(directory.resolve("mlops4j.json"))) {
      throw new CommandException(
          ExitCode.NOT_FOUND,
          directory
              + " is a directory without mlops4j.json, so no workspace; name one with "
              + option
              + " DIR");
    }
  }

  /**
   * Opens the workspace, or makes it.
   *
   * @throws NotAWorkspaceException if the directory is something else
   */
  Workspace openOrMake() {
    Workspace.Builder builder = Workspace.at(directory);
    String url = database;
    if (url != null && !url.isBlank()) {
      builder.database(
          Postgres.open("--database", url, user, schema, "MLOPS_DATABASE_PASSWORD", "PGPASSWORD"));
    }
    return builder.open();
  }
}
