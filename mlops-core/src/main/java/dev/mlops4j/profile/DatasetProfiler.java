package dev.mlops4j.profile;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Profiles a stream: rows, or batches of rows, that come one after the other and never lie in
 * memory together. The profile equals that of all the rows in one dataset. Not safe for use by
 * several threads: give each its own, and {@linkplain DatasetProfile#merge merge} the profiles.
 *
 * <pre>{@code
 * DatasetProfiler profiler = DatasetProfiler.of(schema, reference.overall());
 * source.read(from, to, profiler::add);
 * DatasetProfile now = profiler.profile();
 * }</pre>
 *
 * <p>Memory is that of two profiles and of the batch at hand, or of up to {@value #BATCH} rows that
 * were added one by one.
 *
 * @see RowSource
 */
public final class DatasetProfiler {

  /** How many rows that come one by one are profiled together. */
  static final int BATCH = 4_096;

  private final Schema schema;
  private final Map<String, BinEdges> edges;
  private DatasetProfile profile;
  private DatasetBuilder waiting;

  private DatasetProfiler(Schema schema, Map<String, BinEdges> edges) {
    this.schema = schema;
    this.edges = edges;
    this.waiting = Dataset.builder(schema);
    this.profile = profile(waiting.build());
  }

  /** Starts with no rows of this schema. */
  public static DatasetProfiler of(Schema schema) {
    return new DatasetProfiler(schema, Map.of());
  }

  /**
   * The same, and counts numbers in the bins of the reference: see {@link
   * DatasetProfile#of(Dataset, DatasetProfile)}.
   */
  public static DatasetProfiler of(Schema schema, DatasetProfile reference) {
    return new DatasetProfiler(schema, DatasetProfile.edges(reference));
  }

  /**
   * Adds the rows of a batch.
   *
   * @throws ProfileException if its columns differ from the schema's in name, type, order or
   *     sensitivity; nothing is added then
   */
  public void add(Dataset batch) {
    profile = profile.merge(profile(batch));
  }

  /**
   * Adds a row: one value a column, as {@link DatasetBuilder#add}.
   *
   * @throws SchemaException if the number of values or a type is wrong, or a required value is
   *     missing; the row is then not added
   */
  public void addRow(@Nullable Object... values) {
    waiting.add(values);
    if (waiting.rowCount() == BATCH) {
      takeWaiting();
    }
  }

  /** The profile of what was added up to now; more may be added afterwards. */
  public DatasetProfile profile() {
    takeWaiting();
    return profile;
  }

  private void takeWaiting() {
    if (waiting.rowCount() == 0) {
      return;
    }
    Dataset rows = waiting.build();
    waiting = Dataset.builder(schema);
    add(rows);
  }

  private DatasetProfile profile(Dataset rows) {
    return DatasetProfile.of(rows, RowSelection.all(rows.rowCount()), edges);
  }
}
