package dev.mlops4j.benchmarks;

import java.nio.file.Path;

/** Something measured on both sides in one run. */
@FunctionalInterface
public interface Comparison {

  /**
   * Checks that the sides agree, measures them, and prints a line for each figure.
   *
   * @param directory where models and environments are, and where files may be left
   * @throws DisagreementException if a side predicts something else
   * @throws Exception whatever a side fails with
   */
  void run(Path directory, Report report) throws Exception;
}
