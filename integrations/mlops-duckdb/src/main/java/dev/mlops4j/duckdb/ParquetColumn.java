package dev.mlops4j.duckdb;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import java.time.ZoneId;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A column of a file.
 *
 * @param name its name
 * @param type DuckDB's name of its type
 */
record ParquetColumn(String name, String type) {

  private static final Set<String> INTEGERS =
      Set.of(
          "TINYINT",
          "SMALLINT",
          "INTEGER",
          "BIGINT",
          "UTINYINT",
          "USMALLINT",
          "UINTEGER",
          "UBIGINT",
          "HUGEINT",
          "UHUGEINT");
  private static final Set<String> NUMBERS = Set.of("DOUBLE", "FLOAT", "DECIMAL");
  private static final Pattern FLOATS = Pattern.compile("(FLOAT|DOUBLE)\\[\\d*]");
  private static final Set<String> TEXTS = Set.of("VARCHAR", "ENUM", "UUID", "JSON");
  private static final Set<String> LOCAL_TIMES =
      Set.of("TIMESTAMP", "TIMESTAMP_NS", "TIMESTAMP_MS", "TIMESTAMP_S", "DATE");
  private static final Set<String> INSTANTS =
      Set.of("TIMESTAMP WITH TIME ZONE", "TIMESTAMPTZ_NS", "TIMESTAMP_NS WITH TIME ZONE");

  /** What the column is without a declaration, or null if nothing can hold it. */
  @Nullable ColumnType inferred() {
    String base = base();
    if (INTEGERS.contains(base)) {
      return ColumnType.INT64;
    }
    if (NUMBERS.contains(base)) {
      return ColumnType.FLOAT64;
    }
    if (base.equals("BOOLEAN")) {
      return ColumnType.BOOLEAN;
    }
    if (TEXTS.contains(base)) {
      return ColumnType.STRING;
    }
    return INSTANTS.contains(base) || isLocalTime() ? ColumnType.TIMESTAMP : null;
  }

  /** Whether it has lists that may be read as arrays of floats. */
  boolean isFloats() {
    return FLOATS.matcher(type).matches();
  }

  boolean isLocalTime() {
    return LOCAL_TIMES.contains(base());
  }

  /** Why the column cannot be read as this, or null if it can. */
  @Nullable String problem(Field field, @Nullable ZoneId zone) {
    String base = base();
    boolean fits =
        switch (field.type().kind()) {
          case FLOAT64 -> INTEGERS.contains(base) || NUMBERS.contains(base);
          case INT64 -> INTEGERS.contains(base) || type.matches("DECIMAL\\(\\d+,\\s*0\\)");
          case BOOLEAN -> base.equals("BOOLEAN");
          case STRING -> TEXTS.contains(base);
          case TIMESTAMP -> INSTANTS.contains(base) || isLocalTime();
          case FLOATS -> isFloats();
        };
    String found = "column \"" + name + "\" is to be " + field.type() + ", found " + type + "; ";
    if (!fits) {
      return found + "declare another type, or cast it in a statement of JdbcSource";
    }
    if (field.type() == ColumnType.TIMESTAMP && isLocalTime() && zone == null) {
      return found
          + "a time without a zone is no instant; say whose clocks showed it with zone(...)";
    }
    return null;
  }

  /** Whether timestamps are read as nanoseconds: made microseconds, DuckDB would round them. */
  boolean isNanos() {
    return type.contains("_NS");
  }

  /** An element of the arrays, from 0; null beyond their end. */
  String element(int position) {
    return "CAST(" + DuckDb.identifier(name) + "[" + (position + 1) + "] AS DOUBLE)";
  }

  /**
   * The values in the form in which they are read: timestamps as micro- or nanoseconds, arrays by
   * their length, which their elements follow.
   */
  String sql(ColumnType as) {
    String column = DuckDb.identifier(name);
    return switch (as.kind()) {
      case FLOAT64 -> "CAST(" + column + " AS DOUBLE)";
      case INT64 -> "CAST(" + column + " AS BIGINT)";
      case BOOLEAN -> column;
      case STRING -> "CAST(" + column + " AS VARCHAR)";
      // DuckDB says null of an infinite time, as if it were missing.
      case TIMESTAMP ->
          "coalesce("
              + (isNanos() ? "epoch_ns(" : "epoch_us(")
              + column
              + "), CASE WHEN "
              + column
              + " IS NOT NULL THEN CAST(error("
              + DuckDb.literal(infiniteTime())
              + ") AS BIGINT) END)";
      case FLOATS -> "len(" + column + ")";
    };
  }

  /** What the failure of a read says of a time that is no moment. */
  String infiniteTime() {
    return "column \"" + name + "\" has an infinite time";
  }

  private String base() {
    int parameters = type.indexOf('(');
    return type.endsWith("]") ? type : parameters < 0 ? type : type.substring(0, parameters);
  }
}
