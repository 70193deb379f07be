package dev.mlops4j.monitoring.statistics;

/**
 * The Wasserstein distance of order 1 (L. N. Vaserstein, 1969; earth mover's distance): how far, on
 * average, values must be moved to make one sample the other, {@code W = integral |F(x) - G(x)|
 * dx}, in the unit of the values.
 *
 * <p>No test goes with it: without drift it grows as samples get smaller, so one threshold for all
 * sizes gives false alarms for small ones. One far value moves it without bound. Ties need no care.
 * Of values alone: where a profile put numbers together in bins, one far number makes its bin as
 * wide as it is far, and the distance would be off without bound. As {@code
 * scipy.stats.wasserstein_distance}. Cost: linear in the distinct numbers.
 */
public final class Wasserstein {

  private Wasserstein() {}

  /**
   * The distance in the unit of the values; 0 or greater, infinite if it exceeds a double.
   *
   * @throws BinnedNumbersException if numbers were put together in bins
   */
  public static double distance(NumericPair pair) {
    double scale = scale(pair);
    return distance(pair, scale) / scale;
  }

  /** A power of two, so that scaling rounds nothing; sums of the scaled values are finite. */
  private static double scale(NumericPair pair) {
    double greatest = Math.max(Math.abs(pair.value(0)), Math.abs(pair.value(pair.size() - 1)));
    return greatest > 0x1p800 ? 0x1p-200 : 1;
  }

  private static double distance(NumericPair pair, double scale) {
    if (!pair.exact()) {
      throw new BinnedNumbersException(
          "the Wasserstein distance takes the values, these are in bins of a profile; give arrays,"
              + " NumericPair.of(double[], double[])");
    }
    double n = pair.referenceSize();
    double m = pair.currentSize();
    long first = 0;
    long second = 0;
    double sum = 0;
    for (int i = 0; i + 1 < pair.size(); i++) {
      first += pair.referenceCount(i);
      second += pair.currentCount(i);
      sum += Math.abs(first * m - second * n) * (pair.value(i + 1) * scale - pair.value(i) * scale);
    }
    return sum / n / m;
  }

  /**
   * The distance divided by the standard deviation of the reference (divided by n, as numpy's):
   * without unit. Evidently's default for large references, but that it takes a deviation under
   * 0.001 as 0.001.
   *
   * @return 0 if the samples are the same, infinite if they differ and the reference is constant
   * @throws BinnedNumbersException if numbers were put together in bins
   */
  public static double inDeviations(NumericPair pair) {
    double scale = scale(pair);
    double distance = distance(pair, scale);
    return distance == 0 ? 0 : distance / (deviation(pair) * scale);
  }

  private static double deviation(NumericPair pair) {
    double n = pair.referenceSize();
    // In units of the greatest number, whose square may be beyond a double.
    double unit = Math.max(Math.abs(pair.value(0)), Math.abs(pair.value(pair.size() - 1)));
    double mean = 0;
    for (int i = 0; i < pair.size(); i++) {
      mean += pair.referenceCount(i) / n * (pair.value(i) / unit);
    }
    double squares = 0;
    double rest = 0;
    for (int i = 0; i < pair.size(); i++) {
      double deviation = pair.value(i) / unit - mean;
      squares += pair.referenceCount(i) * deviation * deviation;
      rest += pair.referenceCount(i) * deviation;
    }
    // The second term takes back what rounding the mean cost.
    return unit * Math.sqrt(Math.max(0, squares - rest * rest / n) / n);
  }
}
