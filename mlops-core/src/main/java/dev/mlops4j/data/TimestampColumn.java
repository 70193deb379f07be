package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** A column of {@link ColumnType#TIMESTAMP}. */
public final class TimestampColumn implements Column {

  private final long[] values;
  private final Missing missing;

  TimestampColumn(long[] values, Missing missing) {
    this.values = values;
    this.missing = missing;
  }

  @Override
  public ColumnType type() {
    return ColumnType.TIMESTAMP;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public boolean isMissing(int row) {
    return missing.at(row);
  }

  @Override
  public int missingCount() {
    return missing.count();
  }

  /**
   * The microseconds since the epoch of this row, or 0 if it is missing; see {@link Timestamps}.
   */
  public long microsAt(int row) {
    return values[row];
  }

  @Override
  public @Nullable Object get(int row) {
    return missing.at(row) ? null : Timestamps.fromMicros(values[row]);
  }

  TimestampColumn select(int[] rows) {
    long[] selected = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return new TimestampColumn(selected, missing.select(rows));
  }
}
