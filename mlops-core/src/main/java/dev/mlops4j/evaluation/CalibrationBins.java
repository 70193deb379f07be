package dev.mlops4j.evaluation;

/**
 * The expected calibration error: M. Pakdaman Naeini, G. Cooper and M. Hauskrecht, "Obtaining well
 * calibrated probabilities using Bayesian binning", AAAI 2015. Probabilities lie in ten bins of
 * equal width, each with its upper end and without its lower one, as in scikit-learn's {@code
 * calibration_curve}; the error is the mean distance of the mean probability of a bin from the
 * share that came true there, weighted by rows.
 */
final class CalibrationBins {

  static final int BINS = 10;

  private static final double WIDTH = 1.0 / BINS;

  private CalibrationBins() {}

  /**
   * The error.
   *
   * @param yes the probabilities of what came true, ascending
   * @param no those of what did not, ascending
   */
  static double error(double[] yes, double[] no) {
    CompensatedSum error = new CompensatedSum();
    int nextYes = 0;
    int nextNo = 0;
    for (int bin = 0; bin < BINS; bin++) {
      double upper = bin == BINS - 1 ? Double.POSITIVE_INFINITY : (bin + 1) * WIDTH;
      CompensatedSum gap = new CompensatedSum();
      int first = nextYes;
      while (nextYes < yes.length && yes[nextYes] <= upper) {
        gap.add(-yes[nextYes++]);
      }
      while (nextNo < no.length && no[nextNo] <= upper) {
        gap.add(-no[nextNo++]);
      }
      gap.add(nextYes - first);
      error.add(Math.abs(gap.value()));
    }
    return error.value() / (yes.length + (double) no.length);
  }
}
