package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A training set cannot be exported; the directory then has no manifest. */
public final class TrainingExportException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient Path directory;

  TrainingExportException(Path directory, String message, @Nullable Throwable cause) {
    super(directory + ": " + message, cause);
    this.directory = directory;
  }

  /** The directory. */
  public Path directory() {
    return directory;
  }
}
