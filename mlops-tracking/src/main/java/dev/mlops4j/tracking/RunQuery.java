package dev.mlops4j.tracking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link TrackingStore} is asked to search for; users take {@link Tracking#search}.
 *
 * @param experiments the experiments to look at; empty for all
 * @param filter which runs; null for all
 * @param order by what they are sorted, the first key first; then, and if it is empty, the latest
 *     started comes first, and of those that started in the same microsecond the latest created
 * @param lifecycle whether deleted runs are looked at
 * @param limit how many runs a page has at most, 1 to {@link #MAX_LIMIT}
 * @param cursor where the page begins: what {@link RunPage#next} of the page before gave; null for
 *     the first page
 * @param liveness which RUNNING runs are ABANDONED
 */
public record RunQuery(
    List<String> experiments,
    @Nullable Filter filter,
    List<Order> order,
    Lifecycle lifecycle,
    int limit,
    @Nullable String cursor,
    Liveness liveness) {

  /** How many runs a page may have. */
  public static final int MAX_LIMIT = 1_000;

  /** How many keys runs may be sorted by. */
  public static final int MAX_ORDERS = 8;

  /** How many experiments may be named. */
  public static final int MAX_EXPERIMENTS = 1_000;

  /**
   * Checks the numbers; an experiment or key that is named twice counts once.
   *
   * @throws IllegalArgumentException if one of them is too large, or the limit too small
   */
  public RunQuery {
    experiments = experiments.stream().distinct().toList();
    order = order.stream().distinct().toList();
    check("the limit", limit, 1, MAX_LIMIT);
    check("the number of keys to sort by", order.size(), 0, MAX_ORDERS);
    check("the number of experiments", experiments.size(), 0, MAX_EXPERIMENTS);
  }

  private static void check(String what, int found, int least, int most) {
    if (found < least || found > most) {
      throw new IllegalArgumentException(
          what + " is " + least + " to " + most + ", found " + found);
    }
  }
}
