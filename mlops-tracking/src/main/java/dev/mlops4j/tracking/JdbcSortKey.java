package dev.mlops4j.tracking;

import dev.mlops4j.storage.Dialect;
import java.sql.ResultSet;
import java.sql.SQLException;

/**
 * A key by which runs are sorted, as SQL: a rank that says whether there is a value, and the value.
 *
 * @param index its place among the keys
 * @param status the expression for how a run stands
 */
record JdbcSortKey(Order order, int index, JdbcFragment status, Dialect dialect) {

  /** Whether there is a table that the key's values are in, of which a run has one row or none. */
  boolean hasTable() {
    return order.field() instanceof MetricField
        || (order.field() instanceof TextField text && text.kind().hasKey());
  }

  boolean isMetric() {
    return order.field() instanceof MetricField;
  }

  String alias() {
    return "k" + index;
  }

  /** The table with its alias. */
  String table() {
    return tableName() + " " + alias();
  }

  /** That a row of the table is of this key. */
  JdbcFragment isOfKey() {
    String key = order.field() instanceof MetricField metric ? metric.key() : text().key();
    return JdbcFragment.of(alias() + "." + keyColumn() + " = ?", key);
  }

  /** The join that gives the run's row, or nulls. */
  JdbcFragment join() {
    return JdbcFragment.of(" LEFT JOIN " + table() + " ON " + alias() + ".run_no = r.no AND ")
        .then(isOfKey());
  }

  /** 0 if there is a value, 1 if it is NaN, 2 if there is none. */
  String rank() {
    if (isMetric()) {
      return "CASE WHEN "
          + alias()
          + ".run_no IS NULL THEN 2 WHEN "
          + alias()
          + ".latest_value IS NULL THEN 1 ELSE 0 END";
    }
    if (hasTable()) {
      return "CASE WHEN " + alias() + ".run_no IS NULL THEN 2 ELSE 0 END";
    }
    if (order.field() == TimeField.END_TIME) {
      return "CASE WHEN r.ended_at IS NULL THEN 2 ELSE 0 END";
    }
    return order.field() instanceof TextField text && text.kind() == TextField.Kind.PARENT_RUN_ID
        ? "CASE WHEN r.parent_id IS NULL THEN 2 ELSE 0 END"
        : "0";
  }

  /** What is sorted by among runs that have a value. */
  JdbcFragment value() {
    if (isMetric()) {
      return JdbcFragment.of(alias() + ".latest_value");
    }
    if (order.field() instanceof TimeField time) {
      return JdbcFragment.of(JdbcFilterSql.column(time));
    }
    JdbcFragment value =
        hasTable()
            ? JdbcFragment.of(JdbcTrackingSchema.prefix(alias() + ".value"))
            : JdbcFilterSql.attribute(text().kind(), status);
    return new JdbcFragment(dialect.ordered(value.sql()), value.args());
  }

  /** The columns of the key in a result. */
  JdbcFragment columns() {
    return JdbcFragment.of(", " + rank() + " AS n" + index + ", ")
        .then(value())
        .then(" AS v" + index);
  }

  String orderBy() {
    return "n" + index + ", " + orderByValue();
  }

  String orderByValue() {
    return "v" + index + (order.descending() ? " DESC" : "");
  }

  /** That the value comes after this one, or is it if {@code inclusive}. */
  JdbcFragment isAfter(Object value, boolean inclusive) {
    String operator = (order.descending() ? " <" : " >") + (inclusive ? "= ?" : " ?");
    return value().then(operator, value);
  }

  /** That the run comes later by this key than one at the place. */
  JdbcFragment isAfter(SearchCursor.Place place) {
    JdbcFragment later = JdbcFragment.of("(" + rank() + ") > ?", place.rank());
    return place.rank() == 0
        ? later.then(" OR ((" + rank() + ") = 0 AND ").then(isAfter(place.value(), false)).then(")")
        : later;
  }

  /** That the run is at the place. */
  JdbcFragment isAt(SearchCursor.Place place) {
    JdbcFragment same = JdbcFragment.of("(" + rank() + ") = ?", place.rank());
    return place.rank() == 0 ? same.then(" AND ").then(value()).then(" = ?", place.value()) : same;
  }

  /** The key's place in a result. */
  SearchCursor.Place place(ResultSet row) throws SQLException {
    int rank = row.getInt("n" + index);
    String column = "v" + index;
    if (rank != 0) {
      return new SearchCursor.Place(rank, "");
    }
    Object value;
    if (isMetric()) {
      value = row.getDouble(column);
    } else if (order.field() instanceof TimeField) {
      value = row.getLong(column);
    } else {
      value = row.getString(column);
    }
    return new SearchCursor.Place(0, value);
  }

  private TextField text() {
    return (TextField) order.field();
  }

  private String tableName() {
    if (isMetric()) {
      return "metric";
    }
    return text().kind() == TextField.Kind.PARAM ? "run_param" : "run_tag";
  }

  private String keyColumn() {
    if (isMetric()) {
      return "metric";
    }
    return text().kind() == TextField.Kind.PARAM ? "param" : "tag";
  }
}
