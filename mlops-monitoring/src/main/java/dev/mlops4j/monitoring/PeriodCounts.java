package dev.mlops4j.monitoring;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Arrays;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What one period, or several added up, holds of every column of a reference: all that tests need.
 * Counts of a period that predictions were asked in also have their versions and the pairs of
 * prediction and outcome, for the metrics.
 */
final class PeriodCounts {

  private static final int FORMAT = 1;

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

  void addPair(double prediction, double label) {
    append(prediction);
    append(label);
  }

  void addLabelled() {
    labelled++;
  }

  long labelled() {
    return labelled;
  }

  /** The predictions of the rows that have an outcome; empty for a multiclass model. */
  double[] predictions() {
    return every(0);
  }

  /** Their outcomes. */
  double[] labels() {
    return every(1);
  }

  byte[] toBytes() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(bytes)) {
      out.writeByte(FORMAT);
      out.writeLong(rows);
      out.writeLong(labelled);
      out.writeInt(versions.size());
      for (SortedMap.Entry<Integer, Long> version : versions.entrySet()) {
        out.writeInt(version.getKey());
        out.writeLong(version.getValue());
      }
      out.writeInt(columns.length);
      for (ColumnCounts column : columns) {
        column.write(out);
      }
      out.writeInt(size);
      for (int i = 0; i < size; i++) {
        out.writeDouble(pairs[i]);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return bytes.toByteArray();
  }

  /**
   * Reads what {@link #toBytes} wrote.
   *
   * @throws MonitoringException if it is of a later format or not of these columns
   */
  static PeriodCounts read(byte[] bytes, List<ReferenceColumn> expected) {
    try (DataInputStream in = new DataInputStream(new ByteArrayInputStream(bytes))) {
      int format = in.readByte();
      if (format != FORMAT) {
        throw new MonitoringException(
            "stored counts have format " + format + ", this library reads " + FORMAT);
      }
      PeriodCounts counts = new PeriodCounts(expected);
      counts.rows = in.readLong();
      counts.labelled = in.readLong();
      for (int left = in.readInt(); left > 0; left--) {
        counts.versions.put(in.readInt(), in.readLong());
      }
      int columns = in.readInt();
      boolean fits = columns == expected.size();
      for (int i = 0; i < columns && fits; i++) {
        ColumnCounts column = ColumnCounts.read(in);
        fits = column.counts.length == counts.columns[i].counts.length;
        counts.columns[i] = column;
      }
      if (!fits) {
        throw new MonitoringException("stored counts are of other columns than the reference");
      }
      for (int left = in.readInt(); left > 0; left--) {
        counts.append(in.readDouble());
      }
      return counts;
    } catch (IOException e) {
      throw new MonitoringException("stored counts are cut off", e);
    }
  }

  private void append(double number) {
    if (size == pairs.length) {
      pairs = Arrays.copyOf(pairs, Math.max(64, size * 2));
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
