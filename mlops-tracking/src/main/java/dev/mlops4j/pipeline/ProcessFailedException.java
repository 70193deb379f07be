package dev.mlops4j.pipeline;

import dev.mlops4j.MlopsException;
import org.jspecify.annotations.Nullable;

/** An outside process could not be started, ended with an error, or lacks a file it should give. */
public final class ProcessFailedException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final int exitCode;

  ProcessFailedException(String message, int exitCode, @Nullable Throwable cause) {
    super(message, cause);
    this.exitCode = exitCode;
  }

  /** The exit code; -1 if it was not started. */
  public int exitCode() {
    return exitCode;
  }
}
