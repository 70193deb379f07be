package dev.mlops4j.monitoring.statistics;

/**
 * Boschloo's exact test of two shares (R. D. Boschloo, "Raised conditional level of significance
 * for the 2 x 2-table when testing the equality of two probabilities", Statistica Neerlandica,
 * 1970): holds its rate as {@link FisherExact} does, and never finds less. Assumes independent
 * rows. Cost: the product of the sizes in time, about 5 ms for 1,000 and 1,000 rows; the sum of the
 * sizes in memory.
 *
 * <p>Fisher's test is exact given how many say yes in both samples together, where few tables are
 * possible, so that its rate is far below what is asked: of twice 50 rows 3 % instead of 5. Here
 * only the sizes are given. The p-value is the probability of a Fisher p-value as small as the one
 * found, at the common share for which that is most probable.
 */
public final class BoschlooExact {

  /** Probabilities below this part of the largest one add nothing to a double. */
  private static final double NOTHING = 1e-18;

  /** Grid points in the standard deviation of the number of yes, which the sum is as smooth as. */
  private static final double POINTS_A_DEVIATION = 4;

  private static final int LEAST_POINTS = 32;

  /** A maximum on the grid that is this part of the largest may be the largest between points. */
  private static final double NEARLY = 0.95;

  /** Of the interval around the best grid point, so often one part in 1.6 remains. */
  private static final int REFINEMENTS = 40;

  private static final double GOLDEN = (Math.sqrt(5) - 1) / 2;

  private final int size;

  /** By number of yes in both: the probability of what is as extreme as what was found. */
  private final double[] extreme;

  private BoschlooExact(double[] extreme) {
    this.extreme = extreme;
    this.size = extreme.length - 1;
  }

  /**
   * Boschloo's test, two-sided: tables are ordered by the two-sided p-value of {@link FisherExact}.
   * ({@code scipy.stats.boschloo_exact} doubles the smaller of the one-sided ones instead.)
   *
   * @throws IllegalArgumentException if a count is negative, or the samples have more than 2^30
   *     rows together
   */
  public static double of(long yes1, long no1, long yes2, long no2) {
    double fisher = FisherExact.of(yes1, no1, yes2, no2);
    long all = yes1 + no1 + yes2 + no2;
    if (all > 1 << 30) {
      throw new IllegalArgumentException(all + " rows are too many for Boschloo's test");
    }
    if (fisher >= 1 || yes1 + no1 == 0 || yes2 + no2 == 0) {
      return 1;
    }
    double[] extreme = new double[(int) all + 1];
    for (int yes = 0; yes <= all - yes; yes++) {
      extreme[yes] = FisherExact.largestUpTo(fisher, yes1 + no1, yes2 + no2, yes);
      // No is to the one what yes is to the other.
      extreme[(int) all - yes] = extreme[yes];
    }
    return Math.min(fisher, new BoschlooExact(extreme).most());
  }

  /** The largest probability over all shares; those over one half are those below it. */
  private double most() {
    int points = Math.max(LEAST_POINTS, (int) (POINTS_A_DEVIATION * Math.PI / 2 * Math.sqrt(size)));
    double step = Math.PI / 4 / points;
    double[] found = new double[points + 2];
    double best = 0;
    for (int i = 1; i <= points; i++) {
      found[i] = probability(i * step);
      best = Math.max(best, found[i]);
    }
    double most = best;
    for (int i = 1; i <= points; i++) {
      boolean isTop = found[i] >= found[i - 1] && found[i] >= found[i + 1];
      if (isTop && found[i] >= NEARLY * best) {
        most = Math.max(most, refined((i - 1) * step, Math.min((i + 1) * step, Math.PI / 4)));
      }
    }
    return most;
  }

  /** Golden section: the sum has one maximum between grid points this near. */
  private double refined(double from, double to) {
    double low = from;
    double high = to;
    double left = high - GOLDEN * (high - low);
    double right = low + GOLDEN * (high - low);
    double atLeft = probability(left);
    double atRight = probability(right);
    for (int i = 0; i < REFINEMENTS; i++) {
      if (atLeft > atRight) {
        high = right;
        right = left;
        atRight = atLeft;
        left = high - GOLDEN * (high - low);
        atLeft = probability(left);
      } else {
        low = left;
        left = right;
        atLeft = atRight;
        right = low + GOLDEN * (high - low);
        atRight = probability(right);
      }
    }
    return Math.max(atLeft, atRight);
  }

  /**
   * The probability of what is as extreme, if the common share is the square of this angle's sine:
   * in angles the sum is as smooth everywhere.
   */
  private double probability(double angle) {
    if (angle <= 0) {
      return 0;
    }
    double share = Math.sin(angle) * Math.sin(angle);
    double odds = share / (1 - share);
    int mode = Math.min(size, (int) ((size + 1) * share));
    // Of each number of yes, relative to the most probable one.
    double all = 1;
    double sum = extreme[mode];
    double weight = 1;
    for (int yes = mode; yes < size && weight > NOTHING; yes++) {
      weight *= odds * (size - yes) / (yes + 1.0);
      all += weight;
      sum += weight * extreme[yes + 1];
    }
    weight = 1;
    for (int yes = mode; yes > 0 && weight > NOTHING; yes--) {
      weight *= yes / (odds * (size - yes + 1.0));
      all += weight;
      sum += weight * extreme[yes - 1];
    }
    return sum / all;
  }
}
