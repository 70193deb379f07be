package dev.mlops4j.monitoring;

import java.nio.ByteBuffer;

/**
 * What rows hold of one column, in numbers that add up: rows and values missing; of numbers the
 * counts in the reference's bins, of categories the counts of the reference's categories and of the
 * rest; of outcomes the counts of false and true and the sum of what was predicted for them.
 * Mutable while it is filled.
 */
final class ColumnCounts {

  final long[] counts;
  long rows;
  long missing;
  long unseen;
  double predicted;

  ColumnCounts(int size) {
    this.counts = new long[size];
  }

  /** How many rows have a value. */
  long present() {
    return rows - missing;
  }

  /** Of outcomes: Cohen's h from the share of true to the mean of what was predicted. */
  double gap() {
    return Shares.cohensH((double) counts[1] / rows, predicted / rows);
  }

  void add(ColumnCounts other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    rows += other.rows;
    missing += other.missing;
    unseen += other.unseen;
    predicted += other.predicted;
  }

  int bytes() {
    return 4 * Long.BYTES + Integer.BYTES + counts.length * Long.BYTES;
  }

  void write(ByteBuffer out) {
    out.putLong(rows).putLong(missing).putLong(unseen).putDouble(predicted).putInt(counts.length);
    for (long count : counts) {
      out.putLong(count);
    }
  }

  /** Reads as many counts as there are here; false if there are others. */
  boolean read(ByteBuffer in) {
    rows = in.getLong();
    missing = in.getLong();
    unseen = in.getLong();
    predicted = in.getDouble();
    if (in.getInt() != counts.length) {
      return false;
    }
    for (int i = 0; i < counts.length; i++) {
      counts[i] = in.getLong();
    }
    return true;
  }
}
