package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** A column of {@link ColumnType#FLOAT64}. */
public final class DoubleColumn implements Column {

  private final double[] values;
  private final Missing missing;

  DoubleColumn(double[] values, Missing missing) {
    this.values = values;
    this.missing = missing;
  }

  @Override
  public ColumnType type() {
    return ColumnType.FLOAT64;
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

  /** The value of this row, or NaN if it is missing. */
  public double doubleAt(int row) {
    return values[row];
  }

  @Override
  public @Nullable Object get(int row) {
    return missing.at(row) ? null : values[row];
  }

  DoubleColumn select(int[] rows) {
    double[] selected = new double[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return new DoubleColumn(selected, missing.select(rows));
  }
}
