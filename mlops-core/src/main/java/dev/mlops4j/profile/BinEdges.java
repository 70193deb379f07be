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

  /** The edges must be finite and ascending; -0.0 must have been made 0.0. */
  BinEdges(double[] edges) {
    this.edges = edges;
  }

  /**
   * The distinct values among the 1/128, 2/128, ... 127/128 quantiles of these numbers, each the
   * number of rank {@code floor(q (n - 1))}: at most 127 edges, none without numbers.
   *
   * @param sorted finite, ascending
   */
  static BinEdges ofQuantiles(double[] sorted) {
    if (sorted.length == 0) {
      return new BinEdges(new double[0]);
    }
    double[] edges = new double[QUANTILES - 1];
    for (int i = 1; i < QUANTILES; i++) {
      edges[i - 1] = sorted[(int) (i * (sorted.length - 1L) / QUANTILES)] + 0.0;
    }
    return new BinEdges(Arrays.stream(edges).distinct().toArray());
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
    int found = Arrays.binarySearch(edges, number + 0.0);
    return found >= 0 ? 2 * found + 1 : 2 * (-found - 1);
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
