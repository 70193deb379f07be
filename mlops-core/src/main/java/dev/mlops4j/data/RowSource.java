package dev.mlops4j.data;

import java.time.Instant;
import java.util.Set;
import java.util.function.Consumer;

/**
 * Rows that lie elsewhere, as in a warehouse's table or a Parquet file, and are read period by
 * period in batches, never all in memory. For authors of sources.
 *
 * <p>Rules for every implementation:
 *
 * <ul>
 *   <li>The batches of one read have one schema, and at least one row each. No row is shown twice,
 *       none is left out.
 *   <li>A moment is an instant: a time without a zone is a {@link SchemaException}, unless the
 *       source was given a zone.
 *   <li>What {@code batches} throws ends the read, frees what it holds, and comes back unchanged.
 *   <li>Safe for any number of threads.
 * </ul>
 */
public interface RowSource {

  /**
   * Shows the rows of a period, in no particular order.
   *
   * @param from the first moment of the period, or {@link Instant#MIN} for no beginning
   * @param to the first moment after it, or {@link Instant#MAX} for no end
   * @param batches called on this thread with one batch after the other
   * @throws dev.mlops4j.MlopsException if the rows cannot be read; batches may have been shown
   *     before
   */
  void read(Instant from, Instant to, Consumer<? super Dataset> batches);

  /**
   * The same rows, read by a source whose messages show no value of these columns either; those it
   * does not have are ignored. A feature store asks it for what its views call sensitive. A source
   * whose messages show no values at all, as the one unless overridden, is itself the answer.
   */
  default RowSource hiding(Set<String> columns) {
    return this;
  }
}
