package dev.mlops4j.profile;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.math.BigInteger;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.SortedMap;
import org.jspecify.annotations.Nullable;

/**
 * The summary of numbers. NaN and the infinities are counted; everything else is about the finite
 * numbers. Immutable, safe for any number of threads.
 *
 * <p>Counts, least and greatest value, sum, mean and variance are exact, the last three rounded
 * once to a double. Quantiles come from DDSketch with a relative error of at most 1 %, and are
 * exact while there are at most 64 distinct numbers. An INT64 beyond 2^53 enters as the nearest
 * double; -0.0 enters as 0.0.
 */
public final class NumericSummary {

  private final long nan;
  private final long positiveInfinite;
  private final long negativeInfinite;
  private final long finite;
  private final double min;
  private final double max;
  private final BigInteger sum;
  private final BigInteger squares;
  private final Bins bins;
  private final @Nullable ValueCounts values;
  private final byte @Nullable [] distinct;
  private final @Nullable Histogram histogram;

  /** Exactly one of {@code values} and {@code distinct} is there. */
  NumericSummary(
      long nan,
      long positiveInfinite,
      long negativeInfinite,
      long finite,
      double min,
      double max,
      BigInteger sum,
      BigInteger squares,
      Bins bins,
      @Nullable ValueCounts values,
      byte @Nullable [] distinct,
      @Nullable Histogram histogram) {
    this.nan = nan;
    this.positiveInfinite = positiveInfinite;
    this.negativeInfinite = negativeInfinite;
    this.finite = finite;
    this.min = min;
    this.max = max;
    this.sum = sum;
    this.squares = squares;
    this.bins = bins;
    this.values = values;
    this.distinct = distinct;
    this.histogram = histogram;
  }

  /** How many numbers there are: the finite ones, NaN and the infinities. */
  public long count() {
    return finite + nan + positiveInfinite + negativeInfinite;
  }

  /** How many are finite. */
  public long finite() {
    return finite;
  }

  /** How many are NaN. */
  public long nan() {
    return nan;
  }

  /** How many are positive infinity. */
  public long positiveInfinite() {
    return positiveInfinite;
  }

  /** How many are negative infinity. */
  public long negativeInfinite() {
    return negativeInfinite;
  }

  /** The least finite number, or NaN if there is none. */
  public double min() {
    return min;
  }

  /** The greatest finite number, or NaN if there is none. */
  public double max() {
    return max;
  }

  /** The sum of the finite numbers; 0 if there is none, infinite if it exceeds a double. */
  public double sum() {
    return Ratio.toDouble(sum, BigInteger.ONE, -ExactSum.SCALE);
  }

  /** The mean of the finite numbers, or NaN if there is none. */
  public double mean() {
    return finite == 0
        ? Double.NaN
        : Ratio.toDouble(sum, BigInteger.valueOf(finite), -ExactSum.SCALE);
  }

  /** The variance of the sample (divided by n - 1), or NaN if there are fewer than two numbers. */
  public double variance() {
    if (finite < 2) {
      return Double.NaN;
    }
    BigInteger n = BigInteger.valueOf(finite);
    // n sum(x^2) - sum(x)^2, where both sums are in units of 2^-SCALE.
    BigInteger numerator =
        n.multiply(squares).shiftLeft(ExactSum.SCALE).subtract(sum.multiply(sum));
    return Ratio.toDouble(
        numerator, n.multiply(BigInteger.valueOf(finite - 1)), -2 * ExactSum.SCALE);
  }

  /** The square root of the {@link #variance}. */
  public double standardDeviation() {
    return Math.sqrt(variance());
  }

  /**
   * The finite number of rank {@code floor(q (n - 1))} in ascending order: q = 0 gives the least, 1
   * the greatest, 0.5 the lower median. Exact while {@link #values} is there; otherwise within 1 %
   * of that number, and never outside of {@link #min} and {@link #max}.
   *
   * @param q from 0 to 1
   * @return NaN if there is no finite number
   * @throws IllegalArgumentException if {@code q} is outside 0 to 1
   */
  public double quantile(double q) {
    if (!(q >= 0 && q <= 1)) {
      throw new IllegalArgumentException("a quantile is asked for q from 0 to 1, found " + q);
    }
    if (finite == 0) {
      return Double.NaN;
    }
    long rank = Math.min(finite - 1, (long) (q * (finite - 1)));
    if (values != null) {
      return values.valueAtRank(rank);
    }
    if (rank == 0) {
      return min;
    }
    if (rank == finite - 1) {
      return max;
    }
    return Math.max(min, Math.min(max, bins.valueAtRank(rank)));
  }

  /**
   * The share of the finite numbers that are at most {@code x}: the empirical distribution
   * function. Exact while {@link #values} is there; otherwise the bin that {@code x} lies in counts
   * as a whole, as if {@code x} were up to 2 % greater.
   *
   * @param x not NaN; may be infinite
   * @return from 0 to 1, or NaN if there is no finite number
   * @throws IllegalArgumentException if {@code x} is NaN
   */
  public double shareAtMost(double x) {
    if (Double.isNaN(x)) {
      throw new IllegalArgumentException("the share of numbers at most NaN is not defined");
    }
    if (x >= max) {
      return 1;
    }
    if (x < min) {
      return 0;
    }
    return (double) (values != null ? values.countAtMost(x) : bins.countAtMost(x)) / finite;
  }

  /**
   * How many finite numbers fall into each bin that has any, by the middle of the bin, ascending.
   * The bins of all summaries are the same: a middle found in two summaries is the same bin, and
   * every number is within 1 % of its bin's middle (0 for what is nearer to 0 than 2^-1021). That
   * is coarse for numbers that are large compared with their spread; see {@link #histogram} for
   * these. The map cannot be changed.
   */
  public NavigableMap<Double, Long> bins() {
    return Collections.unmodifiableNavigableMap(bins.byMiddle());
  }

  /**
   * How often each finite number occurs, ascending, exactly; empty when there are more than 64
   * distinct numbers. The map cannot be changed.
   */
  public Optional<SortedMap<Double, Long>> values() {
    return Optional.ofNullable(values).map(ValueCounts::counts);
  }

  /**
   * How many distinct finite numbers there are: exact while {@link #values} is there, beyond it an
   * estimate with a standard error of 2.4 %.
   */
  public long distinct() {
    if (values != null) {
      return values.counts().size();
    }
    return Math.max(ValueCounts.MAX_VALUES + 1, Distinct.estimate(distinctState()));
  }

  /**
   * The numbers counted in bins that were fixed beforehand, finer where there are more of them;
   * empty when no edges were given, see {@link ProfileSeries#byWeek} and {@link
   * DatasetProfile#of(dev.mlops4j.data.Dataset, DatasetProfile)}.
   */
  public Optional<Histogram> histogram() {
    return Optional.ofNullable(histogram);
  }

  NumericSummary merge(NumericSummary other) {
    ValueCounts merged = values == null || other.values == null ? null : values.merge(other.values);
    return new NumericSummary(
        Math.addExact(nan, other.nan),
        Math.addExact(positiveInfinite, other.positiveInfinite),
        Math.addExact(negativeInfinite, other.negativeInfinite),
        Math.addExact(finite, other.finite),
        Double.isNaN(min) ? other.min : Double.isNaN(other.min) ? min : Math.min(min, other.min),
        Double.isNaN(max) ? other.max : Double.isNaN(other.max) ? max : Math.max(max, other.max),
        sum.add(other.sum),
        squares.add(other.squares),
        bins.merge(other.bins),
        merged,
        merged != null ? null : counter().add(other.counter()).getState(),
        histogram == null || other.histogram == null ? null : histogram.merge(other.histogram));
  }

  BigInteger scaledSum() {
    return sum;
  }

  BigInteger scaledSquares() {
    return squares;
  }

  Bins sketch() {
    return bins;
  }

  /** The state of the counter of distinct numbers, also when there are few; do not change it. */
  byte[] distinctState() {
    return distinct != null ? distinct : counter().getState();
  }

  private UltraLogLog counter() {
    if (distinct != null) {
      return UltraLogLog.wrap(distinct.clone());
    }
    UltraLogLog counter = Distinct.counter();
    if (values != null) {
      values.counts().keySet().forEach(value -> counter.add(Distinct.hash(value)));
    }
    return counter;
  }
}
