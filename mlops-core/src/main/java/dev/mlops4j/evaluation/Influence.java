package dev.mlops4j.evaluation;

import java.util.Arrays;

/**
 * The standard error of a figure that is no mean, by what each row moves it: the root of the sum of
 * the squares of these. That is the infinitesimal jackknife, and for counts the delta method: B.
 * Efron, "The jackknife, the bootstrap and other resampling plans", SIAM 1982, chapter 6; DeLong's
 * is that of the AUC but for its divisors. It takes rows for independent, and enough of them for
 * the figure to be nearly linear in what a row adds.
 */
final class Influence {

  private Influence() {}

  /**
   * The standard error.
   *
   * @param moved what each row moves the figure by: its derivative by the weight of the row;
   *     changed
   */
  static double standardError(double[] moved) {
    for (int i = 0; i < moved.length; i++) {
      moved[i] *= moved[i];
    }
    // So that the order of the rows makes no difference.
    Arrays.sort(moved);
    CompensatedSum sum = new CompensatedSum();
    for (double square : moved) {
      sum.add(square);
    }
    return Math.sqrt(sum.value());
  }
}
