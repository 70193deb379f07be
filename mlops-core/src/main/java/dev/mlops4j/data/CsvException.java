package dev.mlops4j.data;

import dev.mlops4j.MlopsException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A comma-separated file cannot be read or written. The message names the file and all problems
 * found, with line, column and value; the value of a sensitive column is left out.
 */
public final class CsvException extends MlopsException {

  private static final long serialVersionUID = 1L;

  private final transient Path file;
  private final transient List<CsvProblem> problems;

  CsvException(Path file, String message) {
    this(file, message, null);
  }

  CsvException(Path file, String message, @Nullable Throwable cause) {
    super(file + ": " + message, cause);
    this.file = file;
    this.problems = List.of();
  }

  CsvException(Path file, List<CsvProblem> problems, boolean stopped) {
    super(message(file, problems, stopped));
    this.file = file;
    this.problems = List.copyOf(problems);
  }

  /** The file. */
  public Path file() {
    return file;
  }

  /** The problems in the order of the file; empty if the file as a whole is the problem. */
  public List<CsvProblem> problems() {
    return problems;
  }

  private static String message(Path file, List<CsvProblem> problems, boolean stopped) {
    StringBuilder message = new StringBuilder();
    message.append(file).append(": ").append(problems.size());
    message.append(problems.size() == 1 ? " problem" : " problems");
    if (stopped) {
      message.append(", where reading stopped");
    }
    for (CsvProblem problem : problems) {
      message.append("\n  ").append(problem);
    }
    return message.toString();
  }
}
