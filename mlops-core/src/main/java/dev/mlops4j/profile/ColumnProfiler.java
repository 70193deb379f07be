package dev.mlops4j.profile;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import dev.mlops4j.data.BooleanColumn;
import dev.mlops4j.data.Column;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import java.util.Arrays;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/** Profiles rows of one column. */
final class ColumnProfiler {

  private ColumnProfiler() {}

  static ColumnProfile profile(
      Field field, Column column, RowSelection rows, @Nullable BinEdges edges) {
    ColumnProfile counts =
        ColumnProfile.countsOnly(
            field.name(), field.type(), field.sensitive(), rows.size(), missing(column, rows));
    if (field.sensitive()) {
      return counts;
    }
    if (column instanceof DoubleColumn doubles) {
      return counts.with(numbers(doubles, rows, edges));
    }
    if (column instanceof LongColumn longs) {
      return counts.with(numbers(column, longs::longAt, rows, edges));
    }
    if (column instanceof BooleanColumn booleans) {
      return counts.with(numbers(column, row -> booleans.booleanAt(row) ? 1 : 0, rows, edges));
    }
    if (column instanceof StringColumn strings) {
      return counts.with(categories(strings, rows));
    }
    return column instanceof TimestampColumn times ? times(counts, times, rows) : counts;
  }

  /** The edges by which this column is counted, or null if it holds no numbers. */
  static @Nullable BinEdges edges(Field field, Column column) {
    if (field.sensitive()) {
      return null;
    }
    if (column instanceof DoubleColumn doubles) {
      return edges(column, doubles::doubleAt);
    }
    if (column instanceof LongColumn longs) {
      return edges(column, longs::longAt);
    }
    if (column instanceof BooleanColumn booleans) {
      return edges(column, row -> booleans.booleanAt(row) ? 1 : 0);
    }
    return null;
  }

  private static BinEdges edges(Column column, IntToDoubleFunction values) {
    double[] finite = new double[column.size()];
    int size = 0;
    for (int row = 0; row < finite.length; row++) {
      double value = column.isMissing(row) ? Double.NaN : values.applyAsDouble(row);
      if (Double.isFinite(value)) {
        finite[size++] = value;
      }
    }
    return BinEdges.ofQuantiles(Arrays.copyOf(finite, size));
  }

  private static long missing(Column column, RowSelection rows) {
    if (column.missingCount() == 0) {
      return 0;
    }
    long missing = 0;
    for (int i = 0; i < rows.size(); i++) {
      missing += column.isMissing(rows.row(i)) ? 1 : 0;
    }
    return missing;
  }

  /** The most frequent case has a loop of its own, without a call for each value. */
  private static NumericSummary numbers(
      DoubleColumn column, RowSelection rows, @Nullable BinEdges edges) {
    EqualNumbers numbers = new EqualNumbers(new NumericAccumulator(edges), rows.size());
    boolean complete = column.missingCount() == 0;
    for (int i = 0; i < rows.size(); i++) {
      int row = rows.row(i);
      if (complete || !column.isMissing(row)) {
        numbers.add(column.doubleAt(row));
      }
    }
    return numbers.summary();
  }

  private static NumericSummary numbers(
      Column column, IntToDoubleFunction values, RowSelection rows, @Nullable BinEdges edges) {
    EqualNumbers numbers = new EqualNumbers(new NumericAccumulator(edges), rows.size());
    for (int i = 0; i < rows.size(); i++) {
      int row = rows.row(i);
      if (!column.isMissing(row)) {
        numbers.add(values.applyAsDouble(row));
      }
    }
    return numbers.summary();
  }

  private static CategorySummary categories(StringColumn column, RowSelection rows) {
    long[] byCode = new long[column.dictionary().size()];
    long count = 0;
    for (int i = 0; i < rows.size(); i++) {
      int code = column.codeAt(rows.row(i));
      if (code != StringColumn.MISSING) {
        byCode[code]++;
        count++;
      }
    }
    SortedMap<String, Long> counts = new TreeMap<>();
    UltraLogLog counter = Distinct.counter();
    for (int code = 0; code < byCode.length; code++) {
      if (byCode[code] != 0) {
        String text = column.dictionary().get(code);
        counts.put(text, byCode[code]);
        counter.add(Distinct.hash(text));
      }
    }
    return CategorySummary.keeping(
        count, counts, counter, new long[CategorySummary.PARTS], FrequentTexts.of(Map.of()), true);
  }

  private static ColumnProfile times(
      ColumnProfile counts, TimestampColumn column, RowSelection rows) {
    if (counts.missing() == counts.count()) {
      return counts;
    }
    long earliest = Long.MAX_VALUE;
    long latest = Long.MIN_VALUE;
    for (int i = 0; i < rows.size(); i++) {
      int row = rows.row(i);
      if (!column.isMissing(row)) {
        earliest = Math.min(earliest, column.microsAt(row));
        latest = Math.max(latest, column.microsAt(row));
      }
    }
    return counts.with(
        new TimeSummary(Timestamps.fromMicros(earliest), Timestamps.fromMicros(latest)));
  }
}
