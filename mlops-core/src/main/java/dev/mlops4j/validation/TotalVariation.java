package dev.mlops4j.validation;

/**
 * How far two samples, counted in the same groups, are apart: half the sum of the differences of
 * the groups' shares, from 0 (the same shares) to 1 (no group in common). It is the share of the
 * rows that would have to be others for the shares to be the same.
 *
 * <p>{@link #chance} is what two samples of one distribution exceed with a probability of about
 * {@value #FALSE_ALARM} at most, whatever the distribution, if rows are independent. The mean of
 * the distance is at most half the sum of {@code sqrt(p (1 - p) (1/n + 1/m))} over the groups, by
 * Jensen's inequality; the deviation from the mean follows McDiarmid's inequality (C. McDiarmid,
 * "On the method of bounded differences", Surveys in Combinatorics, 1989), as one row changes the
 * distance by 1/n or 1/m. The groups' shares p are estimated from both samples.
 *
 * @param distance from 0 to 1; NaN if a sample is empty
 * @param chance what chance alone may give; infinite if a sample is empty
 * @param widest the group whose share differs most
 * @param from the rows of the first sample
 * @param to the rows of the second
 */
record TotalVariation(double distance, double chance, int widest, long from, long to) {

  static final double FALSE_ALARM = 0.001;

  /** Shares that are equal as fractions differ by less than this as doubles. */
  private static final double ROUNDING = 1e-12;

  static TotalVariation of(long[] from, long[] to) {
    long n = total(from);
    long m = total(to);
    if (n == 0 || m == 0) {
      return new TotalVariation(Double.NaN, Double.POSITIVE_INFINITY, 0, n, m);
    }
    double thinness = 1.0 / n + 1.0 / m;
    double differences = 0;
    double deviations = 0;
    double greatest = -1;
    int widest = 0;
    for (int group = 0; group < from.length; group++) {
      double difference = Math.abs((double) to[group] / m - (double) from[group] / n);
      double pooled = ((double) from[group] + to[group]) / ((double) n + m);
      differences += difference;
      deviations += Math.sqrt(pooled * (1 - pooled) * thinness);
      if (difference > greatest) {
        greatest = difference;
        widest = group;
      }
    }
    double chance = deviations / 2 + Math.sqrt(-Math.log(FALSE_ALARM) / 2 * thinness);
    return new TotalVariation(differences / 2, chance, widest, n, m);
  }

  /**
   * Held, if the distance is at most the bound and there are rows enough to see more; violated, if
   * it is more than the bound and than chance gives.
   */
  Outcome against(double bound) {
    if (distance > Math.max(bound, chance) + ROUNDING) {
      return Outcome.VIOLATED;
    }
    return chance <= bound ? Outcome.HELD : Outcome.NOT_ENOUGH_ROWS;
  }

  private static long total(long[] counts) {
    long total = 0;
    for (long count : counts) {
      total += count;
    }
    return total;
  }
}
