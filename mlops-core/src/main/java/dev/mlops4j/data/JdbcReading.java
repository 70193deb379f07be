package dev.mlops4j.data;

import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** One pass over a result, batch after batch. */
final class JdbcReading {

  private static final int MOST_PROBLEMS = 20;
  private static final int LONGEST_VALUE = 60;

  private final ResultSet result;
  private final JdbcColumns columns;
  private final JdbcSource.Settings settings;
  private final JdbcCell[] cells;
  private final boolean[] required;
  private final List<String> problems = new ArrayList<>();
  private final long[] count;
  private long rows;

  /**
   * A pass.
   *
   * @param count where the number of rows read is kept, at 0
   */
  JdbcReading(ResultSet result, JdbcColumns columns, JdbcSource.Settings settings, long[] count) {
    this.count = count;
    this.result = result;
    this.columns = columns;
    this.settings = settings;
    this.cells = columns.cells().toArray(JdbcCell[]::new);
    this.required = new boolean[cells.length];
    for (int i = 0; i < cells.length; i++) {
      required[i] = columns.schema().fields().get(i).required();
    }
  }

  void show(Consumer<? super Dataset> batches) throws SQLException {
    DatasetBuilder batch = Dataset.builder(columns.schema());
    while (result.next()) {
      if (readRow(batch)) {
        batch.endRow();
      } else {
        batch.discardRow();
      }
      rows++;
      count[0] = rows;
      if (batch.rowCount() == settings.fetchSize() || problems.size() >= MOST_PROBLEMS) {
        throwIfAny();
        batches.accept(batch.build().withSource(settings.source()));
        batch = Dataset.builder(columns.schema());
      }
    }
    throwIfAny();
    if (batch.rowCount() > 0) {
      batches.accept(batch.build().withSource(settings.source()));
    }
  }

  /** Whether the row is as declared; what is not is among the problems. */
  private boolean readRow(DatasetBuilder batch) throws SQLException {
    int before = problems.size();
    for (int i = 0; i < cells.length; i++) {
      try {
        if (!cells[i].read(result, batch) && required[i]) {
          problem(i, "is null, but the column is required");
        }
      } catch (CellException e) {
        problem(i, value(i) + e.reason());
      }
    }
    return problems.size() == before;
  }

  private void problem(int position, String reason) {
    problems.add("row " + rows + ", column \"" + name(position) + "\": " + reason);
  }

  private String value(int position) throws SQLException {
    if (settings.hides(columns.schema().fields().get(position))) {
      return "";
    }
    String text = String.valueOf(result.getString(columns.places().get(position)));
    return "\""
        + (text.length() > LONGEST_VALUE ? text.substring(0, LONGEST_VALUE) + "..." : text)
        + "\" is ";
  }

  private String name(int position) {
    return columns.schema().fields().get(position).name();
  }

  private void throwIfAny() {
    if (!problems.isEmpty()) {
      throw new SchemaException(
          "rows of "
              + settings.name()
              + ", counted from 0, are not as declared"
              + (problems.size() >= MOST_PROBLEMS ? ", where reading stopped" : "")
              + ":\n  "
              + String.join("\n  ", problems));
    }
  }
}
