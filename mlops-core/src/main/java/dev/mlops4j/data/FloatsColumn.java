package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** A column of {@link ColumnType#floats}. */
public final class FloatsColumn implements Column {

  private final ColumnType type;
  private final @Nullable Floats[] values;
  private final Missing missing;

  FloatsColumn(ColumnType type, @Nullable Floats[] values, Missing missing) {
    this.type = type;
    this.values = values;
    this.missing = missing;
  }

  @Override
  public ColumnType type() {
    return type;
  }

  @Override
  public int size() {
    return values.length;
  }

  @Override
  public boolean isMissing(int row) {
    return values[row] == null;
  }

  @Override
  public int missingCount() {
    return missing.count();
  }

  /** The array of this row, or null if it is missing; no copy. */
  @Override
  public @Nullable Floats get(int row) {
    return values[row];
  }

  FloatsColumn select(int[] rows) {
    @Nullable Floats[] selected = new @Nullable Floats[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return new FloatsColumn(type, selected, missing.select(rows));
  }
}
