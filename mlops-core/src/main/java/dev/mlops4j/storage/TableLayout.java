package dev.mlops4j.storage;

import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Properties;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.sqlite.JDBC;

/**
 * A table of a component, as its steps make it: found by running them on a database in memory, so
 * that a component need not say anything of its tables but how they are made.
 *
 * @param name the table's name
 * @param columns in the order of the table
 * @param identity the column whose numbers the database gives, if there is one
 */
record TableLayout(String name, List<Column> columns, @Nullable String identity) {

  /** What the column holds, in either database. */
  enum Kind {
    WHOLE,
    REAL,
    TEXT,
    BYTES
  }

  record Column(String name, Kind kind) {}

  /** The tables that these steps make, those first that others refer to. */
  static List<TableLayout> of(List<Migration> steps) {
    try (Connection scratch = JDBC.createConnection(JDBC.PREFIX + ":memory:", new Properties());
        Statement statement = scratch.createStatement()) {
      for (Migration step : steps) {
        for (String sql : step.statements().apply(Dialect.SQLITE)) {
          statement.execute(sql);
        }
      }
      return read(statement);
    } catch (SQLException e) {
      throw new StorageException("cannot find out which tables are copied: " + e.getMessage(), e);
    }
  }

  String select() {
    return "SELECT " + names() + " FROM " + name;
  }

  String insert() {
    return "INSERT INTO "
        + name
        + " ("
        + names()
        + ") VALUES ("
        + String.join(", ", Collections.nCopies(columns.size(), "?"))
        + ")";
  }

  /**
   * The row that stands there: {@link Long}, {@link Double}, {@link String}, {@code byte[]} or
   * null.
   *
   * @throws StorageCorruptException if a value is of another kind than its column, which SQLite
   *     does not prevent
   */
  @Nullable Object[] read(ResultSet row) throws SQLException {
    @Nullable Object[] values = new Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = value(row.getObject(i + 1), columns.get(i));
    }
    return values;
  }

  private @Nullable Object value(@Nullable Object found, Column column) {
    if (found == null) {
      return null;
    }
    boolean fits =
        switch (column.kind) {
          case WHOLE -> found instanceof Long || found instanceof Integer;
          case REAL -> found instanceof Double;
          case TEXT -> found instanceof String;
          case BYTES -> found instanceof byte[];
        };
    if (!fits) {
      throw new StorageCorruptException(
          "column "
              + column.name
              + " of table "
              + name
              + " holds a "
              + found.getClass().getSimpleName()
              + " where "
              + column.kind.name().toLowerCase(Locale.ROOT)
              + " was expected; it was not written by mlops4j",
          null);
    }
    if (found instanceof Integer number) {
      return number.longValue();
    }
    return found;
  }

  private String names() {
    return columns.stream().map(Column::name).collect(Collectors.joining(", "));
  }

  private static List<TableLayout> read(Statement statement) throws SQLException {
    List<String> names = new ArrayList<>();
    List<Boolean> numbered = new ArrayList<>();
    try (ResultSet tables =
        statement.executeQuery(
            "SELECT name, sql FROM sqlite_master WHERE type = 'table'"
                + " AND name NOT LIKE 'sqlite\\_%' ESCAPE '\\' ORDER BY rowid")) {
      while (tables.next()) {
        names.add(tables.getString(1));
        numbered.add(tables.getString(2).contains("AUTOINCREMENT"));
      }
    }
    List<TableLayout> layouts = new ArrayList<>();
    for (int i = 0; i < names.size(); i++) {
      layouts.add(read(statement, names.get(i), numbered.get(i)));
    }
    return layouts;
  }

  private static TableLayout read(Statement statement, String table, boolean numbered)
      throws SQLException {
    List<Column> columns = new ArrayList<>();
    String identity = null;
    try (ResultSet rows = statement.executeQuery("PRAGMA table_info(" + table + ")")) {
      while (rows.next()) {
        String column = rows.getString("name");
        columns.add(new Column(column, kind(rows.getString("type"))));
        if (numbered && rows.getInt("pk") == 1) {
          identity = column;
        }
      }
    }
    return new TableLayout(table, List.copyOf(columns), identity);
  }

  /** By the rules by which SQLite takes the affinity of a column from its type. */
  private static Kind kind(String type) {
    String upper = type.toUpperCase(Locale.ROOT);
    if (upper.contains("INT")) {
      return Kind.WHOLE;
    }
    if (upper.contains("TEXT") || upper.contains("CHAR")) {
      return Kind.TEXT;
    }
    if (upper.contains("REAL") || upper.contains("DOUB") || upper.contains("FLOA")) {
      return Kind.REAL;
    }
    if (upper.contains("BLOB")) {
      return Kind.BYTES;
    }
    throw new IllegalStateException("a column of type " + type + " cannot be copied");
  }
}
