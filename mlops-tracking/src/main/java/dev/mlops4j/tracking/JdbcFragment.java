package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** A piece of SQL with the arguments of its question marks. Text of a user's is only ever one. */
record JdbcFragment(String sql, List<Object> args) {

  static final JdbcFragment EMPTY = of("");

  static JdbcFragment of(String sql, Object... args) {
    return new JdbcFragment(sql, List.of(args));
  }

  static JdbcFragment join(String between, List<JdbcFragment> parts) {
    StringBuilder sql = new StringBuilder();
    List<Object> args = new ArrayList<>();
    for (JdbcFragment part : parts) {
      sql.append(sql.isEmpty() ? "" : between).append(part.sql);
      args.addAll(part.args);
    }
    return new JdbcFragment(sql.toString(), args);
  }

  /** A question mark for each, with commas. */
  static JdbcFragment list(List<?> values) {
    return new JdbcFragment(
        String.join(", ", Collections.nCopies(values.size(), "?")), new ArrayList<>(values));
  }

  JdbcFragment then(JdbcFragment other) {
    return join("", List.of(this, other));
  }

  JdbcFragment then(String moreSql, Object... moreArgs) {
    return then(of(moreSql, moreArgs));
  }

  boolean isEmpty() {
    return sql.isEmpty();
  }
}
