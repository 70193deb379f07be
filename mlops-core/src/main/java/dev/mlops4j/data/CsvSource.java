package dev.mlops4j.data;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;

/**
 * The rows of comma-separated files by a column of theirs; see {@link CsvOptions#source}. Of a read
 * no more than a batch is in memory. Immutable, safe for any number of threads: each read opens the
 * files anew.
 */
public final class CsvSource implements RowSource {

  /** The most rows of a batch. */
  public static final int BATCH_ROWS = 50_000;

  private final List<Path> files;
  private final String time;
  private final CsvOptions options;

  CsvSource(List<Path> files, String time, CsvOptions options) {
    this.files = List.copyOf(files);
    this.time = time;
    this.options = options;
  }

  /**
   * {@inheritDoc}
   *
   * @throws CsvException as {@link CsvOptions#read}, for each file; rows outside of the period are
   *     checked as well. A row without a value in the column of the time is such a problem, as it
   *     would be in no period
   * @throws SchemaException if the column of the time is not there or not TIMESTAMP
   */
  @Override
  public void read(Instant from, Instant to, Consumer<? super Dataset> batches) {
    if (!from.isBefore(to)) {
      return;
    }
    Schema schema = options.columns(files.get(0));
    Field field = schema.field(time);
    if (field.type() != ColumnType.TIMESTAMP) {
      throw new SchemaException(
          this
              + ": column \""
              + time
              + "\" is to say when a row is of, so it is TIMESTAMP, found "
              + field.type());
    }
    CsvLoader.Period period = new CsvLoader.Period(schema.indexOf(time), from, to);
    for (Path file : files) {
      CsvLoader.load(file, schema, options, period, BATCH_ROWS, batches);
    }
  }

  @Override
  public CsvSource hiding(Set<String> columns) {
    return new CsvSource(files, time, options.hiding(columns));
  }

  /** The files. */
  @Override
  public String toString() {
    return files.stream().map(Path::toString).collect(Collectors.joining(", "));
  }
}
