package dev.mlops4j.storage;

import java.sql.SQLException;

/** The last number that the database gave to a row of a table, which it does not give again. */
final class LastNumber {

  private LastNumber() {}

  /** 0 if none was given yet; the greatest that is still there if this user may not know more. */
  static long read(Transaction tx, Dialect dialect, TableLayout table) throws SQLException {
    String column = table.identity();
    if (column == null) {
      return 0;
    }
    long greatest =
        tx.first("SELECT max(" + column + ") FROM " + table.name(), row -> row.getLong(1))
            .orElse(0L);
    return Math.max(greatest, given(tx, dialect, table.name(), column));
  }

  private static long given(Transaction tx, Dialect dialect, String table, String column)
      throws SQLException {
    return dialect == Dialect.SQLITE
        ? tx.first("SELECT seq FROM sqlite_sequence WHERE name = ?", row -> row.getLong(1), table)
            .orElse(0L)
        : tx.first(
                "SELECT pg_catalog.pg_sequence_last_value(s::regclass)"
                    + " FROM (SELECT pg_catalog.pg_get_serial_sequence(?, ?) AS s) q"
                    + " WHERE pg_catalog.has_sequence_privilege(s, 'SELECT')",
                row -> row.getLong(1),
                table,
                column)
            .orElse(0L);
  }

  /** Has the database go on after this one; SQLite has seen to those of the rows itself. */
  static void set(Transaction tx, Dialect dialect, TableLayout table, long last)
      throws SQLException {
    String column = table.identity();
    if (column == null || last == 0) {
      return;
    }
    if (dialect == Dialect.POSTGRESQL) {
      tx.first(
          "SELECT pg_catalog.setval(pg_catalog.pg_get_serial_sequence(?, ?)::regclass, ?)",
          row -> true,
          table.name(),
          column,
          last);
    } else if (tx.update(
            "UPDATE sqlite_sequence SET seq = max(seq, ?) WHERE name = ?", last, table.name())
        == 0) {
      tx.update("INSERT INTO sqlite_sequence (name, seq) VALUES (?, ?)", table.name(), last);
    }
  }
}
