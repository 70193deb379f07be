package dev.mlops4j.pipeline;

import java.nio.file.Path;
import java.util.Map;

/**
 * What an outside process gave. Immutable.
 *
 * @param exitCode 0, else the step has failed
 * @param output the end of what it wrote to its standard output and error, as UTF-8, at most {@link
 *     #MOST_OUTPUT} characters; all of it is the artifact {@code pipeline/log.txt} of the step's
 *     run, up to a size of its own
 * @param files the files that were asked of it, by the names they were asked by
 */
public record ProcessOutput(int exitCode, String output, Map<String, Path> files) {

  /** How many characters of the output are kept here. */
  public static final int MOST_OUTPUT = 4_000;

  /** Copies the map. */
  public ProcessOutput {
    files = Map.copyOf(files);
  }

  /**
   * A file that was asked of it.
   *
   * @throws IllegalArgumentException if it was not
   */
  public Path file(String name) {
    Path file = files.get(name);
    if (file == null) {
      throw new IllegalArgumentException(
          "the process was not asked for a file \"" + name + "\", only for " + files.keySet());
    }
    return file;
  }
}
