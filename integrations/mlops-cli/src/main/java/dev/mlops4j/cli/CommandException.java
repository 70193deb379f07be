package dev.mlops4j.cli;

import dev.mlops4j.MlopsException;

/** What a command itself finds wrong: what was asked, what was found, what to do. */
final class CommandException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final ExitCode exitCode;

  CommandException(ExitCode exitCode, String message) {
    super(message);
    this.exitCode = exitCode;
  }

  ExitCode exitCode() {
    return exitCode;
  }
}
