package dev.mlops4j.data;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a {@link RowSource} cannot be read, because what holds them failed: a database, a
 * file, a network. Batches may have been shown before. Rows that are there but are not what was
 * declared are a {@link SchemaException} instead.
 */
public final class RowSourceException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient String source;

  /**
   * Creates an exception.
   *
   * @param source what the rows were read from, as people know it
   * @param message what was asked, what was found, and what to do
   */
  public RowSourceException(String source, String message, @Nullable Throwable cause) {
    super(source + ": " + message, cause);
    this.source = source;
  }

  /** What the rows were read from. */
  public String source() {
    return source;
  }
}
