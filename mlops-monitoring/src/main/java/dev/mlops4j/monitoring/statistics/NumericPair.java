package dev.mlops4j.monitoring.statistics;

import dev.mlops4j.profile.Histogram;
import dev.mlops4j.profile.NumericSummary;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeSet;

/**
 * Two samples of numbers side by side: how often each number that either has occurs in the
 * reference and in the current sample. Immutable, safe for any number of threads.
 *
 * <p>Of arrays this is exact. Of profiles it is exact while both keep their few distinct numbers;
 * otherwise numbers of one bin count as one, the middle of the bin, where the bins are those of the
 * profiles' common histogram if there is one, and else those of DDSketch, 2 % of the number wide:
 * too coarse for numbers that are large compared with their spread. {@link Wasserstein} takes exact
 * pairs only.
 *
 * <pre>{@code
 * NumericPair pair = NumericPair.of(lastWeek, thisWeek); // arrays
 * TestResult ks = KolmogorovSmirnov.of(pair);
 * double moved = Wasserstein.inDeviations(pair);
 * }</pre>
 */
public final class NumericPair {

  private final double[] values;
  private final long[] reference;
  private final long[] current;
  private final long referenceSize;
  private final long currentSize;
  private final boolean exact;

  private NumericPair(double[] values, long[] reference, long[] current, boolean exact) {
    this.values = values;
    this.reference = reference;
    this.current = current;
    this.referenceSize = CategoryPair.total(reference, "reference");
    this.currentSize = CategoryPair.total(current, "current");
    this.exact = exact;
  }

  /**
   * Two samples of values, which are copied and sorted.
   *
   * @throws IllegalArgumentException if one is empty, or a value is NaN or infinite: count these
   *     apart
   */
  public static NumericPair of(double[] reference, double[] current) {
    checkFinite(reference, "reference");
    checkFinite(current, "current");
    NumericPair few = FewNumbers.pair(reference, current);
    return few == null ? merged(DoubleSort.sorted(reference), DoubleSort.sorted(current)) : few;
  }

  private static NumericPair merged(double[] first, double[] second) {
    double[] values = new double[first.length + second.length];
    long[] firstCounts = new long[values.length];
    long[] secondCounts = new long[values.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < first.length || j < second.length) {
      double value =
          j == second.length || (i < first.length && first[i] <= second[j]) ? first[i] : second[j];
      values[size] = value;
      for (; i < first.length && first[i] == value; i++) {
        firstCounts[size]++;
      }
      for (; j < second.length && second[j] == value; j++) {
        secondCounts[size]++;
      }
      size++;
    }
    return new NumericPair(
        Arrays.copyOf(values, size),
        Arrays.copyOf(firstCounts, size),
        Arrays.copyOf(secondCounts, size),
        true);
  }

  /**
   * Counts at given numbers.
   *
   * @param values finite, ascending, each once
   * @throws IllegalArgumentException if they are not, if the lengths differ, if a count is negative
   *     or a sample is empty
   */
  public static NumericPair ofCounts(double[] values, long[] reference, long[] current) {
    if (values.length != reference.length || values.length != current.length) {
      throw new IllegalArgumentException(
          values.length
              + " values have "
              + reference.length
              + " and "
              + current.length
              + " counts; give one count a value");
    }
    for (int i = 0; i < values.length; i++) {
      if (!Double.isFinite(values[i]) || (i > 0 && values[i] <= values[i - 1])) {
        throw new IllegalArgumentException(
            "values must be finite and ascending, found " + values[i] + " at " + i);
      }
    }
    return new NumericPair(values.clone(), reference.clone(), current.clone(), true);
  }

  /**
   * The finite numbers of two profiles, in common bins.
   *
   * @throws IllegalArgumentException if one has no finite number
   */
  public static NumericPair of(NumericSummary reference, NumericSummary current) {
    if (reference.values().isPresent() && current.values().isPresent()) {
      return of(reference.values().get(), current.values().get(), true);
    }
    Histogram first = reference.histogram().orElse(null);
    Histogram second = current.histogram().orElse(null);
    if (first != null && second != null && first.edges().equals(second.edges())) {
      double min = Math.min(finite(reference.min(), 0), finite(current.min(), 0));
      double max = Math.max(finite(reference.max(), 0), finite(current.max(), 0));
      return HistogramCells.pair(first, second, min, max);
    }
    return of(reference.bins(), current.bins(), false);
  }

  /** Takes the arrays as they are. */
  static NumericPair exact(double[] values, long[] reference, long[] current) {
    return new NumericPair(values, reference, current, true);
  }

  static NumericPair binned(double[] values, long[] reference, long[] current) {
    return new NumericPair(values, reference, current, false);
  }

  /** How many distinct numbers there are. */
  public int size() {
    return values.length;
  }

  /** The number at this position, from 0, ascending. */
  public double value(int position) {
    return values[position];
  }

  /** How often the reference has the number at this position. */
  public long referenceCount(int position) {
    return reference[position];
  }

  /** How often the current sample has the number at this position. */
  public long currentCount(int position) {
    return current[position];
  }

  /** How many numbers the reference has; at least 1. */
  public long referenceSize() {
    return referenceSize;
  }

  /** How many numbers the current sample has; at least 1. */
  public long currentSize() {
    return currentSize;
  }

  /** Whether no numbers were put together in a bin. */
  public boolean exact() {
    return exact;
  }

  /**
   * The numbers counted in intervals: the first holds what is below the first edge, the last what
   * is at or above the last, each other what is at or above its lower edge and below its upper one.
   *
   * @param edges ascending, at least one, not NaN
   * @return {@code edges.length + 1} categories
   */
  public CategoryPair inBins(double... edges) {
    if (edges.length == 0) {
      throw new IllegalArgumentException("numbers are put into bins by at least one edge");
    }
    for (int i = 0; i < edges.length; i++) {
      if (Double.isNaN(edges[i]) || (i > 0 && edges[i] <= edges[i - 1])) {
        throw new IllegalArgumentException(
            "edges must be ascending, found " + edges[i] + " at " + i);
      }
    }
    long[] first = new long[edges.length + 1];
    long[] second = new long[edges.length + 1];
    int bin = 0;
    for (int i = 0; i < values.length; i++) {
      while (bin < edges.length && values[i] >= edges[bin]) {
        bin++;
      }
      first[bin] += reference[i];
      second[bin] += current[i];
    }
    return CategoryPair.of(first, second);
  }

  /** Each number as a category of its own. */
  public CategoryPair asCategories() {
    return CategoryPair.of(
        Arrays.stream(values).mapToObj(String::valueOf).toList(), reference, current);
  }

  /**
   * The numbers in intervals of equal width from the least to the greatest of both samples, {@code
   * 1 + log2 n} of them, n numbers in both (H. A. Sturges, "The choice of a class interval", 1926),
   * as {@code numpy.histogram_bin_edges(both, bins="sturges")} has them; what Evidently compares.
   * One interval if all numbers are the same.
   */
  public CategoryPair inSturgesBins() {
    double least = values[0];
    double range = values[values.length - 1] - least;
    double width = range / (log2(referenceSize + currentSize) + 1);
    if (!(range > 0) || !Double.isFinite(range) || width == 0) {
      return CategoryPair.of(new long[] {referenceSize}, new long[] {currentSize});
    }
    int bins = (int) Math.ceil(range / width);
    if (bins < 2) {
      return CategoryPair.of(new long[] {referenceSize}, new long[] {currentSize});
    }
    double step = range / bins;
    double[] inner = new double[bins - 1];
    for (int i = 0; i < inner.length; i++) {
      inner[i] = (i + 1) * step + least;
    }
    return inBins(inner);
  }

  private static NumericPair of(
      Map<Double, Long> reference, Map<Double, Long> current, boolean exact) {
    TreeSet<Double> all = new TreeSet<>(reference.keySet());
    all.addAll(current.keySet());
    double[] values = all.stream().mapToDouble(Double::doubleValue).toArray();
    long[] first = new long[values.length];
    long[] second = new long[values.length];
    for (int i = 0; i < values.length; i++) {
      first[i] = reference.getOrDefault(values[i], 0L);
      second[i] = current.getOrDefault(values[i], 0L);
    }
    return new NumericPair(values, first, second, exact);
  }

  /** Exact for powers of two: how many bins there are depends on it. */
  private static double log2(long n) {
    return Long.bitCount(n) == 1
        ? Long.numberOfTrailingZeros(n)
        : Math.log((double) n) / Math.log(2);
  }

  private static double finite(double value, double otherwise) {
    return Double.isFinite(value) ? value : otherwise;
  }

  private static void checkFinite(double[] sample, String name) {
    for (int i = 0; i < sample.length; i++) {
      if (!Double.isFinite(sample[i])) {
        throw new IllegalArgumentException(
            "value " + i + " of the " + name + " sample is " + sample[i] + "; count these apart");
      }
    }
  }
}
