package dev.mlops4j.benchmarks;

import java.util.Arrays;
import java.util.Collection;
import java.util.Locale;

/** How figures are written, and their middle. */
public final class Units {

  private static final double NANOS_OF_A_MICRO = 1_000;
  private static final double MOST_NANOS = 100_000;
  private static final double MOST_MICROS = 10_000;

  private Units() {}

  /** Nanoseconds as such up to 0.1 ms, then microseconds up to 10 ms, then milliseconds. */
  public static String nanos(double nanos) {
    if (nanos < MOST_NANOS) {
      return String.format(Locale.ROOT, "%.0fns", nanos);
    }
    double micros = nanos / NANOS_OF_A_MICRO;
    return micros < MOST_MICROS
        ? String.format(Locale.ROOT, "%.0fus", micros)
        : String.format(Locale.ROOT, "%.0fms", micros / NANOS_OF_A_MICRO);
  }

  /** Nanoseconds as microseconds, with two decimals. */
  public static String micros(double nanos) {
    return String.format(Locale.ROOT, "%.2fus", nanos / NANOS_OF_A_MICRO);
  }

  /** So many of a unit, with one decimal. */
  public static String of(double value, String unit) {
    return String.format(Locale.ROOT, "%.1f%s", value, unit);
  }

  /** So many of a unit in a second. */
  public static String rate(double perSecond, String unit) {
    return String.format(Locale.ROOT, "%.0f%s/s", perSecond, unit);
  }

  /** The median; of an even number the mean of the middle two. */
  public static double median(Collection<Double> values) {
    double[] sorted = values.stream().mapToDouble(Double::doubleValue).sorted().toArray();
    if (sorted.length == 0) {
      throw new IllegalArgumentException("no value has no median: " + Arrays.toString(sorted));
    }
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }
}
