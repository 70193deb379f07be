package dev.mlops4j.tracking;

import java.util.List;

/**
 * A key by which runs are sorted. Runs that have no value come last in either direction, before
 * them those whose metric is NaN. Text is sorted by its code points, a param's or tag's by the
 * first {@link #TEXT_LENGTH} of them. The {@code toString} is text that {@link #parse} reads.
 *
 * @param field what is sorted by
 * @param descending whether the greatest comes first
 */
public record Order(SearchField field, boolean descending) {

  /** How many code points of a param or tag count. */
  public static final int TEXT_LENGTH = 100;

  /**
   * Checks the field.
   *
   * @throws IllegalArgumentException if it is a dataset's, of which a run may have several
   */
  public Order {
    if (field instanceof TextField text && text.kind().isOfDatasets()) {
      throw new IllegalArgumentException(
          "runs cannot be sorted by " + field + ", of which a run may have several");
    }
  }

  /**
   * Reads keys such as {@code metrics.auc DESC, params.depth, start_time ASC}; without a direction
   * it is ASC.
   *
   * @throws SearchSyntaxException if the text is anything else; it points at the column
   */
  public static List<Order> parse(String text) {
    return new SearchParser(text).orders();
  }

  @Override
  public String toString() {
    return field + (descending ? " DESC" : " ASC");
  }
}
