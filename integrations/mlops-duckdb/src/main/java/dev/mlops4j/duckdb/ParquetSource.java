package dev.mlops4j.duckdb;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * The rows of Parquet files by a column of theirs; see {@link Parquet#source}. Groups of rows and
 * columns that a read does not need are not read. Immutable, safe for any number of threads: each
 * read opens the files anew.
 */
public final class ParquetSource implements RowSource {

  /** How many rows make a batch, unless said otherwise. */
  public static final int DEFAULT_BATCH_ROWS = 100_000;

  private final ParquetFiles files;
  private final String time;
  private final int batchRows;
  private final ParquetOptions options;

  private ParquetSource(ParquetFiles files, String time, int batchRows, ParquetOptions options) {
    this.files = files;
    this.time = time;
    this.batchRows = batchRows;
    this.options = options;
  }

  /**
   * {@inheritDoc}
   *
   * @throws SchemaException with all problems, if columns lack, differ between files or have types
   *     that do not fit; if a required value is missing; or if the column of the time is null in a
   *     row, of this period or any other, as such a row would be in none
   * @throws RowSourceException if a file cannot be read; where a column is sensitive, without
   *     DuckDB's message and cause if they may show a value
   */
  @Override
  public void read(Instant from, Instant to, Consumer<? super Dataset> batches) {
    if (from.isBefore(to)) {
      ParquetScan.scan(
          files, options, new ParquetPeriod(time, from, to), batchRows, false, batches);
    }
  }

  @Override
  public ParquetSource hiding(Set<String> columns) {
    return new ParquetSource(files, time, batchRows, options.hiding(columns));
  }

  /** The files. */
  @Override
  public String toString() {
    return files.name();
  }

  /** Collects the settings of a source. Not safe for use by several threads. */
  public static final class Builder {

    private final ParquetFiles files;
    private final ParquetOptions options = new ParquetOptions();
    private @Nullable String time;
    private int batchRows = DEFAULT_BATCH_ROWS;

    Builder(ParquetFiles files) {
      this.files = files;
    }

    /** The column, a TIMESTAMP among those read, that says which period a row is of. */
    public Builder time(String column) {
      this.time = column;
      return this;
    }

    /** As {@link ParquetOptions#schema}. */
    public Builder schema(Schema schema) {
      options.schema(schema);
      return this;
    }

    /** As {@link ParquetOptions#zone}. */
    public Builder zone(ZoneId zone) {
      options.zone(zone);
      return this;
    }

    /** As {@link ParquetOptions#sensitive}. */
    public Builder sensitive(String... columns) {
      options.sensitive(columns);
      return this;
    }

    /** As {@link ParquetOptions#limits}. */
    public Builder limits(DuckDbLimits limits) {
      options.limits(limits);
      return this;
    }

    /**
     * How many rows make a batch; {@value #DEFAULT_BATCH_ROWS} unless given.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder batchRows(int rows) {
      if (rows < 1) {
        throw new IllegalArgumentException("batchRows is at least 1, found " + rows);
      }
      this.batchRows = rows;
      return this;
    }

    /**
     * The source. No file is opened until it is read.
     *
     * @throws IllegalStateException if {@link #time} was not given
     */
    public ParquetSource build() {
      if (time == null) {
        throw new IllegalStateException(
            "a source of "
                + files.name()
                + " needs the column of its time; state it with time(...)");
      }
      return new ParquetSource(files, time, batchRows, options.copy());
    }
  }
}
