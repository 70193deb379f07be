package dev.mlops4j.data;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One row of named, typed values.
 *
 * <p>The typed methods throw {@link SchemaException} for a column that does not exist or is of
 * another type. Implementations are immutable views.
 */
public interface Row {

  /** The columns. */
  Schema schema();

  /** The value at this position of the schema, or null if it is missing. */
  @Nullable Object value(int position);

  /** The value of this column, or null if it is missing. */
  default @Nullable Object value(String name) {
    return value(schema().indexOf(name));
  }

  /** Whether the value of this column is missing. */
  default boolean isMissing(String name) {
    return value(name) == null;
  }

  /** The number in this FLOAT64 or INT64 column, or NaN if it is missing. */
  default double doubleValue(String name) {
    Object value = value(name);
    if (value == null) {
      return Double.NaN;
    }
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw Rows.wrongType(schema().field(name), "a number");
  }

  /** The text in this STRING column, or null if it is missing. */
  default @Nullable String text(String name) {
    return Rows.typed(this, name, String.class);
  }

  /** The integer in this INT64 column, or null if it is missing. */
  default @Nullable Long longValue(String name) {
    return Rows.typed(this, name, Long.class);
  }

  /** The truth value in this BOOLEAN column, or null if it is missing. */
  default @Nullable Boolean booleanValue(String name) {
    return Rows.typed(this, name, Boolean.class);
  }

  /** The instant in this TIMESTAMP column, or null if it is missing. */
  default @Nullable Instant instant(String name) {
    return Rows.typed(this, name, Instant.class);
  }

  /** The array in this column of {@link ColumnType#floats}, or null if it is missing. */
  default @Nullable Floats floats(String name) {
    return Rows.typed(this, name, Floats.class);
  }
}
