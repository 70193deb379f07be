package dev.mlops4j.report;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * A table for terminals and logs: a header, a line, the rows. Immutable, safe for any number of
 * threads.
 *
 * <pre>{@code
 * TextTable table = TextTable.builder().left("metric").right("champion").right("challenger")
 *     .row("auc", 0.737, 0.741)
 *     .row("log loss", 0.467, 0.463)
 *     .build();
 * System.out.println(table);
 * }</pre>
 *
 * <p>No line ends in blanks, and none is wider than {@link Builder#width} as long as every column
 * can keep its least width. Left-aligned columns are wrapped to fit, the widest first;
 * right-aligned ones, which hold numbers, are not.
 */
public final class TextTable {

  private static final String GAP = "  ";
  private static final int LEAST_WRAPPED_WIDTH = 8;

  private final List<String> lines;

  private TextTable(List<String> lines) {
    this.lines = List.copyOf(lines);
  }

  /** Starts a table without columns. */
  public static Builder builder() {
    return new Builder();
  }

  /** The lines, the header's first, without line ends. */
  public List<String> lines() {
    return lines;
  }

  /** The lines, joined by {@code \n}; none after the last. */
  @Override
  public String toString() {
    return String.join("\n", lines);
  }

  private record TableColumn(String header, boolean right) {}

  /** Collects columns and rows. Not safe for use by several threads. */
  public static final class Builder {

    private final List<TableColumn> columns = new ArrayList<>();
    private final List<List<String>> rows = new ArrayList<>();
    private int width = Integer.MAX_VALUE;

    private Builder() {}

    /** Adds a column whose cells stand at its left, for words. */
    public Builder left(String header) {
      return column(header, false);
    }

    /** Adds a column whose cells stand at its right, for numbers. */
    public Builder right(String header) {
      return column(header, true);
    }

    /**
     * The greatest width of a line, in characters of a terminal; without it, lines are as wide as
     * they need to be.
     *
     * @throws IllegalArgumentException if {@code width} is not positive
     */
    public Builder width(int width) {
      if (width < 1) {
        throw new IllegalArgumentException("width is at least 1, found " + width);
      }
      this.width = width;
      return this;
    }

    /**
     * Adds a row, a cell a column, by {@link String#valueOf(Object)}; null is an empty cell. A line
     * break in a cell breaks the cell's line.
     *
     * @throws IllegalArgumentException if there are not as many cells as columns
     */
    public Builder row(@Nullable Object... cells) {
      if (cells.length != columns.size()) {
        throw new IllegalArgumentException(
            "a row of this table has " + columns.size() + " cells, found " + cells.length);
      }
      rows.add(Arrays.stream(cells).map(cell -> cell == null ? "" : String.valueOf(cell)).toList());
      return this;
    }

    /**
     * The table.
     *
     * @throws IllegalStateException if it has no column
     */
    public TextTable build() {
      if (columns.isEmpty()) {
        throw new IllegalStateException("a table has at least one column; add one with left()");
      }
      int[] widths = widths();
      List<String> lines = new ArrayList<>();
      append(lines, columns.stream().map(TableColumn::header).toList(), widths);
      lines.add(rule(widths));
      for (List<String> row : rows) {
        append(lines, row, widths);
      }
      return new TextTable(lines);
    }

    private Builder column(String header, boolean right) {
      if (!rows.isEmpty()) {
        throw new IllegalStateException(
            "column \"" + header + "\" comes after a row; add all columns first");
      }
      columns.add(new TableColumn(header, right));
      return this;
    }

    private int[] widths() {
      int[] widths = new int[columns.size()];
      for (int i = 0; i < widths.length; i++) {
        widths[i] = naturalWidth(columns.get(i).header());
        for (List<String> row : rows) {
          widths[i] = Math.max(widths[i], naturalWidth(row.get(i)));
        }
      }
      long excess =
          Arrays.stream(widths).asLongStream().sum()
              + (long) GAP.length() * (widths.length - 1)
              - width;
      for (; excess > 0; excess--) {
        int widest = widestWrapped(widths);
        if (widest < 0) {
          break;
        }
        widths[widest]--;
      }
      return widths;
    }

    /** The widest column that may still be made narrower, or -1. */
    private int widestWrapped(int[] widths) {
      int widest = -1;
      for (int i = 0; i < widths.length; i++) {
        if (!columns.get(i).right()
            && widths[i] > LEAST_WRAPPED_WIDTH
            && (widest < 0 || widths[i] > widths[widest])) {
          widest = i;
        }
      }
      return widest;
    }

    private static int naturalWidth(String cell) {
      return cell.lines().mapToInt(line -> DisplayWidth.of(clean(line))).max().orElse(0);
    }

    private void append(List<String> lines, List<String> cells, int[] widths) {
      List<List<String>> wrapped = new ArrayList<>();
      int height = 1;
      for (int i = 0; i < widths.length; i++) {
        List<String> cell = new ArrayList<>();
        for (String line : cells.get(i).lines().toList()) {
          cell.addAll(Wrapping.wrap(clean(line), widths[i]));
        }
        wrapped.add(cell);
        height = Math.max(height, cell.size());
      }
      for (int line = 0; line < height; line++) {
        StringBuilder text = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
          List<String> cell = wrapped.get(i);
          String part = line < cell.size() ? cell.get(line) : "";
          int padding = Math.max(0, widths[i] - DisplayWidth.of(part));
          text.append(i == 0 ? "" : GAP);
          text.append(columns.get(i).right() ? " ".repeat(padding) + part : part);
          text.append(columns.get(i).right() ? "" : " ".repeat(padding));
        }
        lines.add(text.toString().stripTrailing());
      }
    }

    private static String rule(int[] widths) {
      List<String> parts = new ArrayList<>();
      for (int width : widths) {
        parts.add("-".repeat(width));
      }
      return String.join(GAP, parts).stripTrailing();
    }

    /** Control characters would move the cursor of the terminal; each becomes a blank. */
    private static String clean(String line) {
      IntUnaryOperator blank = c -> Character.isISOControl(c) ? ' ' : c;
      return line.codePoints()
          .map(blank)
          .collect(StringBuilder::new, StringBuilder::appendCodePoint, StringBuilder::append)
          .toString();
    }
  }
}
