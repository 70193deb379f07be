package dev.mlops4j.monitoring.statistics;

/**
 * The total variation distance, {@code sum |p - q| / 2} over the categories: the greatest
 * difference that the samples have in the share of any set of categories, 0 to 1 (A. L. Gibbs, F.
 * E. Su, "On choosing and bounding probability metrics", 2002).
 *
 * <p>No test goes with it (Evidently's p-value is by permutation, and depends on a hash seed); it
 * grows with the number of categories and as samples get smaller. Cost: linear in the categories.
 */
public final class TotalVariation {

  private TotalVariation() {}

  /** The distance. */
  public static double distance(CategoryPair pair) {
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      sum += Math.abs(pair.referenceShare(i) - pair.currentShare(i));
    }
    return sum / 2;
  }
}
