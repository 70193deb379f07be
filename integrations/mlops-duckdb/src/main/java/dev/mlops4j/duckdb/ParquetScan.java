package dev.mlops4j.duckdb;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.duckdb.DuckDBChunkedResult;
import org.duckdb.DuckDBConnection;
import org.duckdb.DuckDBDataChunkReader;
import org.duckdb.DuckDBPreparedStatement;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** One pass over files, chunk after chunk. */
final class ParquetScan {

  /** A column of more distinct texts is read text by text. */
  private static final int MOST_CODES = 1 << 16;

  /** How DuckDB's messages about something else than values begin. */
  private static final List<String> NOT_OF_VALUES = List.of("IO Error", "Out of Memory Error");

  private final ParquetFiles files;
  private final ParquetOptions options;
  private final DuckDBConnection connection;
  private final ParquetSchema columns;
  private final String rows;
  private long rowsExpected;
  private long rowsRead;

  private ParquetScan(
      ParquetFiles files,
      ParquetOptions options,
      DuckDBConnection connection,
      ParquetSchema columns,
      String condition) {
    this.files = files;
    this.options = options;
    this.connection = connection;
    this.columns = columns;
    this.rows = " FROM " + files.table() + condition;
  }

  /** Reads all rows. */
  static Dataset read(ParquetFiles files, ParquetOptions options) {
    List<Dataset> all = new ArrayList<>(1);
    scan(files, options, null, Integer.MAX_VALUE, true, all::add);
    return all.get(0);
  }

  /**
   * Shows the rows of a period.
   *
   * @param evenEmpty whether to show a last batch without rows
   */
  static void scan(
      ParquetFiles files,
      ParquetOptions options,
      @Nullable ParquetPeriod period,
      int batchRows,
      boolean evenEmpty,
      Consumer<? super Dataset> batches) {
    try (DuckDBConnection connection = DuckDb.open(options.limits(), null)) {
      ParquetSchema columns = ParquetSchema.of(connection, files, options);
      scan(files, options, connection, columns, period, batchRows, evenEmpty, batches);
    } catch (SQLException e) {
      // The columns are read of the files' footers, so it shows no value.
      throw failure(files, 0, e.getMessage(), e);
    }
  }

  private static void scan(
      ParquetFiles files,
      ParquetOptions options,
      DuckDBConnection connection,
      ParquetSchema columns,
      @Nullable ParquetPeriod period,
      int batchRows,
      boolean evenEmpty,
      Consumer<? super Dataset> batches) {
    long[] rows = {0};
    try {
      String condition = period == null ? "" : period.condition(columns, options.zone());
      if (period != null) {
        period.checkTimes(connection, files);
      }
      new ParquetScan(files, options, connection, columns, condition)
          .show(batchRows, evenEmpty, batches, rows);
    } catch (SQLException e) {
      if (options.hidesAny() && mayShowValues(e)) {
        throw failure(files, rows[0], withoutValues(e, columns), null);
      }
      throw failure(files, rows[0], e.getMessage(), e);
    }
  }

  private static RowSourceException failure(
      ParquetFiles files, long rows, @Nullable String why, @Nullable Throwable cause) {
    return new RowSourceException(
        files.name(),
        "cannot be read, after "
            + rows
            + " rows: "
            + why
            + "; mend the cause and read again from the beginning",
        cause);
  }

  /** Whether the failure may be about a value, which DuckDB repeats. */
  private static boolean mayShowValues(SQLException e) {
    String message = String.valueOf(e.getMessage());
    return NOT_OF_VALUES.stream().noneMatch(message::startsWith);
  }

  /** What can be said of a failure whose message may show a value. */
  private static String withoutValues(SQLException e, ParquetSchema columns) {
    String message = String.valueOf(e.getMessage());
    return columns.columns().stream()
        .map(ParquetColumn::infiniteTime)
        .filter(message::contains)
        .findFirst()
        .orElse("DuckDB's message may show what is sensitive, and is left out");
  }

  private void show(
      int batchRows, boolean evenEmpty, Consumer<? super Dataset> batches, long[] count)
      throws SQLException {
    Schema schema = columns.schema();
    List<Field> fields = schema.fields();
    @Nullable String[][] texts = codes();
    List<String> selected = new ArrayList<>();
    ParquetCells[] cells = new ParquetCells[fields.size()];
    for (int i = 0; i < cells.length; i++) {
      ParquetColumn column = columns.columns().get(i);
      ColumnType type = fields.get(i).type();
      cells[i] =
          new ParquetCells(
              files.name(),
              i,
              selected.size(),
              column,
              fields.get(i),
              options.hides(fields.get(i)),
              options.zone(),
              texts[i]);
      String sql = column.sql(type);
      selected.add(
          texts[i] == null
              ? sql
              : "CAST(enum_code(CAST(" + sql + " AS texts_" + i + ")) AS INTEGER)");
      for (int element = 0; element < type.length(); element++) {
        selected.add(column.element(element));
      }
    }
    DatasetBuilder batch = Dataset.builder(schema);
    DuckDBReadableVector[] vectors = new DuckDBReadableVector[selected.size()];
    try (DuckDBPreparedStatement statement =
            connection.prepare("SELECT " + String.join(", ", selected) + rows);
        DuckDBChunkedResult result = statement.query()) {
      while (next(result)) {
        DuckDBDataChunkReader chunk = result.chunk();
        for (int i = 0; i < vectors.length; i++) {
          vectors[i] = chunk.vector(i);
        }
        int size = (int) chunk.rowCount();
        int begin = 0;
        while (begin < size) {
          int end = Math.min(size, begin + batchRows - batch.rowCount());
          for (ParquetCells column : cells) {
            column.read(vectors, begin, end, rowsRead, batch);
          }
          batch.endRows(end - begin);
          rowsRead += end - begin;
          count[0] = rowsRead;
          begin = end;
          if (batch.rowCount() == batchRows) {
            batches.accept(batch.build().withSource("Parquet " + files.name()));
            batch = Dataset.builder(schema);
          }
        }
      }
    }
    checkWhole(selected);
    if (batch.rowCount() > 0 || evenEmpty) {
      batches.accept(batch.build().withSource("Parquet " + files.name()));
    }
  }

  /**
   * A query that fails half way may look like one that ended: the driver then says that there is no
   * further chunk.
   */
  private void checkWhole(List<String> selected) throws SQLException {
    if (rowsRead == rowsExpected) {
      return;
    }
    List<String> named = new ArrayList<>();
    List<String> counts = new ArrayList<>();
    for (int i = 0; i < selected.size(); i++) {
      named.add(selected.get(i) + " AS c" + i);
      counts.add("count(c" + i + ")");
    }
    // Not shown row by row, so that what is wrong is said.
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TEMP TABLE why AS SELECT "
              + String.join(", ", counts)
              + " FROM (SELECT "
              + String.join(", ", named)
              + rows
              + ")");
    }
    throw failure(
        files, rowsRead, "the files changed meanwhile, there were " + rowsExpected + " rows", null);
  }

  /** What the driver throws unchecked here is the query that failed. */
  private static boolean next(DuckDBChunkedResult result) throws SQLException {
    try {
      return result.nextChunk();
    } catch (RuntimeException e) {
      throw new SQLException(e.getMessage(), e);
    }
  }

  /**
   * The distinct texts of columns that have few, in the order of their codes: to get a code from
   * DuckDB takes a tenth of the time that a text takes. Counts the rows as well.
   */
  private @Nullable String[][] codes() throws SQLException {
    List<Field> fields = columns.schema().fields();
    @Nullable String[][] texts = new String[fields.size()][];
    List<Integer> strings = new ArrayList<>();
    List<String> counts = new ArrayList<>(List.of("count(*)"));
    for (int i = 0; i < fields.size(); i++) {
      if (fields.get(i).type() == ColumnType.STRING) {
        strings.add(i);
        counts.add("approx_count_distinct(" + DuckDb.identifier(fields.get(i).name()) + ")");
      }
    }
    long[] found = new long[counts.size()];
    ParquetSchema.forEach(
        connection,
        "SELECT " + String.join(", ", counts) + rows,
        row -> {
          for (int i = 0; i < found.length; i++) {
            found[i] = row.getLong(i + 1);
          }
        });
    rowsExpected = found[0];
    for (int i = 0; i < strings.size(); i++) {
      long distinct = found[i + 1];
      if (distinct > 0 && distinct <= MOST_CODES && distinct <= found[0] / 4) {
        texts[strings.get(i)] = code(strings.get(i));
      }
    }
    return texts;
  }

  private String[] code(int position) throws SQLException {
    String text = columns.columns().get(position).sql(ColumnType.STRING);
    String type = "texts_" + position;
    try (Statement statement = connection.createStatement()) {
      statement.execute(
          "CREATE TYPE "
              + type
              + " AS ENUM (SELECT DISTINCT text FROM (SELECT "
              + text
              + " AS text"
              + rows
              + ") WHERE text IS NOT NULL)");
    }
    List<String> texts = new ArrayList<>();
    ParquetSchema.forEach(
        connection,
        "SELECT CAST(unnest(enum_range(CAST(NULL AS " + type + "))) AS VARCHAR)",
        row -> texts.add(row.getString(1)));
    return texts.toArray(String[]::new);
  }
}
