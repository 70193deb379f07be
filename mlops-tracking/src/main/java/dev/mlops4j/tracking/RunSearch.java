package dev.mlops4j.tracking;

import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A search of runs, made with {@link Tracking#search}. Immutable: each method gives another search.
 *
 * <pre>{@code
 * RunPage best = tracking.search("flight-delay")
 *     .where(metric("auc").greaterThan(0.8).and(param("depth").is("6")))
 *     .orderBy(metric("auc").descending())
 *     .limit(50)
 *     .page();
 * }</pre>
 *
 * <p>The same in text: {@code where("metrics.auc > 0.8 and params.depth = '6'")} and {@code
 * orderBy("metrics.auc desc")}.
 *
 * <p><b>Pages.</b> {@link RunPage#next} is where the next page begins: after the last run of this
 * one, by what it was sorted by then. So a run that matches all the while, and whose sort keys do
 * not change, is on exactly one page, however many runs are added, changed or deleted meanwhile; a
 * run whose keys change between two pages may be on both or on neither.
 */
public final class RunSearch {

  /** How many runs a page has unless stated. */
  public static final int DEFAULT_LIMIT = 100;

  private final TrackingStore store;
  private final InstantSource clock;
  private final RunQuery query;

  private RunSearch(TrackingStore store, InstantSource clock, RunQuery query) {
    this.store = store;
    this.clock = clock;
    this.query = query;
  }

  static RunSearch of(TrackingStore store, InstantSource clock, List<String> experiments) {
    Liveness liveness = Liveness.at(clock.instant());
    RunQuery query =
        new RunQuery(experiments, null, List.of(), Lifecycle.ACTIVE, DEFAULT_LIMIT, null, liveness);
    return new RunSearch(store, clock, query);
  }

  /**
   * Only runs for which this holds, and what was stated before.
   *
   * @throws IllegalArgumentException if the two together are too large a filter
   */
  public RunSearch where(Filter filter) {
    Filter before = query.filter();
    return with(before == null ? filter : before.and(filter), query.order());
  }

  /**
   * Only runs for which this holds, and what was stated before; see {@link Filter#parse}.
   *
   * @throws SearchSyntaxException if the text is no filter; it points at the column
   */
  public RunSearch where(String text) {
    return where(Filter.parse(text));
  }

  /**
   * Sorts by these keys, the first one first, instead of those stated before. Runs equal in all of
   * them come latest started first.
   *
   * @throws IllegalArgumentException if there are more than {@link RunQuery#MAX_ORDERS}
   */
  public RunSearch orderBy(Order... keys) {
    return with(query.filter(), List.of(keys));
  }

  /**
   * Sorts by keys such as {@code metrics.auc desc, start_time}; see {@link Order#parse}.
   *
   * @throws SearchSyntaxException if the text is anything else; it points at the column
   */
  public RunSearch orderBy(String text) {
    return with(query.filter(), Order.parse(text));
  }

  /** Looks at deleted runs instead of, or beside, the others. */
  public RunSearch lifecycle(Lifecycle lifecycle) {
    return with(query.filter(), query.order(), lifecycle, query.limit(), query.cursor());
  }

  /**
   * Finds at most so many runs at once.
   *
   * @throws IllegalArgumentException unless it is 1 to {@link RunQuery#MAX_LIMIT}
   */
  public RunSearch limit(int runs) {
    return with(query.filter(), query.order(), query.lifecycle(), runs, query.cursor());
  }

  /**
   * Begins after the page that gave this cursor.
   *
   * @param cursor null to begin at the beginning
   */
  public RunSearch after(@Nullable String cursor) {
    return with(query.filter(), query.order(), query.lifecycle(), query.limit(), cursor);
  }

  /**
   * Searches. Metrics that open runs hold in their buffers are not seen.
   *
   * @throws InvalidCursorException if the cursor is not this search's; its limit may differ
   * @throws dev.mlops4j.MlopsException if the store cannot be read
   */
  public RunPage page() {
    RunQuery now =
        new RunQuery(
            query.experiments(),
            query.filter(),
            query.order(),
            query.lifecycle(),
            query.limit(),
            query.cursor(),
            Liveness.at(clock.instant()));
    return store.search(now);
  }

  /** The first run of {@link #page()}, if there is one. */
  public Optional<RunRecord> first() {
    return limit(1).page().runs().stream().findFirst();
  }

  private RunSearch with(@Nullable Filter filter, List<Order> order) {
    return with(filter, order, query.lifecycle(), query.limit(), query.cursor());
  }

  private RunSearch with(
      @Nullable Filter filter,
      List<Order> order,
      Lifecycle lifecycle,
      int limit,
      @Nullable String cursor) {
    RunQuery changed =
        new RunQuery(
            query.experiments(), filter, order, lifecycle, limit, cursor, query.liveness());
    return new RunSearch(store, clock, changed);
  }
}
