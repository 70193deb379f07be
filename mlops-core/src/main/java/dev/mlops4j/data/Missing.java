package dev.mlops4j.data;

import java.util.BitSet;

/** Which rows of a column have no value; built once, then only read. */
final class Missing {

  private final BitSet rows;
  private final int count;

  Missing(BitSet rows) {
    this.rows = rows;
    this.count = rows.cardinality();
  }

  boolean at(int row) {
    return count > 0 && rows.get(row);
  }

  int count() {
    return count;
  }

  /** The missing rows among {@code selected}, numbered anew from 0. */
  Missing select(int[] selected) {
    BitSet result = new BitSet();
    if (count > 0) {
      for (int i = 0; i < selected.length; i++) {
        result.set(i, rows.get(selected[i]));
      }
    }
    return new Missing(result);
  }
}
