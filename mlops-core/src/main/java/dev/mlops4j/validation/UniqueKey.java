package dev.mlops4j.validation;

import dev.mlops4j.data.BooleanColumn;
import dev.mlops4j.data.Column;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.FloatsColumn;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.TimestampColumn;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Whether rows differ in a key; composite keys are compared column by column. */
final class UniqueKey {

  private UniqueKey() {}

  static Finding check(Dataset dataset, List<String> names) {
    List<String> absent = names.stream().filter(name -> !dataset.schema().contains(name)).toList();
    if (!absent.isEmpty()) {
      return Finding.of(false, "no column " + String.join(", ", absent));
    }
    List<Column> columns = names.stream().map(dataset::column).toList();
    List<String> arrays =
        names.stream().filter(name -> dataset.column(name) instanceof FloatsColumn).toList();
    if (!arrays.isEmpty()) {
      return Finding.of(false, "arrays are no keys: " + String.join(", ", arrays));
    }
    Set<Key> seen = new HashSet<>();
    return Finding.ofRows(dataset.rowCount(), row -> !seen.add(key(columns, row)), null);
  }

  /** Two longs a column: whether there is a value, and which. */
  private static Key key(List<Column> columns, int row) {
    long[] parts = new long[2 * columns.size()];
    for (int i = 0; i < columns.size(); i++) {
      Column column = columns.get(i);
      if (!column.isMissing(row)) {
        parts[2 * i] = 1;
        parts[2 * i + 1] = bits(column, row);
      }
    }
    return new Key(parts);
  }

  private static long bits(Column column, int row) {
    if (column instanceof DoubleColumn doubles) {
      return Double.doubleToLongBits(doubles.doubleAt(row) + 0.0); // -0.0 becomes 0.0
    }
    if (column instanceof LongColumn longs) {
      return longs.longAt(row);
    }
    if (column instanceof TimestampColumn timestamps) {
      return timestamps.microsAt(row);
    }
    if (column instanceof BooleanColumn booleans) {
      return booleans.booleanAt(row) ? 1 : 0;
    }
    return ((StringColumn) column).codeAt(row);
  }

  private static final class Key {

    private final long[] parts;
    private final int hash;

    Key(long[] parts) {
      this.parts = parts;
      this.hash = Arrays.hashCode(parts);
    }

    @Override
    public boolean equals(Object other) {
      return other instanceof Key that && Arrays.equals(parts, that.parts);
    }

    @Override
    public int hashCode() {
      return hash;
    }
  }
}
