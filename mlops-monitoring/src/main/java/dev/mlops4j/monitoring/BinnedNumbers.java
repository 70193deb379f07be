package dev.mlops4j.monitoring;

import dev.mlops4j.profile.BinEdges;
import java.util.Arrays;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers that were counted in the bins of a reference: what is between two edges is taken as
 * spread evenly; what is beyond the outermost edges has no place, and a quantile among it is the
 * edge. Cost: a quantile or a share is linear in the number of bins.
 */
final class BinnedNumbers implements Distribution {

  private final double[] edges;
  private final long[] counts;
  private final long count;

  BinnedNumbers(BinEdges edges, long[] counts) {
    this.edges = edges.edges();
    this.counts = counts.clone();
    this.count = Arrays.stream(counts).sum();
  }

  @Override
  public long count() {
    return count;
  }

  @Override
  public double quantile(double share) {
    if (count == 0 || edges.length == 0) {
      return Double.NaN;
    }
    double wanted = share * count;
    double below = 0;
    for (int bin = 0; bin < counts.length; bin++) {
      if (counts[bin] > 0 && below + counts[bin] >= wanted) {
        double part = Math.max(0, (wanted - below) / counts[bin]);
        return from(bin) + part * (to(bin) - from(bin));
      }
      below += counts[bin];
    }
    return edges[edges.length - 1];
  }

  /** What is below the first edge is at most any number, what is above the last at most none. */
  @Override
  public double shareAtMost(double number) {
    if (count == 0) {
      return Double.NaN;
    }
    double atMost = counts[0];
    for (int bin = 1; bin < counts.length - 1; bin++) {
      double from = from(bin);
      double to = to(bin);
      if (to <= number) {
        atMost += counts[bin];
      } else if (from < number) {
        atMost += counts[bin] * ((number - from) / (to - from));
      }
    }
    return atMost / count;
  }

  /** Only where every number is one of few edges. */
  @Override
  public Optional<SortedMap<Double, Long>> values() {
    if (edges.length > ColumnPictures.MOST_BARS) {
      return Optional.empty();
    }
    SortedMap<Double, Long> values = new TreeMap<>();
    for (int bin = 0; bin < counts.length; bin++) {
      if (bin % 2 == 1) {
        values.put(edges[bin / 2], counts[bin]);
      } else if (counts[bin] > 0) {
        return Optional.empty();
      }
    }
    values.values().removeIf(n -> n == 0);
    return Optional.of(values);
  }

  /** The share of the numbers below the first edge, and above the last. */
  double belowEdges() {
    return (double) counts[0] / count;
  }

  double aboveEdges() {
    return edges.length == 0 ? 0 : (double) counts[counts.length - 1] / count;
  }

  private double from(int bin) {
    return bin % 2 == 1 ? edges[bin / 2] : edges[Math.max(0, bin / 2 - 1)];
  }

  private double to(int bin) {
    return edges[Math.min(edges.length - 1, bin / 2)];
  }
}
