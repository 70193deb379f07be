package dev.mlops4j.cli;

import dev.mlops4j.workspace.NotAWorkspaceException;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
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

  /** Opens a workspace that is there: a wrong directory makes no new one. */
  Workspace open() {
    if (!Files.isDirectory(directory)) {
      throw new IllegalArgumentException(
          "there is no workspace " + directory + "; name it with --workspace");
    }
    return Workspace.open(directory);
  }

  /**
   * Opens the workspace, or makes it.
   *
   * @throws NotAWorkspaceException if the directory is something else
   */
  Workspace openOrMake() {
    return Workspace.open(directory);
  }
}
