package dev.mlops4j.tracking;

import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.tracking.Filter.And;
import dev.mlops4j.tracking.Filter.MetricComparison;
import dev.mlops4j.tracking.Filter.OneOf;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where the runs that a search may find are sought first: the part of its filter that fewest runs
 * fulfil, if an index says so and they are not many. The databases' own planners know too little of
 * it: SQLite keeps no statistics unless it is told to.
 *
 * @param runNos a query for the numbers of these runs and perhaps some more; each comes once
 * @param size how many they are
 */
record JdbcSearchSource(JdbcFragment runNos, int size) {

  /**
   * So many runs are looked at one by one and sorted, when the other way is to walk an index by
   * values and leave out all that are not among them. Measured at 100,000 runs: 7 us for a run, 0.4
   * us for a step of the walk.
   */
  static final int FEW = 600;

  /** Where more than so many fulfil each part, those that fulfil the whole are soon come across. */
  private static final int MANY = 2_000;

  /** Of a filter with more parts the others are not counted. */
  private static final int MOST_COUNTED = 10;

  /** The parts that must all hold. */
  static List<Filter> conjuncts(@Nullable Filter filter) {
    if (filter == null) {
      return List.of();
    }
    return filter instanceof And and ? and.parts() : List.of(filter);
  }

  /** The fewest that some part of the query leaves, if they are not many. */
  static Optional<JdbcSearchSource> find(Transaction tx, Dialect dialect, RunQuery query)
      throws SQLException {
    JdbcSearchSource best = null;
    int least = MANY + 1;
    for (JdbcFragment candidate : candidates(dialect, query)) {
      JdbcFragment count =
          JdbcFragment.of("SELECT count(*) FROM (")
              .then(candidate)
              .then(" LIMIT ?) counted", least);
      int found = tx.first(count.sql(), row -> row.getInt(1), count.args().toArray()).orElse(least);
      if (found < least) {
        least = found;
        best = new JdbcSearchSource(candidate, found);
      }
    }
    return Optional.ofNullable(best);
  }

  private static List<JdbcFragment> candidates(Dialect dialect, RunQuery query) {
    List<JdbcFragment> all = new ArrayList<>();
    for (Filter part : conjuncts(query.filter())) {
      if (all.size() < MOST_COUNTED) {
        candidate(dialect, part).ifPresent(all::add);
      }
    }
    if (!query.experiments().isEmpty()) {
      all.add(
          JdbcFragment.of("SELECT no AS run_no FROM run WHERE experiment IN (")
              .then(JdbcFragment.list(query.experiments()))
              .then(")"));
    }
    return all;
  }

  private static Optional<JdbcFragment> candidate(Dialect dialect, Filter part) {
    if (part instanceof MetricComparison comparison
        && comparison.operator() != Operator.NOT_EQUAL) {
      String sql = "SELECT m.run_no FROM metric m WHERE m.metric = ? AND ";
      return Optional.of(
          JdbcFragment.of(sql, comparison.field().key())
              .then(JdbcFilterSql.value("m", comparison)));
    }
    if (part instanceof OneOf condition && !condition.negated()) {
      List<String> values = condition.values().stream().filter(dialect::holds).toList();
      if (!values.isEmpty() && condition.field().kind().hasKey()) {
        return Optional.of(withText(dialect, condition.field(), values));
      }
      if (!values.isEmpty() && condition.field().kind() == TextField.Kind.PARENT_RUN_ID) {
        return Optional.of(
            JdbcFragment.of("SELECT no AS run_no FROM run WHERE parent_id IN (")
                .then(JdbcFragment.list(values))
                .then(")"));
      }
    }
    return Optional.empty();
  }

  /** By what the index has of the value, and so perhaps some more. */
  private static JdbcFragment withText(Dialect dialect, TextField field, List<String> values) {
    String sql =
        field.kind() == TextField.Kind.PARAM
            ? "SELECT t.run_no FROM run_param t WHERE t.param = ? AND "
            : "SELECT t.run_no FROM run_tag t WHERE t.tag = ? AND ";
    List<String> prefixes = values.stream().map(JdbcSearchSource::prefix).distinct().toList();
    return JdbcFragment.of(sql, field.key())
        .then(dialect.ordered(JdbcTrackingSchema.prefix("t.value")) + " IN (")
        .then(JdbcFragment.list(prefixes))
        .then(")");
  }

  /** What the database's {@code substr} gives; it takes U+0000 for the end of a text. */
  private static String prefix(String value) {
    int end = value.indexOf('\0');
    String text = end < 0 ? value : value.substring(0, end);
    int length = text.codePointCount(0, text.length());
    return length <= Order.TEXT_LENGTH
        ? text
        : text.substring(0, text.offsetByCodePoints(0, Order.TEXT_LENGTH));
  }
}
