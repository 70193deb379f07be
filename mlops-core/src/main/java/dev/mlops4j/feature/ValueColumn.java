package dev.mlops4j.feature;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.DoubleColumn;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.LongColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The values of one column of many events, eight bytes each whatever the type: a text by its number
 * in a dictionary, an array by its number in a list, which has four bytes an element. Grows; not
 * safe for use by several threads while it does.
 */
final class ValueColumn {

  private static final int FIRST_CAPACITY = 1024;

  /** What a text costs beside its characters: its object, and its place in the dictionary. */
  private static final int TEXT_BYTES = 120;

  /** What an array costs beside its elements: its object and its place in the list. */
  private static final int ARRAY_BYTES = 40;

  private final ColumnType type;
  private BitSet nulls = new BitSet();
  private long[] bits = new long[FIRST_CAPACITY];
  private int size;
  private @Nullable String[] texts = new @Nullable String[16];
  private final Map<String, Integer> numbers = new HashMap<>();
  private final List<Floats> arrays = new ArrayList<>();
  private long heldBeside;

  ValueColumn(ColumnType type) {
    this.type = type;
  }

  void add(@Nullable Object value) {
    if (size == bits.length) {
      bits = Arrays.copyOf(bits, size * 2);
    }
    if (value == null) {
      nulls.set(size);
    } else {
      bits[size] = bitsOf(value);
    }
    size++;
  }

  /** Adds a whole column of this type, or of INT64 to one of FLOAT64. */
  void addAll(Column column) {
    int count = column.size();
    if (size + count > bits.length) {
      bits = Arrays.copyOf(bits, Math.max(size + count, bits.length * 2));
    }
    for (int row = 0; row < count; row++) {
      if (column.isMissing(row)) {
        nulls.set(size + row);
      } else if (column instanceof DoubleColumn doubles) {
        bits[size + row] = Double.doubleToRawLongBits(doubles.doubleAt(row));
      } else if (column instanceof LongColumn longs) {
        long value = longs.longAt(row);
        bits[size + row] =
            type == ColumnType.FLOAT64 ? Double.doubleToRawLongBits((double) value) : value;
      } else {
        bits[size + row] = bitsOf(Objects.requireNonNull(column.get(row)));
      }
    }
    size += count;
  }

  /** Keeps these rows, in this order. */
  void select(int[] rows) {
    BitSet selected = new BitSet(rows.length);
    for (int i = 0; i < rows.length; i++) {
      selected.set(i, nulls.get(rows[i]));
    }
    nulls = selected;
    bits = select(bits, rows);
    size = rows.length;
  }

  static long[] select(long[] values, int[] rows) {
    long[] selected = new long[rows.length];
    for (int i = 0; i < rows.length; i++) {
      selected[i] = values[rows[i]];
    }
    return selected;
  }

  boolean isNull(int row) {
    return nulls.get(row);
  }

  /** The eight bytes of a value, not null, of a numeric, BOOLEAN or TIMESTAMP column. */
  long bits(int row) {
    return bits[row];
  }

  /** About how many bytes the values have beside their eight. */
  long heldBeside() {
    return heldBeside;
  }

  /** Lets go of all values, and keeps the room that they had. */
  void clear() {
    nulls.clear();
    size = 0;
    Arrays.fill(texts, null);
    numbers.clear();
    arrays.clear();
    heldBeside = 0;
  }

  double number(int row) {
    return type == ColumnType.FLOAT64 ? Double.longBitsToDouble(bits[row]) : bits[row];
  }

  @Nullable Object get(int row) {
    if (nulls.get(row)) {
      return null;
    }
    return switch (type.kind()) {
      case FLOAT64 -> Double.longBitsToDouble(bits[row]);
      case INT64 -> bits[row];
      case BOOLEAN -> bits[row] != 0;
      case TIMESTAMP -> Timestamps.fromMicros(bits[row]);
      case STRING -> texts[(int) bits[row]];
      case FLOATS -> arrays.get((int) bits[row]);
    };
  }

  private long bitsOf(Object value) {
    return switch (type.kind()) {
      case FLOAT64 -> Double.doubleToRawLongBits((Double) value);
      case INT64 -> (Long) value;
      case BOOLEAN -> Boolean.TRUE.equals(value) ? 1 : 0;
      case TIMESTAMP -> Timestamps.toMicros((Instant) value);
      case STRING -> number((String) value);
      case FLOATS -> {
        arrays.add((Floats) value);
        heldBeside += ARRAY_BYTES + (long) Float.BYTES * type.length();
        yield arrays.size() - 1;
      }
    };
  }

  private int number(String text) {
    Integer known = numbers.get(text);
    if (known != null) {
      return known;
    }
    int number = numbers.size();
    if (number == texts.length) {
      texts = Arrays.copyOf(texts, number * 2);
    }
    texts[number] = text;
    numbers.put(text, number);
    heldBeside += TEXT_BYTES + 2L * text.length();
    return number;
  }
}
