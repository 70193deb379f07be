package dev.mlops4j.data;

import java.time.Instant;

/** What the values of a column are. */
public enum ColumnType {
  /** A 64-bit floating point number; NaN and the infinities are values, not missing ones. */
  FLOAT64(Double.class),
  /** A 64-bit signed integer. */
  INT64(Long.class),
  /** True or false. */
  BOOLEAN(Boolean.class),
  /** Text, also the name of a category; held once per distinct value. */
  STRING(String.class),
  /** An instant, held to the microsecond; see {@link Timestamps}. */
  TIMESTAMP(Instant.class);

  private final Class<?> javaType;

  ColumnType(Class<?> javaType) {
    this.javaType = javaType;
  }

  /** The boxed Java type that {@link Column#get} gives for this type. */
  public Class<?> javaType() {
    return javaType;
  }
}
