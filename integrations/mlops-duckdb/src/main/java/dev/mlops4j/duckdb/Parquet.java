package dev.mlops4j.duckdb;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetWriter;
import dev.mlops4j.data.RowSourceException;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.feature.TrainingExport;
import java.nio.file.Path;

/**
 * Parquet files.
 *
 * <pre>{@code
 * Dataset weather = Parquet.read(Path.of("weather.parquet"));
 * RowSource years = Parquet.source("weather/*.parquet").time("observed_at").schema(WEATHER).build();
 * Parquet.write(weather, Path.of("copy.parquet"));
 * TrainingExport.of(training, features).write(Path.of("export"), Parquet.TRAINING);
 * }</pre>
 *
 * <p>Written are FLOAT64 as DOUBLE, INT64 as INT64, BOOLEAN as BOOLEAN, STRING as UTF-8, and
 * TIMESTAMP as microseconds adjusted to UTC, an array of floats as a list of FLOAT, in which pandas
 * finds NumPy's arrays. Null is missing, NaN is a value.
 */
public final class Parquet {

  /** The rows of a {@link TrainingExport} as {@code data.parquet}. */
  public static final TrainingExport.Format TRAINING =
      new TrainingExport.Format() {
        @Override
        public String fileName() {
          return "data.parquet";
        }

        @Override
        public DatasetWriter open(Schema schema, Path file) {
          return Parquet.writer(schema, file);
        }
      };

  private Parquet() {}

  /**
   * Reads the rows of these files, one file after the other; see {@link ParquetOptions#read}.
   *
   * @throws SchemaException if columns differ between files or no column can hold them
   * @throws RowSourceException if a file cannot be read
   */
  public static Dataset read(Path... files) {
    return options().read(files);
  }

  /** Starts reading with a declared schema or other settings. */
  public static ParquetOptions options() {
    return new ParquetOptions();
  }

  /** Starts a source of the rows of these files. */
  public static ParquetSource.Builder source(Path... files) {
    return new ParquetSource.Builder(ParquetFiles.of(files));
  }

  /**
   * Starts a source of the rows of the files that fit a pattern each time it is read: {@code *} and
   * {@code ?} within a name, <code>**</code> for directories of any depth, {@code [a-z]} for one of
   * some characters.
   */
  public static ParquetSource.Builder source(String pattern) {
    return new ParquetSource.Builder(ParquetFiles.matching(pattern));
  }

  /**
   * Writes a dataset so that reading it gives the same values again, digest and all. What stood in
   * the file before is replaced as a whole, or stays as it was if writing fails. Sensitive columns
   * are written as well.
   *
   * @throws ParquetWriteException if the file cannot be written, there is no column, or two names
   *     differ only in case
   */
  public static void write(Dataset dataset, Path file) {
    try (ParquetWriter writer = writer(dataset.schema(), file)) {
      writer.write(dataset);
      writer.finish();
    }
  }

  /**
   * Starts a file that is written batch after batch, within {@link DuckDbLimits#defaults()}.
   *
   * @throws ParquetWriteException as above
   */
  public static ParquetWriter writer(Schema schema, Path file) {
    return writer(schema, file, DuckDbLimits.defaults());
  }

  /**
   * Starts a file that is written batch after batch.
   *
   * @throws ParquetWriteException as above
   */
  public static ParquetWriter writer(Schema schema, Path file, DuckDbLimits limits) {
    return new ParquetWriter(schema, file, limits);
  }
}
