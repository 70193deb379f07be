package dev.mlops4j.duckdb;

import dev.mlops4j.MlopsException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** A Parquet file cannot be written; what stood in its place before is still there. */
public final class ParquetWriteException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;

  ParquetWriteException(Path file, String message, @Nullable Throwable cause) {
    super(file + ": " + message, cause);
    this.file = file;
  }

  /** The file. */
  public Path file() {
    return file;
  }
}
