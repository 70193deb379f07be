package dev.mlops4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** The problems of a file, up to a number. */
final class CsvProblems {

  private final Path file;
  private final int most;
  private final List<CsvProblem> problems = new ArrayList<>();

  CsvProblems(Path file, int most) {
    this.file = file;
    this.most = most;
  }

  void add(CsvProblem problem) {
    if (!isFull()) {
      problems.add(problem);
    }
  }

  boolean isEmpty() {
    return problems.isEmpty();
  }

  boolean isFull() {
    return problems.size() >= most;
  }

  void throwIfAny() {
    if (!isEmpty()) {
      throw new CsvException(file, problems, isFull());
    }
  }
}
