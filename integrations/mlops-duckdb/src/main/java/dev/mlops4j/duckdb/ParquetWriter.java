package dev.mlops4j.duckdb;

import dev.mlops4j.data.BooleanColumn;
import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetWriter;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.TimestampColumn;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;
import org.duckdb.DuckDBAppender;
import org.duckdb.DuckDBConnection;
import org.jspecify.annotations.Nullable;

/**
 * Writes a Parquet file batch after batch. The file appears as a whole with {@link #finish}; closed
 * without, what was written is forgotten. Not safe for use by several threads.
 *
 * <p>Rows are collected in DuckDB, beyond its limit in a temporary directory beside the file, so
 * the Java heap holds one batch, and the disk may for a while hold the rows twice.
 */
public final class ParquetWriter implements DatasetWriter {

  private static final String ROWS = "rows_to_write";

  private final Schema schema;
  private final Path file;
  private final Path directory;
  private final DuckDBConnection connection;
  private final DuckDBAppender appender;
  private boolean finished;
  private boolean closed;

  ParquetWriter(Schema schema, Path file, DuckDbLimits limits) {
    this.schema = schema;
    this.file = file;
    checkNames();
    try {
      Path parent = file.toAbsolutePath().getParent();
      directory = Files.createTempDirectory(parent, ".parquet");
    } catch (IOException e) {
      throw failed(e);
    }
    DuckDBConnection opened = null;
    try {
      opened = DuckDb.open(limits, directory.resolve("spilled"));
      execute(opened, "CREATE TABLE " + ROWS + " (" + columns(true) + ")");
      appender = opened.createAppender(ROWS);
      connection = opened;
    } catch (SQLException e) {
      ParquetWriteException failure = failed(e);
      close(opened, failure);
      throw failure;
    }
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaException {@inheritDoc}
   * @throws ParquetWriteException if they cannot be written
   */
  @Override
  public void write(Dataset batch) {
    checkOpen();
    if (!batch.schema().hasColumnsOf(schema)) {
      throw new SchemaException(
          file + " has the columns " + schema + ", found a batch of " + batch.schema());
    }
    Column[] columns = new Column[schema.size()];
    for (int i = 0; i < columns.length; i++) {
      columns[i] = batch.column(i);
    }
    try {
      for (int row = 0; row < batch.rowCount(); row++) {
        appender.beginRow();
        for (int i = 0; i < columns.length; i++) {
          append(columns[i], row, i);
        }
        appender.endRow();
      }
      appender.flush();
    } catch (SQLException e) {
      throw failed(e);
    }
  }

  /**
   * Puts the file into its place, in one step.
   *
   * @throws ParquetWriteException if it cannot be written
   */
  @Override
  public void finish() {
    checkOpen();
    Path whole = directory.resolve("whole");
    try {
      appender.close();
      execute(
          connection,
          "COPY (SELECT "
              + columns(false)
              + " FROM "
              + ROWS
              + ") TO "
              + DuckDb.literal(whole.toString())
              + " (FORMAT parquet)");
      Files.move(whole, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    } catch (SQLException | IOException e) {
      throw failed(e);
    }
    finished = true;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      close(connection, null);
    }
  }

  private void append(Column column, int row, int position) throws SQLException {
    if (column.isMissing(row)) {
      appender.appendNull();
    } else if (column instanceof DoubleColumn doubles) {
      appender.append(doubles.doubleAt(row));
    } else if (column instanceof LongColumn longs) {
      appender.append(longs.longAt(row));
    } else if (column instanceof BooleanColumn booleans) {
      appender.append(booleans.booleanAt(row));
    } else if (column instanceof StringColumn strings) {
      appender.append(strings.get(row));
    } else if (column instanceof TimestampColumn timestamps) {
      appender.appendEpochMicros(finite(timestamps.microsAt(row), position));
    } else if (column.get(row) instanceof Floats floats) {
      appender.append(floats.toArray());
    }
  }

  /** DuckDB's last microseconds stand for infinity. */
  private long finite(long micros, int position) {
    if (micros == Long.MAX_VALUE || micros <= -Long.MAX_VALUE) {
      throw new ParquetWriteException(
          file,
          "column \""
              + schema.fields().get(position).name()
              + "\" has the last instant that TIMESTAMP holds, which stands for infinity in DuckDB;"
              + " leave it missing instead",
          null);
    }
    return micros;
  }

  private String columns(boolean types) {
    List<String> columns = new ArrayList<>();
    for (int i = 0; i < schema.size(); i++) {
      Field field = schema.fields().get(i);
      columns.add(
          types
              ? "c" + i + " " + type(field.type())
              : selected(i, field.type()) + " AS " + DuckDb.identifier(field.name()));
    }
    return String.join(", ", columns);
  }

  /**
   * Arrays are written as lists: of an array that is null, DuckDB writes as many elements, which
   * pyarrow does not read.
   */
  private static String selected(int position, ColumnType type) {
    return type.kind() == ColumnType.Kind.FLOATS
        ? "CAST(c" + position + " AS FLOAT[])"
        : "c" + position;
  }

  private static String type(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64 -> "DOUBLE";
      case INT64 -> "BIGINT";
      case BOOLEAN -> "BOOLEAN";
      case STRING -> "VARCHAR";
      case TIMESTAMP -> "TIMESTAMPTZ";
      case FLOATS -> "FLOAT[" + type.length() + "]";
    };
  }

  private void checkNames() {
    if (schema.size() == 0) {
      throw new ParquetWriteException(file, "a file has at least one column", null);
    }
    Set<String> names = new HashSet<>();
    for (String name : schema.names()) {
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw new ParquetWriteException(
            file,
            "column \"" + name + "\" differs from another only in case; DuckDB would rename it",
            null);
      }
    }
  }

  private void checkOpen() {
    if (closed || finished) {
      throw new IllegalStateException(file + " is written; open another writer");
    }
  }

  private static void execute(DuckDBConnection connection, String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  private void close(@Nullable DuckDBConnection opened, @Nullable Throwable because) {
    try {
      if (opened != null) {
        opened.close();
      }
      delete(directory);
    } catch (SQLException | IOException e) {
      ParquetWriteException failure = failed(e);
      if (because == null) {
        throw failure;
      }
      because.addSuppressed(failure);
    }
  }

  private static void delete(Path directory) throws IOException {
    List<Path> files;
    try (Stream<Path> walk = Files.walk(directory)) {
      files = walk.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path each : files) {
      Files.deleteIfExists(each);
    }
  }

  private ParquetWriteException failed(Exception e) {
    return new ParquetWriteException(
        file, "cannot be written: " + e.getMessage() + "; mend the cause and write it again", e);
  }
}
