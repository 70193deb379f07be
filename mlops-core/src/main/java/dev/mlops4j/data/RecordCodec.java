package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/**
 * How objects of a type become rows of values and come back. Made for a record by {@link #of}, by
 * hand for any other type. Immutable, safe for any number of threads.
 *
 * <p>{@code read(row of values(x))} equals {@code x}, down to the microsecond of its instants.
 *
 * @param <T> the type of the objects
 */
public interface RecordCodec<T> {

  /**
   * The codec of a record class: a column a component, under the component's name in snake case, as
   * SQL and CSV have it: {@code departureDelay} is {@code departure_delay}. Components may be
   * double, float, long, int, short, boolean, their boxed forms, String, an enum (by its name),
   * Instant, and float[] or {@link Floats} with their {@link Length}. Primitive components and
   * those annotated {@link Required} are required, those annotated {@link Sensitive} are sensitive.
   *
   * @throws SchemaException if a component is of another type, or an array without its length; all
   *     of them in one message
   */
  static <R extends Record> RecordCodec<R> of(Class<R> type) {
    return ReflectiveRecordCodec.of(type);
  }

  /** The columns. */
  Schema schema();

  /**
   * The values of this object in the schema's order; null is missing.
   *
   * @throws SchemaException if an array has another length than its column
   */
  @Nullable Object[] values(T object);

  /**
   * The object of this row. The row's columns are found by name and may be more.
   *
   * @throws SchemaException if a column is absent, of another type, or a required value missing
   */
  T read(Row row);
}
