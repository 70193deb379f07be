package dev.mlops4j.profile;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** How often each of a few numbers occurs. Immutable. */
final class ValueCounts {

  /** With more distinct numbers than this, none is counted by itself. */
  static final int MAX_VALUES = 64;

  private final SortedMap<Double, Long> counts;

  ValueCounts(SortedMap<Double, Long> counts) {
    this.counts = Collections.unmodifiableSortedMap(counts);
  }

  SortedMap<Double, Long> counts() {
    return counts;
  }

  /** The counts of both, or null if they have more than {@link #MAX_VALUES} numbers. */
  @Nullable ValueCounts merge(ValueCounts other) {
    SortedMap<Double, Long> merged = new TreeMap<>(counts);
    other.counts.forEach((value, count) -> merged.merge(value, count, Math::addExact));
    return merged.size() > MAX_VALUES ? null : new ValueCounts(merged);
  }

  double valueAtRank(long rank) {
    long seen = 0;
    for (var entry : counts.entrySet()) {
      seen += entry.getValue();
      if (seen > rank) {
        return entry.getKey();
      }
    }
    throw new IllegalArgumentException("rank " + rank + " of " + seen);
  }

  long countAtMost(double value) {
    long seen = 0;
    for (var entry : counts.entrySet()) {
      if (entry.getKey() <= value) {
        seen += entry.getValue();
      }
    }
    return seen;
  }
}
