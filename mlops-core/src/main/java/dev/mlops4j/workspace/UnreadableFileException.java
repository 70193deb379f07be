package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;
import java.io.IOException;
import java.nio.file.Path;

/** A file that was to be stored cannot be read; nothing was stored. */
public class UnreadableFileException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String file;

  /** Creates an exception for the file and what reading it ended with. */
  public UnreadableFileException(Path file, IOException cause) {
    super(
        "cannot read "
            + file
            + " ("
            + cause.getClass().getSimpleName()
            + ": "
            + cause.getMessage()
            + "). Nothing was stored; check that it is a file that this process may read",
        cause);
    this.file = file.toString();
  }

  /** The path as it was given. */
  public String file() {
    return file;
  }
}
