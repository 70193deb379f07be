package dev.mlops4j.profile;

import com.datadoghq.sketch.ddsketch.DDSketch;
import com.datadoghq.sketch.ddsketch.mapping.CubicallyInterpolatedMapping;
import com.datadoghq.sketch.ddsketch.mapping.IndexMapping;
import com.datadoghq.sketch.ddsketch.store.Bin;
import com.datadoghq.sketch.ddsketch.store.PaginatedStore;
import com.datadoghq.sketch.ddsketch.store.Store;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * How many finite values fall into each of fixed bins, whose borders grow by a factor: DDSketch (C.
 * Masson, J. E. Rim, H. K. Lee, "DDSketch: A Fast and Fully-Mergeable Quantile Sketch with
 * Relative-Error Guarantees", VLDB 2019), never collapsed. Immutable.
 *
 * <p>A bin has a key that grows with the values in it: 0 for zero (and what is nearer to it than
 * 2^-1021), above for positive, below for negative values.
 */
final class Bins {

  static final double RELATIVE_ERROR = 0.01;

  /**
   * Polynomials only, so that a value has the same bin on every machine; a logarithm may differ.
   */
  private static final IndexMapping MAPPING = new CubicallyInterpolatedMapping(RELATIVE_ERROR);

  /** Makes the keys of positive values positive; indexes lie between -36,000 and 36,000. */
  private static final int OFFSET = 1 << 17;

  static final int MAX_KEY = 2 * OFFSET;

  private final int[] keys;
  private final long[] counts;

  Bins(int[] keys, long[] counts) {
    this.keys = keys;
    this.counts = counts;
  }

  static DDSketch sketch() {
    return DDSketch.of(MAPPING, new PaginatedStore(), new PaginatedStore(), 0);
  }

  /** The nearest value that the sketch takes; only the greatest two percent of doubles change. */
  static double trackable(double value) {
    double limit = MAPPING.maxIndexableValue();
    return Math.max(-limit, Math.min(limit, value));
  }

  static Bins of(DDSketch sketch) {
    List<Bin> negative = bins(sketch.getNegativeValueStore());
    List<Bin> positive = bins(sketch.getPositiveValueStore());
    Collections.reverse(negative);
    double zeros = sketch.getCount() - total(negative) - total(positive);
    int size = negative.size() + positive.size() + (zeros > 0 ? 1 : 0);
    int[] keys = new int[size];
    long[] counts = new long[size];
    int at = 0;
    for (Bin bin : negative) {
      keys[at] = -(bin.getIndex() + OFFSET);
      counts[at++] = (long) bin.getCount();
    }
    if (zeros > 0) {
      counts[at++] = (long) zeros;
    }
    for (Bin bin : positive) {
      keys[at] = bin.getIndex() + OFFSET;
      counts[at++] = (long) bin.getCount();
    }
    return new Bins(keys, counts);
  }

  Bins merge(Bins other) {
    int[] mergedKeys = new int[keys.length + other.keys.length];
    long[] mergedCounts = new long[mergedKeys.length];
    int size = 0;
    int i = 0;
    int j = 0;
    while (i < keys.length || j < other.keys.length) {
      int key =
          j == other.keys.length || (i < keys.length && keys[i] <= other.keys[j])
              ? keys[i]
              : other.keys[j];
      mergedKeys[size] = key;
      if (i < keys.length && keys[i] == key) {
        mergedCounts[size] += counts[i++];
      }
      if (j < other.keys.length && other.keys[j] == key) {
        mergedCounts[size] += other.counts[j++];
      }
      size++;
    }
    return new Bins(Arrays.copyOf(mergedKeys, size), Arrays.copyOf(mergedCounts, size));
  }

  /** The middle of the bin that holds the value of this rank, from 0, in ascending order. */
  double valueAtRank(long rank) {
    long seen = 0;
    for (int i = 0; i < keys.length; i++) {
      seen += counts[i];
      if (seen > rank) {
        return middle(keys[i]);
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + seen);
  }

  /** How many values are in the bin of this value or below. */
  long countAtMost(double value) {
    int limit = key(value);
    long seen = 0;
    for (int i = 0; i < keys.length && keys[i] <= limit; i++) {
      seen += counts[i];
    }
    return seen;
  }

  NavigableMap<Double, Long> byMiddle() {
    NavigableMap<Double, Long> bins = new TreeMap<>();
    for (int i = 0; i < keys.length; i++) {
      bins.put(middle(keys[i]), counts[i]);
    }
    return bins;
  }

  int size() {
    return keys.length;
  }

  int key(int position) {
    return keys[position];
  }

  long count(int position) {
    return counts[position];
  }

  long total() {
    return Arrays.stream(counts).sum();
  }

  private static int key(double value) {
    double magnitude = Math.abs(trackable(value));
    if (magnitude < MAPPING.minIndexableValue()) {
      return 0;
    }
    int key = MAPPING.index(magnitude) + OFFSET;
    return value < 0 ? -key : key;
  }

  private static double middle(int key) {
    if (key == 0) {
      return 0;
    }
    double magnitude = MAPPING.value(Math.abs(key) - OFFSET);
    return key < 0 ? -magnitude : magnitude;
  }

  private static List<Bin> bins(Store store) {
    List<Bin> bins = new ArrayList<>();
    for (Iterator<Bin> it = store.getAscendingIterator(); it.hasNext(); ) {
      bins.add(it.next());
    }
    return bins;
  }

  private static double total(List<Bin> bins) {
    return bins.stream().mapToDouble(Bin::getCount).sum();
  }
}
