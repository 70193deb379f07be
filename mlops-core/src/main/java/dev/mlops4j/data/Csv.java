package dev.mlops4j.data;

import java.nio.file.Path;

/**
 * Comma-separated files: UTF-8, a header, RFC 4180 quoting.
 *
 * <pre>{@code
 * Dataset weather = Csv.read(Path.of("weather.csv.gz"));
 * Dataset flights = Csv.options().schema(FLIGHTS).zone(ZoneId.of("America/New_York"))
 *     .nullText("NA").read(Path.of("flights.csv"));
 * RowSource years = Csv.options().schema(WEATHER).source("observed_at", Path.of("years.csv.gz"));
 * }</pre>
 */
public final class Csv {

  private Csv() {}

  /**
   * Reads a file and infers what its columns hold; see {@link CsvOptions#read}.
   *
   * @throws CsvException if the file cannot be read, or a cell of it
   */
  public static Dataset read(Path file) {
    return options().read(file);
  }

  /** Starts reading with a declared schema or other settings. */
  public static CsvOptions options() {
    return new CsvOptions();
  }

  /**
   * Writes a dataset so that reading it with its schema gives the same values again, digest and
   * all: a missing value as an empty cell, an empty text as {@code ""}, instants in UTC. The file
   * is gzipped if its name ends in {@code .gz}. What stood in the file before is replaced as a
   * whole, or stays as it was if writing fails. Sensitive columns are written as well.
   *
   * @throws CsvException if the file cannot be written
   */
  public static void write(Dataset dataset, Path file) {
    try (DatasetWriter writer = writer(dataset.schema(), file)) {
      writer.write(dataset);
      writer.finish();
    }
  }

  /**
   * Starts a file that is written batch after batch, in the form of {@link #write}; its failures
   * are {@link CsvException}s.
   *
   * @throws CsvException if it cannot be written, or the schema has no column
   */
  public static DatasetWriter writer(Schema schema, Path file) {
    return new CsvOutput(schema, file);
  }
}
