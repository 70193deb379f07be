package dev.mlops4j.duckdb;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.data.Timestamps;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * A period of the rows of a column.
 *
 * @param time the column
 * @param from the first moment
 * @param to the first moment after it
 */
record ParquetPeriod(String time, Instant from, Instant to) {

  private static final Instant FIRST = Instant.parse("-200000-01-01T00:00:00Z");
  private static final long MOST_NANOS = Long.MAX_VALUE / 1_000 - 1;
  private static final Instant LAST = Instant.parse("+200000-01-01T00:00:00Z");

  /** As SQL; constants of the column's own type, by which DuckDB leaves out groups of rows. */
  String condition(ParquetSchema columns, @Nullable ZoneId zone) {
    OptionalInt position = columns.schema().find(time);
    if (position.isEmpty()
        || columns.schema().fields().get(position.getAsInt()).type() != ColumnType.TIMESTAMP) {
      throw new SchemaException(
          "column \""
              + time
              + "\", the time of the rows, is to be TIMESTAMP; there are: "
              + columns.schema());
    }
    ParquetColumn of = columns.columns().get(position.getAsInt());
    String column = DuckDb.identifier(time);
    List<String> conditions = new ArrayList<>();
    if (from.isAfter(FIRST)) {
      conditions.add(column + " >= " + moment(from, of, zone));
    }
    if (to.isBefore(LAST)) {
      conditions.add(column + " < " + moment(to, of, zone));
    }
    return conditions.isEmpty() ? "" : " WHERE " + String.join(" AND ", conditions);
  }

  /**
   * Refuses files with rows that are in no period: nobody would see that they are left out. Where
   * the files say how many nulls their groups of rows have, none of it is read for that.
   */
  void checkTimes(DuckDBConnection connection, ParquetFiles files) throws SQLException {
    long[] without = {0};
    ParquetSchema.forEach(
        connection,
        "SELECT count(*) FROM " + files.table() + " WHERE " + DuckDb.identifier(time) + " IS NULL",
        row -> without[0] = row.getLong(1));
    if (without[0] > 0) {
      throw new SchemaException(
          files.name()
              + ": column \""
              + time
              + "\", the time of the rows, is null in "
              + without[0]
              + " rows, which are in no period; leave them out of the files, or select the others"
              + " with a JdbcSource over DuckDB");
    }
  }

  /** Rounded up to a microsecond, so that no row is in two periods. */
  private static String moment(Instant at, ParquetColumn column, @Nullable ZoneId zone) {
    long micros = Timestamps.toMicros(at.plusNanos(999));
    String function = "make_timestamptz(";
    if (column.isLocalTime() && zone != null) {
      micros += zone.getRules().getOffset(at).getTotalSeconds() * 1_000_000L;
      function = "make_timestamp(";
    }
    if (!column.isNanos()) {
      return function + micros + ")";
    }
    // DuckDB compares nanoseconds with nothing else, and they end in 1677 and 2262.
    long within = Math.max(-MOST_NANOS, Math.min(micros, MOST_NANOS));
    return "CAST(" + function + within + ") AS " + column.type() + ")";
  }
}
