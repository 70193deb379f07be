package dev.mlops4j.duckdb;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.SchemaException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Objects;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** Reads a cell that is not null, from one of the chunk's vectors or several. */
interface ParquetCell {

  long MICROS_PER_SECOND = 1_000_000;

  void read(DuckDBReadableVector[] from, int row, DatasetBuilder into);

  static ParquetCell of(
      int position, int vector, ParquetColumn column, ColumnType type, @Nullable ZoneId zone) {
    return switch (type.kind()) {
      case FLOAT64 -> (from, row, into) -> into.setDouble(position, from[vector].getDouble(row));
      case INT64 -> (from, row, into) -> into.setLong(position, from[vector].getLong(row));
      case BOOLEAN -> (from, row, into) -> into.set(position, from[vector].getBoolean(row));
      case STRING -> (from, row, into) -> into.set(position, from[vector].getString(row));
      case TIMESTAMP -> {
        int divisor = column.isNanos() ? 1_000 : 1;
        if (!column.isLocalTime()) {
          yield (from, row, into) ->
              into.setMicros(position, Math.floorDiv(from[vector].getLong(row), divisor));
        }
        ZoneId clocks = Objects.requireNonNull(zone);
        yield (from, row, into) ->
            into.setMicros(
                position,
                instant(Math.floorDiv(from[vector].getLong(row), divisor), clocks, column.name()));
      }
      case FLOATS ->
          (from, row, into) -> into.set(position, floats(from, vector, row, column, type));
    };
  }

  /** The array whose length is in one vector, and whose elements are in those that follow. */
  private static float[] floats(
      DuckDBReadableVector[] from, int vector, int row, ParquetColumn column, ColumnType type) {
    long length = from[vector].getLong(row);
    if (length != type.length()) {
      throw wrong(column, "an array of " + length + " elements, and is " + type);
    }
    float[] values = new float[type.length()];
    for (int i = 0; i < values.length; i++) {
      DuckDBReadableVector elements = from[vector + 1 + i];
      if (elements.isNull(row)) {
        throw wrong(column, "an array whose element " + i + ", from 0, is null");
      }
      double number = elements.getDouble(row);
      values[i] = (float) number;
      if (Float.isInfinite(values[i]) && Double.isFinite(number)) {
        throw wrong(
            column,
            "an array whose element " + i + ", from 0, is beyond the range of a 32-bit float");
      }
    }
    return values;
  }

  private static SchemaException wrong(ParquetColumn column, String what) {
    return new SchemaException("column \"" + column.name() + "\" has " + what);
  }

  /** Reads codes of these texts. */
  static ParquetCell coded(int position, int vector, String[] texts) {
    return (from, row, into) -> into.set(position, texts[from[vector].getInt(row)]);
  }

  private static long instant(long localMicros, ZoneId zone, String column) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, MICROS_PER_SECOND), 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = zone.getRules().getValidOffsets(local);
    if (offsets.size() != 1) {
      throw new SchemaException(
          "column \""
              + column
              + "\" has the time "
              + local
              + ", which the clocks of "
              + zone
              + (offsets.isEmpty() ? " skip" : " show twice")
              + "; use a column with a zone");
    }
    return localMicros - offsets.get(0).getTotalSeconds() * MICROS_PER_SECOND;
  }
}
