package dev.mlops4j.storage;

import java.sql.PreparedStatement;
import java.sql.SQLException;

/**
 * A statement that a driver has prepared.
 *
 * @param places how many question marks it has, which a driver may have to ask the server for
 */
record Prepared(PreparedStatement statement, int places) {

  Prepared(PreparedStatement statement, String sql) {
    this(statement, places(sql));
  }

  void close() throws SQLException {
    statement.close();
  }

  /** Counts the question marks outside of quotes. */
  private static int places(String sql) {
    int places = 0;
    char quote = 0;
    for (int i = 0; i < sql.length(); i++) {
      char c = sql.charAt(i);
      if (quote != 0) {
        quote = c == quote ? 0 : quote;
      } else if (c == '\'' || c == '"') {
        quote = c;
      } else if (c == '?') {
        places++;
      }
    }
    return places;
  }
}
