package dev.mlops4j.duckdb;

import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.SchemaException;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.BitSet;
import java.util.List;
import java.util.Objects;
import org.duckdb.DuckDBReadableVector;
import org.jspecify.annotations.Nullable;

/** Reads the cells of one column, some rows of a chunk at a time. */
final class ParquetCells {

  private static final long MICROS_PER_SECOND = 1_000_000;
  private static final int CHUNK_ROWS = 2_048;

  private final String source;
  private final int position;
  private final int vector;
  private final ParquetColumn column;
  private final Field field;
  private final boolean isHidden;
  private final @Nullable ZoneId zone;
  private final String @Nullable [] texts;

  /** Of the rows at hand, by their places. */
  private final BitSet missing = new BitSet();

  private double[] doubles = {};
  private long[] longs = {};
  private @Nullable Object[] objects = {};

  /**
   * The cells of a column.
   *
   * @param source the files' name
   * @param position of the column in the dataset
   * @param vector the first of the chunk's vectors that are the column's
   * @param isHidden whether messages show no values
   * @param zone that of a local time
   * @param texts what is read are codes of these; null if it is the values
   */
  ParquetCells(
      String source,
      int position,
      int vector,
      ParquetColumn column,
      Field field,
      boolean isHidden,
      @Nullable ZoneId zone,
      String @Nullable [] texts) {
    this.source = source;
    this.position = position;
    this.vector = vector;
    this.column = column;
    this.field = field;
    this.isHidden = isHidden;
    this.zone = zone;
    this.texts = texts;
  }

  /**
   * Reads the rows of a chunk from {@code begin} to {@code end} as the next rows of a dataset.
   *
   * @param read how many rows of all were read before these
   */
  void read(DuckDBReadableVector[] from, int begin, int end, long read, DatasetBuilder into) {
    int count = end - begin;
    findMissing(from[vector], begin, end, read);
    switch (field.type().kind()) {
      case FLOAT64 -> {
        readDoubles(from[vector], begin, count);
        into.setDoubles(position, doubles, count, missing);
      }
      case INT64 -> {
        readLongs(from[vector], begin, count);
        into.setLongs(position, longs, count, missing);
      }
      case TIMESTAMP -> {
        readLongs(from[vector], begin, count);
        toMicros(count, read);
        into.setMicros(position, longs, count, missing);
      }
      case BOOLEAN, STRING, FLOATS -> {
        readObjects(from, begin, count, read);
        into.setAll(position, objects, count);
      }
    }
  }

  private void findMissing(DuckDBReadableVector from, int begin, int end, long read) {
    missing.clear();
    for (int row = begin; row < end; row++) {
      if (from.isNull(row)) {
        missing.set(row - begin);
      }
    }
    if (field.required() && !missing.isEmpty()) {
      throw new SchemaException(
          "row "
              + (read + missing.nextSetBit(0))
              + " read from "
              + source
              + " has no value in column \""
              + field.name()
              + "\", which is required");
    }
  }

  private void readDoubles(DuckDBReadableVector from, int begin, int count) {
    if (doubles.length < count) {
      doubles = new double[Math.max(count, CHUNK_ROWS)];
    }
    for (int i = next(0); i < count; i = next(i + 1)) {
      doubles[i] = from.getDouble(begin + i);
    }
  }

  private void readLongs(DuckDBReadableVector from, int begin, int count) {
    if (longs.length < count) {
      longs = new long[Math.max(count, CHUNK_ROWS)];
    }
    for (int i = next(0); i < count; i = next(i + 1)) {
      longs[i] = from.getLong(begin + i);
    }
  }

  private void readObjects(DuckDBReadableVector[] from, int begin, int count, long read) {
    if (objects.length < count) {
      objects = new @Nullable Object[Math.max(count, CHUNK_ROWS)];
    }
    for (int i = 0; i < count; i++) {
      objects[i] = missing.get(i) ? null : object(from, begin + i, read + i);
    }
  }

  /** The next place from this one on that has a value. */
  private int next(int place) {
    return missing.nextClearBit(place);
  }

  private Object object(DuckDBReadableVector[] from, int row, long read) {
    if (texts != null) {
      return texts[from[vector].getInt(row)];
    }
    return switch (field.type().kind()) {
      case BOOLEAN -> from[vector].getBoolean(row);
      case FLOATS -> floats(from, row, read);
      default -> from[vector].getString(row);
    };
  }

  /** The array whose length is in one vector, and whose elements are in those that follow. */
  private float[] floats(DuckDBReadableVector[] from, int row, long read) {
    long length = from[vector].getLong(row);
    if (length != field.type().length()) {
      throw wrong(read, "an array of " + length + " elements, and is " + field.type());
    }
    float[] values = new float[field.type().length()];
    for (int i = 0; i < values.length; i++) {
      DuckDBReadableVector elements = from[vector + 1 + i];
      if (elements.isNull(row)) {
        throw wrong(read, "an array whose element " + i + ", from 0, is null");
      }
      double number = elements.getDouble(row);
      values[i] = (float) number;
      if (Float.isInfinite(values[i]) && Double.isFinite(number)) {
        throw wrong(
            read,
            "an array whose element " + i + ", from 0, is beyond the range of a 32-bit float");
      }
    }
    return values;
  }

  /** Makes instants of what was read, in microseconds. */
  private void toMicros(int count, long read) {
    if (column.isNanos()) {
      for (int i = next(0); i < count; i = next(i + 1)) {
        longs[i] = Math.floorDiv(longs[i], 1_000);
      }
    }
    if (column.isLocalTime()) {
      ZoneId clocks = Objects.requireNonNull(zone);
      for (int i = next(0); i < count; i = next(i + 1)) {
        longs[i] = instant(longs[i], clocks, read + i);
      }
    }
  }

  private long instant(long localMicros, ZoneId clocks, long read) {
    LocalDateTime local =
        LocalDateTime.ofEpochSecond(
            Math.floorDiv(localMicros, MICROS_PER_SECOND), 0, ZoneOffset.UTC);
    List<ZoneOffset> offsets = clocks.getRules().getValidOffsets(local);
    if (offsets.size() != 1) {
      throw wrong(
          read,
          (isHidden ? "a time" : "the time " + local)
              + ", which the clocks of "
              + clocks
              + (offsets.isEmpty() ? " skip" : " show twice")
              + "; use a column with a zone");
    }
    return localMicros - offsets.get(0).getTotalSeconds() * MICROS_PER_SECOND;
  }

  private SchemaException wrong(long read, String what) {
    return new SchemaException(
        "row " + read + " read from " + source + ": column \"" + field.name() + "\" has " + what);
  }
}
