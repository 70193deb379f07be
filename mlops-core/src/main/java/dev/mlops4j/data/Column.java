package dev.mlops4j.data;

import org.jspecify.annotations.Nullable;

/** The values of one column of a {@link Dataset}. Immutable, safe for any number of threads. */
public sealed interface Column
    permits DoubleColumn, LongColumn, BooleanColumn, StringColumn, TimestampColumn, FloatsColumn {

  /** What the values are. */
  ColumnType type();

  /** How many rows there are, the missing ones included. */
  int size();

  /** Whether the value of this row, from 0, is missing. */
  boolean isMissing(int row);

  /** How many values are missing. */
  int missingCount();

  /** The value of this row in the type's {@link ColumnType#javaType()}, or null if missing. */
  @Nullable Object get(int row);
}
