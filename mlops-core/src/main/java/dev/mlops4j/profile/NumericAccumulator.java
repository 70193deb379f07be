package dev.mlops4j.profile;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Takes numbers, one by one or so many equal ones. Not safe for use by several threads. */
final class NumericAccumulator {

  private static final int TABLE_SIZE = 4 * ValueCounts.MAX_VALUES;

  private long nan;
  private long positiveInfinite;
  private long negativeInfinite;
  private long finite;
  private double min = Double.POSITIVE_INFINITY;
  private double max = Double.NEGATIVE_INFINITY;
  private final ExactSum sum = new ExactSum();
  private final ExactSum squares = new ExactSum();
  private final DDSketch sketch = Bins.sketch();

  /** An open-addressing table from few numbers to their counts; 0 marks a free place. */
  private final double[] values = new double[TABLE_SIZE];

  private final long[] counts = new long[TABLE_SIZE];
  private int used;
  private @Nullable UltraLogLog distinct;
  private final @Nullable BinEdges edges;
  private final long[] binCounts;

  /**
   * @param edges of the histogram to count, or null for none
   */
  NumericAccumulator(@Nullable BinEdges edges) {
    this.edges = edges;
    this.binCounts = new long[edges == null ? 0 : edges.bins()];
  }

  void add(double number) {
    add(number, 1);
  }

  /** Takes so many equal numbers: the same as that many calls. */
  void add(double number, long times) {
    if (!Double.isFinite(number)) {
      addNotFinite(number, times);
      return;
    }
    if (edges != null) {
      binCounts[edges.binOf(number)] += times;
    }
    double value = number + 0.0; // -0.0 becomes 0.0
    finite += times;
    min = Math.min(min, value);
    max = Math.max(max, value);
    sum.add(value, times);
    squares.addSquare(value, times);
    sketch.accept(Bins.trackable(value), (double) times);
    UltraLogLog counter = distinct;
    if (counter == null) {
      addValue(value, times);
    } else {
      counter.add(Distinct.hash(value));
    }
  }

  NumericSummary summary() {
    return new NumericSummary(
        nan,
        positiveInfinite,
        negativeInfinite,
        finite,
        finite == 0 ? Double.NaN : min,
        finite == 0 ? Double.NaN : max,
        sum.scaled(),
        squares.scaled(),
        Bins.of(sketch),
        distinct == null ? new ValueCounts(valueCounts()) : null,
        distinct == null ? null : distinct.getState().clone(),
        edges == null ? null : new Histogram(edges, binCounts.clone()));
  }

  private void addNotFinite(double number, long times) {
    if (Double.isNaN(number)) {
      nan += times;
    } else if (number > 0) {
      positiveInfinite += times;
    } else {
      negativeInfinite += times;
    }
  }

  private void addValue(double value, long times) {
    long hash = Distinct.hash(value);
    int place = (int) hash & (TABLE_SIZE - 1);
    while (counts[place] != 0 && values[place] != value) {
      place = (place + 1) & (TABLE_SIZE - 1);
    }
    if (counts[place] == 0) {
      if (used == ValueCounts.MAX_VALUES) {
        distinct = counterOfValues().add(hash);
        return;
      }
      values[place] = value;
      used++;
    }
    counts[place] += times;
  }

  private UltraLogLog counterOfValues() {
    UltraLogLog counter = Distinct.counter();
    valueCounts().keySet().forEach(value -> counter.add(Distinct.hash(value)));
    Arrays.fill(counts, 0);
    return counter;
  }

  private SortedMap<Double, Long> valueCounts() {
    SortedMap<Double, Long> result = new TreeMap<>();
    for (int i = 0; i < TABLE_SIZE; i++) {
      if (counts[i] != 0) {
        result.put(values[i], counts[i]);
      }
    }
    return result;
  }
}
