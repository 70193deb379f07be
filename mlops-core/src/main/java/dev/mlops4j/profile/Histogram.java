package dev.mlops4j.profile;

import org.jspecify.annotations.Nullable;

/**
 * How many finite numbers fall into each bin of given edges. Immutable, safe for any number of
 * threads.
 */
public final class Histogram {

  private final BinEdges edges;
  private final long[] counts;

  Histogram(BinEdges edges, long[] counts) {
    this.edges = edges;
    this.counts = counts;
  }

  /** The edges; histograms can be compared bin by bin when theirs are equal. */
  public BinEdges edges() {
    return edges;
  }

  /** How many numbers fall into this bin, from 0. */
  public long count(int bin) {
    return counts[bin];
  }

  /** The counts of all bins, {@code edges().bins()} of them; a copy. */
  public long[] counts() {
    return counts.clone();
  }

  /** Null if the edges differ. */
  @Nullable Histogram merge(Histogram other) {
    if (!edges.equals(other.edges)) {
      return null;
    }
    long[] sums = counts.clone();
    for (int i = 0; i < sums.length; i++) {
      sums[i] = Math.addExact(sums[i], other.counts[i]);
    }
    return new Histogram(edges, sums);
  }
}
