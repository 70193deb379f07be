package dev.mlops4j.data;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.Types;
import java.util.Locale;
import java.util.Set;

/** What the values of a result's column are, as far as it matters for reading them. */
enum JdbcKind {
  WHOLE,
  /** A number of 32 bits. */
  SINGLE,
  REAL,
  DECIMAL,
  TRUTH,
  TEXT,
  DATE,
  LOCAL_TIME,
  INSTANT,
  ARRAY,
  OTHER;

  /** Names of types of instants that drivers report as {@link Types#TIMESTAMP} or a type of own. */
  private static final Set<String> INSTANTS =
      Set.of(
          "timestamptz",
          "timestamp with time zone",
          "timestamp with local time zone",
          "datetimeoffset");

  /** Names of integers that have no constant in {@link Types}. */
  private static final Set<String> LARGE_INTEGERS = Set.of("hugeint", "uhugeint", "ubigint");

  static JdbcKind of(ResultSetMetaData result, int column) throws SQLException {
    String name = typeName(result, column).toLowerCase(Locale.ROOT).replaceAll("\\(\\d*\\)", "");
    if (INSTANTS.contains(name)) {
      return INSTANT;
    }
    if (LARGE_INTEGERS.contains(name)) {
      return DECIMAL;
    }
    return switch (result.getColumnType(column)) {
      case Types.TINYINT, Types.SMALLINT, Types.INTEGER, Types.BIGINT -> WHOLE;
      case Types.REAL -> SINGLE;
      case Types.FLOAT, Types.DOUBLE -> REAL;
      case Types.NUMERIC, Types.DECIMAL -> DECIMAL;
      case Types.BOOLEAN, Types.BIT -> TRUTH;
      case Types.CHAR,
          Types.VARCHAR,
          Types.LONGVARCHAR,
          Types.NCHAR,
          Types.NVARCHAR,
          Types.LONGNVARCHAR,
          Types.CLOB,
          Types.NCLOB ->
          TEXT;
      case Types.DATE -> DATE;
      case Types.TIMESTAMP -> LOCAL_TIME;
      case Types.TIMESTAMP_WITH_TIMEZONE -> INSTANT;
      case Types.ARRAY -> ARRAY;
      default -> OTHER;
    };
  }

  static String typeName(ResultSetMetaData result, int column) throws SQLException {
    String name = result.getColumnTypeName(column);
    return name == null ? "of no type" : name;
  }
}
