package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;
import java.nio.file.Path;

/** What is to be opened is not a workspace and cannot become one; it was left as it is. */
public class NotAWorkspaceException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String directory;

  /** Creates an exception for the directory; the message says why. */
  public NotAWorkspaceException(Path directory, String message) {
    super(message);
    this.directory = directory.toString();
  }

  /** What was to be opened. */
  public Path directory() {
    return Path.of(directory);
  }
}
