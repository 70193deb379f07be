package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** A column of {@link ColumnType#INT64}. */
public final class LongColumn implements Column {

  private final long[] values;
  private final Missing missing;

  LongColumn(long[] values, Missing missing) {
    this.values = values;
    this.missing = missing;
  }

  @Override
  public ColumnType type() {
    return ColumnType.INT64;
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

  /** The value of this row, or 0 if it is missing. */
  public long longAt(int row) {
    return values[row];
  }

  @Override
  public @Nullable Object get(int row) {
    return missing.at(row) ? null : values[row];
  }

  LongColumn select(int[] rows) {
    long[] selected = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return new LongColumn(selected, missing.select(rows));
  }
}
