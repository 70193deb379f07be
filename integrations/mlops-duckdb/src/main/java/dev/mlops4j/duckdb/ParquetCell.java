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

/** Reads a cell that is not null. */
interface ParquetCell {

  long MICROS_PER_SECOND = 1_000_000;

  void read(DuckDBReadableVector from, int row, DatasetBuilder into);

  static ParquetCell of(
      int position, ParquetColumn column, ColumnType type, @Nullable ZoneId zone) {
    return switch (type) {
      case FLOAT64 -> (from, row, into) -> into.setDouble(position, from.getDouble(row));
      case INT64 -> (from, row, into) -> into.setLong(position, from.getLong(row));
      case BOOLEAN -> (from, row, into) -> into.set(position, from.getBoolean(row));
      case STRING -> (from, row, into) -> into.set(position, from.getString(row));
      case TIMESTAMP -> {
        int divisor = column.isNanos() ? 1_000 : 1;
        if (!column.isLocalTime()) {
          yield (from, row, into) ->
              into.setMicros(position, Math.floorDiv(from.getLong(row), divisor));
        }
        ZoneId clocks = Objects.requireNonNull(zone);
        yield (from, row, into) ->
            into.setMicros(
                position,
                instant(Math.floorDiv(from.getLong(row), divisor), clocks, column.name()));
      }
    };
  }

  /** Reads codes of these texts. */
  static ParquetCell coded(int position, String[] texts) {
    return (from, row, into) -> into.set(position, texts[from.getInt(row)]);
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
