package dev.mlops4j.profile;

import java.util.Arrays;

/**
 * Borders between bins of numbers. Each edge is a bin of its own, which holds the numbers equal to
 * it, so that a number that is frequent stays apart from its neighbours; the others are the open
 * intervals below the first edge, between two edges and above the last. Bins are numbered from 0 in
 * ascending order: k edges make 2 k + 1 bins. Immutable, safe for any number of threads.
 */
public final class BinEdges {

  /** How many parts of equal count {@link #ofQuantiles} aims at. */
  static final int QUANTILES = 128;

  private final double[] edges;

  /** The edges, then infinities up to a power of two, so that a search takes the same steps. */
  private final double[] padded;

  private final int firstStep;

  /** The edges must be finite and ascending; -0.0 must have been made 0.0. */
  BinEdges(double[] edges) {
    this.edges = edges;
    this.firstStep = Integer.highestOneBit(Math.max(1, edges.length));
    this.padded = Arrays.copyOf(edges, 2 * firstStep);
    Arrays.fill(padded, edges.length, padded.length, Double.POSITIVE_INFINITY);
  }

  /**
   * The distinct values among the 1/128, 2/128, ... 127/128 quantiles of these numbers, each the
   * number of rank {@code floor(q (n - 1))}: at most 127 edges, none without numbers.
   *
   * @param numbers finite; may be reordered
   */
  static BinEdges ofQuantiles(double[] numbers) {
    if (numbers.length == 0) {
      return new BinEdges(new double[0]);
    }
    int[] ranks = new int[QUANTILES - 1];
    for (int i = 1; i < QUANTILES; i++) {
      ranks[i - 1] = (int) (i * (numbers.length - 1L) / QUANTILES);
    }
    return new BinEdges(
        Arrays.stream(OrderStatistics.atRanks(numbers, ranks))
            .map(edge -> edge + 0.0) // -0.0 becomes 0.0
            .distinct()
            .toArray());
  }

  /** The edges, ascending; a copy. */
  public double[] edges() {
    return edges.clone();
  }

  /** How many bins there are. */
  public int bins() {
    return 2 * edges.length + 1;
  }

  /**
   * The bin of this number; infinities are in the first and the last.
   *
   * @throws IllegalArgumentException if the number is NaN
   */
  public int binOf(double number) {
    if (Double.isNaN(number)) {
      throw new IllegalArgumentException("NaN is in no bin; count it apart");
    }
    // The number of edges below, by halving steps without a branch to mispredict.
    int below = 0;
    for (int step = firstStep; step > 0; step >>>= 1) {
      below += padded[below + step - 1] < number ? step : 0;
    }
    return 2 * below + (padded[below] == number && below < edges.length ? 1 : 0);
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof BinEdges that && Arrays.equals(edges, that.edges);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(edges);
  }

  @Override
  public String toString() {
    return "BinEdges " + Arrays.toString(edges);
  }
}
