package dev.mlops4j.data;

/**
 * A file of rows that is written batch after batch, for more rows than memory holds. It appears as
 * a whole with {@link #finish}, in place of what stood there; closed without, what was written is
 * forgotten. Not safe for use by several threads.
 *
 * <pre>{@code
 * try (DatasetWriter rows = Csv.writer(schema, file)) {
 *   source.read(from, to, rows::write);
 *   rows.finish();
 * }
 * }</pre>
 */
public interface DatasetWriter extends AutoCloseable {

  /**
   * Adds the rows of a batch.
   *
   * @throws SchemaException if the batch has other columns than the file, whether required or
   *     sensitive aside
   * @throws dev.mlops4j.MlopsException if they cannot be written
   * @throws IllegalStateException after {@link #finish} or {@link #close}
   */
  void write(Dataset batch);

  /**
   * Puts the file into its place.
   *
   * @throws dev.mlops4j.MlopsException if it cannot be written
   * @throws IllegalStateException after {@link #finish} or {@link #close}
   */
  void finish();

  /** Frees what the writer holds; without {@link #finish} no file is written. */
  @Override
  void close();
}
