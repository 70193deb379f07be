package dev.mlops4j.profile;

import java.util.Arrays;

/** Which rows of a dataset are profiled: all, or those at given positions. */
final class RowSelection {

  private final int size;
  private final int[] rows;
  private final boolean all;

  private RowSelection(int size, int[] rows, boolean all) {
    this.size = size;
    this.rows = rows;
    this.all = all;
  }

  static RowSelection all(int rowCount) {
    return new RowSelection(rowCount, new int[0], true);
  }

  /** The first {@code size} of these rows. */
  static RowSelection of(int[] rows, int size) {
    return new RowSelection(size, rows, false);
  }

  /** Collects positions. */
  static final class Rows {

    private int[] rows = new int[16];
    private int size;

    void add(int row) {
      if (size == rows.length) {
        rows = Arrays.copyOf(rows, size * 2);
      }
      rows[size++] = row;
    }

    RowSelection selection() {
      return of(rows, size);
    }
  }

  int size() {
    return size;
  }

  int row(int position) {
    return all ? position : rows[position];
  }
}
