package dev.mlops4j.monitoring.statistics;

import dev.mlops4j.profile.Histogram;
import java.util.Arrays;

/** One number for each bin of a histogram that two profiles share. */
final class HistogramCells {

  private HistogramCells() {}

  /**
   * Edges stand for themselves, intervals are stood for by their middle, the outer ones reaching to
   * the least and the greatest number.
   */
  static NumericPair pair(Histogram reference, Histogram current, double min, double max) {
    double[] edges = reference.edges().edges();
    double[] values = new double[2 * edges.length + 1];
    long[] first = new long[values.length];
    long[] second = new long[values.length];
    int size = 0;
    for (int bin = 0; bin < values.length; bin++) {
      long inFirst = reference.count(bin);
      long inSecond = current.count(bin);
      if (inFirst + inSecond > 0) {
        values[size] = number(edges, bin, min, max);
        first[size] = inFirst;
        second[size++] = inSecond;
      }
    }
    return NumericPair.binned(
        Arrays.copyOf(values, size), Arrays.copyOf(first, size), Arrays.copyOf(second, size));
  }

  private static double number(double[] edges, int bin, double min, double max) {
    if (edges.length == 0) {
      return 0.5 * min + 0.5 * max;
    }
    int below = bin / 2;
    if (bin % 2 == 1) {
      return edges[below];
    }
    if (below == 0) {
      return Math.min(0.5 * min + 0.5 * edges[0], Math.nextDown(edges[0]));
    }
    double lower = edges[below - 1];
    if (below == edges.length) {
      return Math.max(0.5 * lower + 0.5 * max, Math.nextUp(lower));
    }
    return Math.max(0.5 * lower + 0.5 * edges[below], Math.nextUp(lower));
  }
}
