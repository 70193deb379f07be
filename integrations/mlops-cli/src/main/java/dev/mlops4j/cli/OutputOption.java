package dev.mlops4j.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How a command answers. */
final class OutputOption {

  @Option(names = "--json", description = "Answers with JSON, for programs.")
  private boolean json;

  @Option(
      names = "--width",
      paramLabel = "CHARS",
      description = "How wide tables may be (default: the terminal; unlimited in a pipe).")
  private @Nullable Integer width;

  boolean json() {
    return json;
  }

  @Nullable Integer width() {
    return width;
  }
}
