package dev.mlops4j.monitoring;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** What p-values say together. */
final class ManyTests {

  private ManyTests() {}

  /**
   * One p-value for the hypothesis that nothing is wrong in any of these tests (Simes, 1986): valid
   * for independent and positively dependent ones. 1 if there is none.
   */
  static double simes(double[] p) {
    double[] sorted = p.clone();
    Arrays.sort(sorted);
    double least = 1;
    for (int i = 0; i < sorted.length; i++) {
      least = Math.min(least, sorted[i] * sorted.length / (i + 1));
    }
    return least;
  }

  /**
   * The same where some tests count more than others (Y. Benjamini, Y. Hochberg, "Multiple
   * hypotheses testing with weights", 1997): the k smallest p-values share what their weights add
   * up to.
   *
   * @param weights over 0, one a test; only their ratios count
   */
  static double simes(double[] p, double[] weights) {
    int[] order = ascending(p);
    double all = Arrays.stream(weights).sum();
    double least = 1;
    double sum = 0;
    for (int i : order) {
      sum += weights[i];
      least = Math.min(least, p[i] * all / sum);
    }
    return least;
  }

  private static int[] ascending(double[] p) {
    return IntStream.range(0, p.length)
        .boxed()
        .sorted(Comparator.comparingDouble(i -> p[i]))
        .mapToInt(Integer::intValue)
        .toArray();
  }

  /**
   * The adjusted p-values of Benjamini and Hochberg (1995): calling what is at most a bound keeps
   * the expected share of false ones among the calls below it.
   */
  static double[] benjaminiHochberg(double[] p) {
    int[] order = ascending(p);
    double[] adjusted = new double[p.length];
    double least = 1;
    for (int i = order.length - 1; i >= 0; i--) {
      least = Math.min(least, p[order[i]] * p.length / (i + 1));
      adjusted[order[i]] = least;
    }
    return adjusted;
  }
}
