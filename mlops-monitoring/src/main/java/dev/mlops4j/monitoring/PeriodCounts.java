package dev.mlops4j.monitoring;

import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one period, or several added up, holds of every column of a reference: all that tests need.
 * Counts of a period that predictions were asked in also have their versions and the pairs of
 * prediction and outcome, for the metrics.
 */
final class PeriodCounts {

  private static final byte FORMAT = 1;

  /** What an array can hold in every JVM. */
  static final int MOST = Integer.MAX_VALUE - 8;

  final ColumnCounts[] columns;
  final SortedMap<Integer, Long> versions = new TreeMap<>();
  long rows;
  private double[] pairs = new double[0];
  private int size;
  private long labelled;

  PeriodCounts(List<ReferenceColumn> columns) {
    this(columns.stream().map(ReferenceColumn::emptyCounts).toArray(ColumnCounts[]::new));
  }

  private PeriodCounts(ColumnCounts[] columns) {
    this.columns = columns;
  }

  void add(PeriodCounts other) {
    for (int i = 0; i < columns.length; i++) {
      columns[i].add(other.columns[i]);
    }
    other.versions.forEach((version, count) -> versions.merge(version, count, Long::sum));
    rows += other.rows;
    labelled += other.labelled;
    for (int i = 0; i < other.size; i++) {
      append(other.pairs[i]);
    }
  }

  /** The same without the pairs of prediction and outcome, which grow with the rows. */
  PeriodCounts withoutPairs() {
    PeriodCounts counts = new PeriodCounts(columns);
    counts.versions.putAll(versions);
    counts.rows = rows;
    counts.labelled = labelled;
    return counts;
  }

  void addPair(double prediction, double label) {
    append(prediction);
    append(label);
  }

  /** Of a multiclass model: the place of the label, -1 if the reference does not have it. */
  void addClass(int label, double[] probabilities) {
    append(label);
    for (double probability : probabilities) {
      append(probability);
    }
  }

  /** What {@link #addClass} added, of so many classes: a place and so many probabilities a row. */
  double[][] classes(int number) {
    double[][] rows = new double[size / (number + 1)][];
    for (int i = 0; i < rows.length; i++) {
      rows[i] = Arrays.copyOfRange(pairs, i * (number + 1), (i + 1) * (number + 1));
    }
    return rows;
  }

  void addLabelled() {
    labelled++;
  }

  long labelled() {
    return labelled;
  }

  /** The predictions of the rows that have an outcome; not for a multiclass model. */
  double[] predictions() {
    return every(0);
  }

  /** Their outcomes. */
  double[] labels() {
    return every(1);
  }

  byte[] toBytes() {
    long length = 1 + 2L * Long.BYTES + 3 * Integer.BYTES;
    length += versions.size() * (long) (Integer.BYTES + Long.BYTES);
    length += (long) size * Double.BYTES;
    for (ColumnCounts column : columns) {
      length += column.bytes();
    }
    ByteBuffer out = ByteBuffer.allocate(stored(length, labelled));
    out.put(FORMAT).putLong(rows).putLong(labelled).putInt(versions.size());
    versions.forEach((version, count) -> out.putInt(version).putLong(count));
    out.putInt(columns.length);
    for (ColumnCounts column : columns) {
      column.write(out);
    }
    out.putInt(size);
    for (int i = 0; i < size; i++) {
      out.putDouble(pairs[i]);
    }
    return out.array();
  }

  /**
   * Reads what {@link #toBytes} wrote; empty if it is of another format or of other columns, or cut
   * off: then the rows are to be counted again.
   */
  static Optional<PeriodCounts> read(byte[] bytes, List<ReferenceColumn> expected) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    PeriodCounts counts = new PeriodCounts(expected);
    try {
      boolean fits = in.get() == FORMAT;
      counts.rows = in.getLong();
      counts.labelled = in.getLong();
      for (int left = in.getInt(); left > 0; left--) {
        counts.versions.put(in.getInt(), in.getLong());
      }
      fits &= in.getInt() == expected.size();
      for (int i = 0; fits && i < expected.size(); i++) {
        fits = counts.columns[i].read(in);
      }
      if (!fits) {
        return Optional.empty();
      }
      for (int left = in.getInt(); left > 0; left--) {
        counts.append(in.getDouble());
      }
      return Optional.of(counts);
    } catch (BufferUnderflowException e) {
      return Optional.empty();
    }
  }

  /** The length of what is stored, in one piece: see {@code docs/monitoring.md}. */
  static int stored(long length, long labelled) {
    if (length > MOST) {
      throw new MonitoringException(
          "the counts of a window with "
              + labelled
              + " labelled predictions would have "
              + length
              + " bytes, and at most "
              + MOST
              + " can be stored; make windows shorter: window(...)");
    }
    return (int) length;
  }

  /** How many numbers there is room for next. */
  static int grown(int size) {
    if (size >= MOST) {
      throw new MonitoringException(
          "the predictions and outcomes of a span are more than "
              + MOST
              + " numbers; make windows shorter: window(...), or spans(...) of fewer windows");
    }
    return (int) Math.min(MOST, Math.max(64, 2L * size));
  }

  private void append(double number) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, grown(size));
    }
    pairs[size++] = number;
  }

  private double[] every(int offset) {
    double[] numbers = new double[size / 2];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = pairs[2 * i + offset];
    }
    return numbers;
  }
}
