package dev.mlops4j.data;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Collects the rows of a {@link Dataset}, in memory. Not safe for use by several threads.
 *
 * <p>Either {@link #add(Object...)} takes a whole row, or the {@code set} methods fill the cells of
 * the row at hand, each not set being missing, and {@link #endRow()} ends it; or those of several
 * rows are filled column by column, and {@link #endRows} ends them.
 */
public final class DatasetBuilder {

  private static final int FIRST_CAPACITY = 64;

  private final Schema schema;
  private final List<ColumnBuilder> columns = new ArrayList<>();
  private int rows;

  DatasetBuilder(Schema schema) {
    this.schema = schema;
    for (Field field : schema.fields()) {
      columns.add(new ColumnBuilder(field));
    }
  }

  /**
   * Adds a row: one value a column, in the schema's order; null is missing; any {@link Number} will
   * do for FLOAT64, an Integer, Short or Byte for INT64, and a float[] for {@link
   * ColumnType#floats}, which is copied.
   *
   * @throws SchemaException if the number of values or a type is wrong, or a required value is
   *     missing; the row is then not added
   */
  public DatasetBuilder add(@Nullable Object... values) {
    if (values.length != columns.size()) {
      throw new SchemaException(
          "a row of " + schema + " has " + columns.size() + " values, found " + values.length);
    }
    try {
      for (int i = 0; i < values.length; i++) {
        set(i, values[i]);
      }
    } catch (SchemaException e) {
      discardRow();
      throw e;
    }
    return endRow();
  }

  /**
   * Sets a cell of the row at hand.
   *
   * @throws SchemaException if the value is not of the column's type
   */
  public DatasetBuilder set(int position, @Nullable Object value) {
    columns.get(position).set(rows, value);
    return this;
  }

  /**
   * Sets a FLOAT64 cell of the row at hand without boxing; NaN is a value.
   *
   * @throws SchemaException if the column is not FLOAT64
   */
  public DatasetBuilder setDouble(int position, double value) {
    columns.get(position).setBits(rows, ColumnType.FLOAT64, Double.doubleToRawLongBits(value));
    return this;
  }

  /**
   * Sets an INT64 cell of the row at hand without boxing.
   *
   * @throws SchemaException if the column is not INT64
   */
  public DatasetBuilder setLong(int position, long value) {
    columns.get(position).setBits(rows, ColumnType.INT64, value);
    return this;
  }

  /**
   * Sets a TIMESTAMP cell of the row at hand without boxing, in microseconds since the epoch; see
   * {@link Timestamps}.
   *
   * @throws SchemaException if the column is not TIMESTAMP
   */
  public DatasetBuilder setMicros(int position, long micros) {
    columns.get(position).setBits(rows, ColumnType.TIMESTAMP, micros);
    return this;
  }

  /**
   * Sets FLOAT64 cells of the row at hand and those after it; NaN is a value.
   *
   * @param values the first {@code count} are taken
   * @param missing those of the cells that are missing, whatever is in {@code values}
   * @throws SchemaException if the column is not FLOAT64
   * @throws IllegalArgumentException if there are not so many values, or {@code count} is negative
   */
  public DatasetBuilder setDoubles(int position, double[] values, int count, BitSet missing) {
    checkCount(count, values.length);
    columns.get(position).setDoubles(rows, values, count, missing);
    return this;
  }

  /**
   * Sets INT64 cells of the row at hand and those after it; see {@link #setDoubles}.
   *
   * @throws SchemaException if the column is not INT64
   */
  public DatasetBuilder setLongs(int position, long[] values, int count, BitSet missing) {
    checkCount(count, values.length);
    columns.get(position).setBits(rows, ColumnType.INT64, values, count, missing);
    return this;
  }

  /**
   * Sets TIMESTAMP cells of the row at hand and those after it, in microseconds since the epoch;
   * see {@link #setDoubles}.
   *
   * @throws SchemaException if the column is not TIMESTAMP
   */
  public DatasetBuilder setMicros(int position, long[] values, int count, BitSet missing) {
    checkCount(count, values.length);
    columns.get(position).setBits(rows, ColumnType.TIMESTAMP, values, count, missing);
    return this;
  }

  /**
   * Sets cells of the row at hand and those after it, as {@link #set} each.
   *
   * @throws SchemaException if a value is not of the column's type; the cells before it are set
   * @throws IllegalArgumentException if there are not so many values, or {@code count} is negative
   */
  public DatasetBuilder setAll(int position, @Nullable Object[] values, int count) {
    checkCount(count, values.length);
    ColumnBuilder column = columns.get(position);
    for (int i = 0; i < count; i++) {
      column.set(rows + i, values[i]);
    }
    return this;
  }

  /** Forgets the cells that were set since the last row ended. */
  public DatasetBuilder discardRow() {
    columns.forEach(column -> column.forget(rows));
    return this;
  }

  /**
   * Ends the row at hand.
   *
   * @throws SchemaException if a required value is missing; the row is then not added
   */
  public DatasetBuilder endRow() {
    return endRows(1);
  }

  /**
   * Ends the row at hand and those after it, so that there are {@code count} more. Cells that were
   * set beyond them are those of the next rows.
   *
   * @throws SchemaException if a required value is missing; none of the rows is then added
   * @throws IllegalArgumentException if {@code count} is negative, or there would be more than 2^31
   *     - 1 rows
   */
  public DatasetBuilder endRows(int count) {
    checkCount(count, Integer.MAX_VALUE - rows);
    try {
      for (ColumnBuilder column : columns) {
        column.checkRequired(rows, rows + count);
      }
      columns.forEach(ColumnBuilder::keep);
    } catch (SchemaException e) {
      discardRow();
      throw e;
    }
    rows += count;
    return this;
  }

  private static void checkCount(int count, int most) {
    if (count < 0 || count > most) {
      throw new IllegalArgumentException("count is from 0 to " + most + " here, found " + count);
    }
  }

  /** How many rows have ended. */
  public int rowCount() {
    return rows;
  }

  /** The dataset of the rows that have ended. The builder may go on. */
  public Dataset build() {
    return new Dataset(
        schema, columns.stream().map(column -> column.build(rows)).toList(), rows, "");
  }

  /** The growing values of one column. Numbers and codes share one array of bits per cell. */
  private static final class ColumnBuilder {

    private final Field field;
    private long[] cells = new long[FIRST_CAPACITY];
    private final BitSet present = new BitSet();
    private final Map<String, Integer> codes = new HashMap<>();
    private final List<String> dictionary = new ArrayList<>();
    private final List<Floats> arrays = new ArrayList<>();

    /** How many arrays there were when rows were ended last. */
    private int arraysKept;

    ColumnBuilder(Field field) {
      this.field = field;
    }

    void set(int row, @Nullable Object value) {
      if (value == null) {
        present.clear(row);
      } else {
        put(row, bits(row, value));
      }
    }

    void setBits(int row, ColumnType type, long bits) {
      checkType(type);
      put(row, bits);
    }

    private void checkType(ColumnType type) {
      if (field.type() != type) {
        throw wrongType(type.name());
      }
    }

    void setDoubles(int row, double[] values, int count, BitSet absent) {
      checkType(ColumnType.FLOAT64);
      makeRoom(row + count);
      for (int i = 0; i < count; i++) {
        cells[row + i] = Double.doubleToRawLongBits(values[i]);
      }
      setPresent(row, count, absent);
    }

    void setBits(int row, ColumnType type, long[] bits, int count, BitSet absent) {
      checkType(type);
      makeRoom(row + count);
      System.arraycopy(bits, 0, cells, row, count);
      setPresent(row, count, absent);
    }

    private void setPresent(int row, int count, BitSet absent) {
      present.set(row, row + count);
      for (int i = absent.nextSetBit(0); i >= 0 && i < count; i = absent.nextSetBit(i + 1)) {
        present.clear(row + i);
      }
    }

    void checkRequired(int from, int to) {
      int row = field.required() ? present.nextClearBit(from) : to;
      if (row < to) {
        throw new SchemaException(
            "row " + row + " has no value in column \"" + field.name() + "\", which is required");
      }
    }

    void keep() {
      arraysKept = arrays.size();
    }

    /** Forgets the cells from this row on, after the last that was ended. */
    void forget(int row) {
      arrays.subList(arraysKept, arrays.size()).clear();
      present.clear(row, Math.max(row, present.length()));
    }

    private void put(int row, long bits) {
      makeRoom(row + 1);
      cells[row] = bits;
      present.set(row);
    }

    private void makeRoom(int size) {
      if (size > cells.length) {
        cells = Arrays.copyOf(cells, Math.max(size, cells.length + (cells.length >> 1)));
      }
    }

    private long bits(int row, Object value) {
      return switch (field.type().kind()) {
        case FLOAT64 -> {
          if (value instanceof Number number) {
            yield Double.doubleToRawLongBits(number.doubleValue());
          }
          throw wrongType(value.getClass().getSimpleName());
        }
        case INT64 -> {
          if (value instanceof Long
              || value instanceof Integer
              || value instanceof Short
              || value instanceof Byte) {
            yield ((Number) value).longValue();
          }
          throw wrongType(value.getClass().getSimpleName());
        }
        case BOOLEAN -> {
          if (value instanceof Boolean truth) {
            yield truth ? 1 : 0;
          }
          throw wrongType(value.getClass().getSimpleName());
        }
        case STRING -> {
          if (value instanceof String text) {
            yield code(text);
          }
          throw wrongType(value.getClass().getSimpleName());
        }
        case TIMESTAMP -> {
          if (value instanceof Instant instant) {
            yield micros(instant);
          }
          throw wrongType(value.getClass().getSimpleName());
        }
        case FLOATS -> {
          Floats array = value instanceof float[] elements ? Floats.of(elements) : null;
          if (value instanceof Floats given) {
            array = given;
          }
          if (array == null) {
            throw wrongType(value.getClass().getSimpleName());
          }
          yield number(row, array);
        }
      };
    }

    private long number(int row, Floats array) {
      if (array.length() != field.type().length()) {
        throw new SchemaException(
            "column \""
                + field.name()
                + "\" is "
                + field.type()
                + ", row "
                + row
                + ", counted from 0, has "
                + array.length()
                + " elements");
      }
      arrays.add(array);
      return arrays.size() - 1L;
    }

    private int code(String text) {
      Integer known = codes.get(text);
      if (known != null) {
        return known;
      }
      if (!isUnicode(text)) {
        throw new SchemaException(
            "column \""
                + field.name()
                + "\" was given text that is not Unicode: half of a"
                + " surrogate pair; it could be neither stored nor compared");
      }
      int code = dictionary.size();
      codes.put(text, code);
      dictionary.add(text);
      return code;
    }

    private static boolean isUnicode(String text) {
      return text.codePoints()
          .noneMatch(c -> c >= Character.MIN_SURROGATE && c <= Character.MAX_SURROGATE);
    }

    private long micros(Instant instant) {
      try {
        return Timestamps.toMicros(instant);
      } catch (ArithmeticException e) {
        throw new SchemaException(
            "column \""
                + field.name()
                + "\" was given an instant beyond the range of TIMESTAMP,"
                + " which is 292,000 years from 1970");
      }
    }

    private SchemaException wrongType(String found) {
      return new SchemaException(
          "column \""
              + field.name()
              + "\" is "
              + field.type()
              + ", a value given for it is "
              + found);
    }

    Column build(int rows) {
      BitSet absent = new BitSet(rows);
      absent.set(0, rows);
      absent.andNot(present);
      Missing missing = new Missing(absent);
      return switch (field.type().kind()) {
        case FLOAT64 -> {
          double[] values = new double[rows];
          for (int i = 0; i < rows; i++) {
            values[i] = absent.get(i) ? Double.NaN : Double.longBitsToDouble(cells[i]);
          }
          yield new DoubleColumn(values, missing);
        }
        case INT64 -> new LongColumn(longs(rows, absent), missing);
        case TIMESTAMP -> new TimestampColumn(longs(rows, absent), missing);
        case BOOLEAN -> {
          boolean[] values = new boolean[rows];
          for (int i = 0; i < rows; i++) {
            values[i] = !absent.get(i) && cells[i] != 0;
          }
          yield new BooleanColumn(values, missing);
        }
        case STRING -> {
          int[] values = new int[rows];
          for (int i = 0; i < rows; i++) {
            values[i] = absent.get(i) ? StringColumn.MISSING : (int) cells[i];
          }
          yield new StringColumn(values, List.copyOf(dictionary));
        }
        case FLOATS -> {
          @Nullable Floats[] values = new @Nullable Floats[rows];
          for (int i = 0; i < rows; i++) {
            values[i] = absent.get(i) ? null : arrays.get((int) cells[i]);
          }
          yield new FloatsColumn(field.type(), values, missing);
        }
      };
    }

    private long[] longs(int rows, BitSet absent) {
      long[] values = new long[rows];
      for (int i = 0; i < rows; i++) {
        values[i] = absent.get(i) ? 0 : cells[i];
      }
      return values;
    }
  }
}
