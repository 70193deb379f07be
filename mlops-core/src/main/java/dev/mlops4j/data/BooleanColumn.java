package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** A column of {@link ColumnType#BOOLEAN}. */
public final class BooleanColumn implements Column {

  private final boolean[] values;
  private final Missing missing;

  BooleanColumn(boolean[] values, Missing missing) {
    this.values = values;
    this.missing = missing;
  }

  @Override
  public ColumnType type() {
    return ColumnType.BOOLEAN;
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

  /** The value of this row, or false if it is missing. */
  public boolean booleanAt(int row) {
    return values[row];
  }

  @Override
  public @Nullable Object get(int row) {
    return missing.at(row) ? null : values[row];
  }

  BooleanColumn select(int[] rows) {
    boolean[] selected = new boolean[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return new BooleanColumn(selected, missing.select(rows));
  }
}
