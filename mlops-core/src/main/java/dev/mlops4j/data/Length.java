package dev.mlops4j.data;

import java.lang.annotation.Documented;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * The number of elements of a record's component that is a {@code float[]} or {@link Floats}:
 * {@code record Item(String name, @Length(64) Floats embedding)}.
 */
@Documented
@Target(ElementType.RECORD_COMPONENT)
@Retention(RetentionPolicy.RUNTIME)
public @interface Length {

  /** From 1 to {@link ColumnType#MAX_LENGTH}. */
  int value();
}
