package dev.mlops4j.cli;

import dev.mlops4j.report.Printable;
import dev.mlops4j.report.TextTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A table that fits a terminal: its columns stand in the order of their weight, words are wrapped,
 * and of what is still too wide the last columns are left out. Whatever is not plain in a cell or a
 * header is written as an escape.
 */
final class Table {

  private final List<Column> columns = new ArrayList<>();
  private final List<List<String>> rows = new ArrayList<>();

  Table words(String header) {
    columns.add(new Column(Printable.of(header), false));
    return this;
  }

  Table number(String header) {
    columns.add(new Column(Printable.of(header), true));
    return this;
  }

  Table row(@Nullable Object... cells) {
    List<String> row = new ArrayList<>();
    for (Object cell : cells) {
      row.add(cell == null ? "" : Printable.of(String.valueOf(cell)));
    }
    rows.add(row);
    return this;
  }

  String toText(int width) {
    int shown = columns.size();
    String text = text(shown, width);
    while (shown > 1 && text.lines().anyMatch(line -> line.length() > width)) {
      shown--;
      text = text(shown, width);
    }
    return shown == columns.size()
        ? text
        : text + "\n(left out for want of width: " + leftOut(shown) + ")";
  }

  private String text(int shown, int width) {
    TextTable.Builder table = TextTable.builder().width(width);
    for (Column column : columns.subList(0, shown)) {
      if (column.right()) {
        table.right(column.header());
      } else {
        table.left(column.header());
      }
    }
    rows.forEach(row -> table.row(row.subList(0, shown).toArray()));
    return table.build().toString();
  }

  private String leftOut(int shown) {
    return String.join(
        ", ", columns.subList(shown, columns.size()).stream().map(Column::header).toList());
  }

  private record Column(String header, boolean right) {}
}
