package dev.mlops4j.monitoring;

import java.io.DataInput;
import java.io.DataOutput;
import java.io.IOException;

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

  void add(ColumnCounts other) {
    for (int i = 0; i < counts.length; i++) {
      counts[i] += other.counts[i];
    }
    rows += other.rows;
    missing += other.missing;
    unseen += other.unseen;
    predicted += other.predicted;
  }

  void write(DataOutput out) throws IOException {
    out.writeLong(rows);
    out.writeLong(missing);
    out.writeLong(unseen);
    out.writeDouble(predicted);
    out.writeInt(counts.length);
    for (long count : counts) {
      out.writeLong(count);
    }
  }

  static ColumnCounts read(DataInput in) throws IOException {
    long rows = in.readLong();
    long missing = in.readLong();
    long unseen = in.readLong();
    double predicted = in.readDouble();
    ColumnCounts column = new ColumnCounts(in.readInt());
    column.rows = rows;
    column.missing = missing;
    column.unseen = unseen;
    column.predicted = predicted;
    for (int i = 0; i < column.counts.length; i++) {
      column.counts[i] = in.readLong();
    }
    return column;
  }
}
