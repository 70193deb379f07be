package dev.mlops4j.monitoring.statistics;

/**
 * The Hellinger distance, {@code sqrt(sum (sqrt(p) - sqrt(q))^2 / 2)} over the categories, 0 to 1
 * (E. Hellinger, 1909): a metric that is finite where a category is in one sample alone.
 *
 * <p>No test goes with it; without drift, rows independent, its square is about {@code (k - 1)(1/n
 * + 1/m)/8} of k categories. Cost: linear in the categories.
 */
public final class Hellinger {

  private Hellinger() {}

  /** The distance. */
  public static double distance(CategoryPair pair) {
    double sum = 0;
    for (int i = 0; i < pair.size(); i++) {
      double p = pair.referenceShare(i);
      double q = pair.currentShare(i);
      if (p != q) {
        // (sqrt p - sqrt q) without its loss of digits where both are nearly the same.
        double difference = (p - q) / (Math.sqrt(p) + Math.sqrt(q));
        sum += difference * difference;
      }
    }
    return Math.sqrt(sum / 2);
  }
}
