package dev.mlops4j.tracking;

import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Transaction;
import dev.mlops4j.tracking.Filter.Like;
import dev.mlops4j.tracking.Filter.MetricComparison;
import dev.mlops4j.tracking.Filter.NullTest;
import dev.mlops4j.tracking.Filter.OneOf;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Answers a query on one snapshot. First it finds the numbers of the page's runs, then it reads
 * these runs.
 *
 * <p>There are three ways to find them. If some part of the filter is fulfilled by few runs, these
 * are looked at one by one and sorted. Else, if the first key of the order is a metric, a param or
 * a tag, the index by its values is walked until the page is full; those whose metric is NaN and
 * those that have none come after, with statements of their own. Else the runs are walked in the
 * order in which they started, or all sorted if the order begins with something else.
 */
final class JdbcRunSearch {

  private final Transaction tx;
  private final Dialect dialect;
  private final RunQuery query;
  private final int few;
  private final JdbcFragment status;
  private final List<JdbcSortKey> keys = new ArrayList<>();
  private final @Nullable SearchCursor cursor;

  /**
   * Prepares to answer.
   *
   * @param few how many runs are looked at one by one; {@link JdbcSearchSource#FEW} but in tests
   */
  JdbcRunSearch(Transaction tx, Dialect dialect, RunQuery query, int few) throws SQLException {
    this.tx = tx;
    this.few = few;
    this.dialect = dialect;
    this.query = query;
    this.cursor = query.cursor() == null ? null : SearchCursor.read(query.cursor(), query);
    this.status = JdbcStatus.read(tx, query.liveness());
    for (Order order : query.order()) {
      keys.add(new JdbcSortKey(order, keys.size(), status, dialect));
    }
  }

  RunPage page() throws SQLException {
    List<SearchCursor> hits = hits();
    if (hits.isEmpty()) {
      return new RunPage(List.of(), null);
    }
    boolean more = hits.size() > query.limit();
    List<SearchCursor> shown = more ? hits.subList(0, query.limit()) : hits;
    String next = more ? shown.get(shown.size() - 1).write(query) : null;
    List<Long> numbers = shown.stream().map(SearchCursor::no).toList();
    Map<Long, RunRecord> runs = JdbcRunReader.ofNumbers(tx, numbers).byNumber();
    List<RunRecord> records =
        numbers.stream()
            .map(no -> query.liveness().judge(Objects.requireNonNull(runs.get(no))))
            .toList();
    return new RunPage(records, next);
  }

  /** One more than the page has, if there are. */
  private List<SearchCursor> hits() throws SQLException {
    boolean simple = query.filter() == null && keys.isEmpty();
    Optional<JdbcSearchSource> source =
        simple ? Optional.empty() : JdbcSearchSource.find(tx, dialect, query);
    boolean walks = keys.isEmpty() || keys.get(0).hasTable();
    if (source.isPresent() && (!walks || source.get().size() <= few)) {
      JdbcFragment from = JdbcFragment.of("(").then(source.get().runNos());
      return find(
          from.then(") few CROSS JOIN run r"), JdbcFragment.of("r.no = few.run_no"), "few", 0);
    }
    if (walks && !keys.isEmpty()) {
      return walk(keys.get(0), source);
    }
    // The sign keeps SQLite from reading the runs by their numbers and sorting them.
    JdbcFragment link = source.map(some -> among("+r.no", some)).orElse(JdbcFragment.EMPTY);
    return find(JdbcFragment.of("run r"), link, "", 0);
  }

  private List<SearchCursor> walk(JdbcSortKey first, Optional<JdbcSearchSource> source)
      throws SQLException {
    List<SearchCursor> hits = new ArrayList<>();
    int begin = cursor == null ? 0 : cursor.places().get(0).rank();
    for (int rank = begin; rank <= lastRank(first) && hits.size() <= query.limit(); rank++) {
      if (rank == 1 && !first.isMetric()) {
        continue;
      }
      if (rank < 2) {
        JdbcFragment from = JdbcFragment.of(first.table() + " CROSS JOIN run r");
        hits.addAll(find(from, index(first, rank, source), first.alias(), 1));
      } else {
        JdbcFragment none = JdbcFragment.of("(" + first.rank() + ") = 2");
        JdbcFragment link =
            source.map(some -> none.then(" AND ").then(among("+r.no", some))).orElse(none);
        hits.addAll(find(JdbcFragment.of("run r"), link, "", 0));
      }
    }
    return hits.size() > query.limit() + 1 ? hits.subList(0, query.limit() + 1) : hits;
  }

  /** Which rows of the first key's table are walked: those of this rank. */
  private JdbcFragment index(JdbcSortKey first, int rank, Optional<JdbcSearchSource> source) {
    List<JdbcFragment> conditions = new ArrayList<>();
    conditions.add(first.isOfKey());
    conditions.add(JdbcFragment.of("r.no = " + first.alias() + ".run_no"));
    if (first.isMetric()) {
      String value = rank == 0 ? ".latest_value IS NOT NULL" : ".latest_value IS NULL";
      conditions.add(JdbcFragment.of(first.alias() + value));
    }
    source.ifPresent(some -> conditions.add(among(first.alias() + ".run_no", some)));
    for (Filter part : JdbcSearchSource.conjuncts(query.filter())) {
      if (part instanceof MetricComparison comparison
          && comparison.field().equals(first.order().field())) {
        conditions.add(JdbcFilterSql.value(first.alias(), comparison));
      }
    }
    if (cursor != null && rank == 0) {
      conditions.add(first.isAfter(cursor.places().get(0).value(), true));
    }
    return JdbcFragment.join(" AND ", conditions);
  }

  private static JdbcFragment among(String runNo, JdbcSearchSource source) {
    return JdbcFragment.of(runNo + " IN (").then(source.runNos()).then(")");
  }

  /** The greatest rank by the first key that a run which fulfils the filter may have. */
  private int lastRank(JdbcSortKey first) {
    int last = 2;
    for (Filter part : JdbcSearchSource.conjuncts(query.filter())) {
      if (demands(part, first.order().field())) {
        boolean number =
            part instanceof MetricComparison comparison
                && comparison.operator() != Operator.NOT_EQUAL
                && !Double.isNaN(comparison.value());
        last = Math.min(last, number ? 0 : 1);
      }
    }
    return last;
  }

  /** Whether no run fulfils the condition that has none of these. */
  private static boolean demands(Filter condition, SearchField field) {
    if (condition instanceof MetricComparison comparison) {
      return comparison.field().equals(field);
    }
    if (condition instanceof OneOf oneOf) {
      return oneOf.field().equals(field);
    }
    if (condition instanceof Like like) {
      return like.field().equals(field);
    }
    return condition instanceof NullTest test && test.negated() && test.field().equals(field);
  }

  /**
   * Finds runs in order.
   *
   * @param from where they are sought
   * @param link what holds for the rows there
   * @param alias the table there that is read first and has the number of a run; empty for the runs
   * @param joined how many of the keys' tables are in {@code from}
   */
  private List<SearchCursor> find(JdbcFragment from, JdbcFragment link, String alias, int joined)
      throws SQLException {
    String runNo = alias.isEmpty() ? "r.no" : alias + ".run_no";
    JdbcFragment sql = JdbcFragment.of("SELECT r.no AS run_no, r.started_at AS started_at");
    for (JdbcSortKey key : keys) {
      sql = sql.then(key.columns());
    }
    sql = sql.then(" FROM ").then(from);
    for (JdbcSortKey key : keys.subList(joined, keys.size())) {
      sql = key.hasTable() ? sql.then(key.join()) : sql;
    }
    JdbcFragment conditions = JdbcFragment.join(" AND ", conditions(link, runNo));
    sql = conditions.isEmpty() ? sql : sql.then(" WHERE ").then(conditions);
    sql = sql.then(" ORDER BY ");
    for (JdbcSortKey key : keys) {
      // An index that is walked gives the values alone.
      sql = sql.then((joined > key.index() ? key.orderByValue() : key.orderBy()) + ", ");
    }
    sql = sql.then("r.started_at DESC, r.no DESC LIMIT ?", query.limit() + 1);
    return tx.query(sql.sql(), this::hit, sql.args().toArray());
  }

  private List<JdbcFragment> conditions(JdbcFragment link, String runNo) {
    List<JdbcFragment> all = new ArrayList<>();
    if (!link.isEmpty()) {
      all.add(link);
    }
    if (!query.experiments().isEmpty()) {
      all.add(
          JdbcFragment.of("r.experiment IN (")
              .then(JdbcFragment.list(query.experiments()))
              .then(")"));
    }
    if (query.lifecycle() != Lifecycle.ALL) {
      String not = query.lifecycle() == Lifecycle.DELETED ? " NOT" : "";
      all.add(JdbcFragment.of("r.deleted_at IS" + not + " NULL"));
    }
    if (query.filter() != null) {
      Map<SearchField, String> joined = new HashMap<>();
      keys.stream()
          .filter(JdbcSortKey::isMetric)
          .forEach(key -> joined.put(key.order().field(), key.alias()));
      all.add(query.filter().accept(new JdbcFilterSql(dialect, status, runNo, joined)));
    }
    if (cursor != null) {
      all.add(after(cursor));
    }
    return all;
  }

  /** That a run comes after the cursor's: by one key, and is at its place by those before. */
  private JdbcFragment after(SearchCursor place) {
    List<JdbcFragment> ways = new ArrayList<>();
    List<JdbcFragment> same = new ArrayList<>();
    for (JdbcSortKey key : keys) {
      SearchCursor.Place at = place.places().get(key.index());
      ways.add(way(same, JdbcFragment.of("(").then(key.isAfter(at)).then(")")));
      same.add(key.isAt(at));
    }
    ways.add(way(same, JdbcFragment.of("r.started_at < ?", place.startedAt())));
    same.add(JdbcFragment.of("r.started_at = ?", place.startedAt()));
    ways.add(way(same, JdbcFragment.of("r.no < ?", place.no())));
    JdbcFragment either = JdbcFragment.of("(").then(JdbcFragment.join(" OR ", ways)).then(")");
    // Of the order in which they started it is said once more in a way that an index can follow.
    return keys.isEmpty() ? either.then(" AND r.started_at <= ?", place.startedAt()) : either;
  }

  private static JdbcFragment way(List<JdbcFragment> same, JdbcFragment beyond) {
    List<JdbcFragment> all = new ArrayList<>(same);
    all.add(beyond);
    return JdbcFragment.of("(").then(JdbcFragment.join(" AND ", all)).then(")");
  }

  private SearchCursor hit(ResultSet row) throws SQLException {
    List<SearchCursor.Place> places = new ArrayList<>();
    for (JdbcSortKey key : keys) {
      places.add(key.place(row));
    }
    return new SearchCursor(places, row.getLong("started_at"), row.getLong("run_no"));
  }
}
