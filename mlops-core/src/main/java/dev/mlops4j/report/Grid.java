package dev.mlops4j.report;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table with a header, of which rows may stand out. Immutable.
 *
 * @param header what stands over the columns
 * @param rows the rows, each with a cell a column
 */
public record Grid(List<String> header, List<Row> rows) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a row has not as many cells as the header
   */
  public Grid {
    header = List.copyOf(header);
    rows = List.copyOf(rows);
    for (Row row : rows) {
      if (row.cells().size() != header.size()) {
        throw new IllegalArgumentException(
            header.size() + " cells are needed, found " + row.cells().size() + " in " + row);
      }
    }
  }

  /** How much a row asks for attention. Colours alone say nothing: the cells must say it too. */
  public enum Tone {
    /** Like any other. */
    PLAIN,
    /** As it should be. */
    GOOD,
    /** Worth a look. */
    NOTICE,
    /** Something to do. */
    ALERT
  }

  /**
   * One row.
   *
   * @param tone how much it asks for attention
   * @param cells a cell a column; the first is the row's name
   * @param section the heading of the section that the name leads to, or null
   */
  public record Row(Tone tone, List<String> cells, @Nullable String section) {

    /** Copies the cells. */
    public Row {
      cells = List.copyOf(cells);
    }
  }
}
