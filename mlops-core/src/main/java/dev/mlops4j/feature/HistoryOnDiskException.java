package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.io.IOException;
import java.nio.file.Path;

/**
 * A view's history does not fit in the memory given to it, and the files that were to take the rest
 * cannot be written or read, as where the disk is full. They are gone when a training set ends with
 * this, and those of a {@link Replay} when it is closed; what the feature store keeps is unchanged.
 */
public final class HistoryOnDiskException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final String view;
  private final String directory;

  HistoryOnDiskException(String view, Path directory, IOException cause) {
    super(
        "the history of view \""
            + view
            + "\" is more than is held in memory, and its files in "
            + directory
            + " failed ("
            + cause.getClass().getSimpleName()
            + ": "
            + cause.getMessage()
            + "); see that the directory can be written and read, and has room for the history twice"
            + " where the failure is one of writing, or raise historyMemory",
        cause);
    this.view = view;
    this.directory = directory.toString();
  }

  /** The view. */
  public String view() {
    return view;
  }

  /** Where the files were to be. */
  public Path directory() {
    return Path.of(directory);
  }
}
