package dev.mlops4j.benchmarks.predict;

import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Report;
import java.util.Locale;

/** Whether a side predicts what the library that trained the model predicts in Python. */
final class Agreement {

  /** Of ours and of XGBoost itself: another exponential function, nothing else. */
  static final double SAME_SUM = 2e-7;

  /** Of engines that add the leaves in another order or precision. */
  static final double OTHER_SUM = 1e-5;

  private Agreement() {}

  static void check(Report report, String name, float[] expected, float[] found, double tolerance) {
    double greatest = 0;
    int at = 0;
    for (int i = 0; i < expected.length; i++) {
      double difference = Math.abs((double) expected[i] - found[i]);
      // A NaN is greater than all others here.
      if (!(difference <= greatest)) {
        greatest = difference;
        at = i;
      }
    }
    String text =
        String.format(
            Locale.ROOT,
            "%s: %,d predictions, the greatest difference from Python's is %.1e, tolerance %.0e",
            name,
            expected.length,
            greatest,
            tolerance);
    if (!(greatest <= tolerance)) {
      throw new DisagreementException(
          text + ": row " + at + " is " + expected[at] + " there and " + found[at] + " here");
    }
    report.note("%s", text);
  }
}
