package dev.mlops4j.report;

import java.util.BitSet;

/**
 * Leaves out values of a long series so that a line through the others looks the same: of each of
 * many buckets of neighbours the least, the greatest and the first that is not finite are kept, and
 * of the series the first and the last. The same values always give the same choice.
 */
public final class Thinning {

  /** The least, the greatest, one that is not finite. */
  private static final int KEPT_OF_BUCKET = 3;

  private static final int ENDS = 2;

  private Thinning() {}

  /**
   * Which values to keep. Time is proportional to the number of values.
   *
   * @param values any doubles
   * @param most how many at most, 5 or more
   * @return their positions in ascending order; all if there are no more than {@code most}
   * @throws IllegalArgumentException if {@code most} is less than 5
   */
  public static int[] kept(double[] values, int most) {
    if (most < KEPT_OF_BUCKET + ENDS) {
      throw new IllegalArgumentException("at least 5 values are kept of a series, found " + most);
    }
    BitSet kept = new BitSet(values.length);
    if (values.length <= most) {
      kept.set(0, values.length);
      return kept.stream().toArray();
    }
    int buckets = (most - ENDS) / KEPT_OF_BUCKET;
    kept.set(0);
    kept.set(values.length - 1);
    for (int bucket = 0; bucket < buckets; bucket++) {
      int from = (int) ((long) bucket * values.length / buckets);
      int to = (int) ((bucket + 1L) * values.length / buckets);
      keep(values, from, to, kept);
    }
    return kept.stream().toArray();
  }

  private static void keep(double[] values, int from, int to, BitSet kept) {
    int least = -1;
    int greatest = -1;
    int gap = -1;
    for (int i = from; i < to; i++) {
      if (!Double.isFinite(values[i])) {
        gap = gap < 0 ? i : gap;
      } else {
        least = least < 0 || values[i] < values[least] ? i : least;
        greatest = greatest < 0 || values[i] > values[greatest] ? i : greatest;
      }
    }
    for (int position : new int[] {least, greatest, gap}) {
      if (position >= 0) {
        kept.set(position);
      }
    }
  }
}
