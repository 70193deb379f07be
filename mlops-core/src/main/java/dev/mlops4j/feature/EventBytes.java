package dev.mlops4j.feature;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;

/**
 * Where the parts of an event lie in its bytes: event time, known time, a bit a column that is set
 * for a null, eight bytes a column (a value of another size by its place in {@link SpilledValues}),
 * and the place of its id, if ids decide ties. All events of a view have the same width.
 */
final class EventBytes {

  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.BIG_ENDIAN);
  private static final int KNOWN = Long.BYTES;
  private static final int NULLS = 2 * Long.BYTES;

  private final int values;
  private final int id;
  private final int width;

  EventBytes(int columns, boolean withIds) {
    this.values = NULLS + (columns + Byte.SIZE - 1) / Byte.SIZE;
    this.id = values + columns * Long.BYTES;
    this.width = id + (withIds ? Long.BYTES : 0);
  }

  int width() {
    return width;
  }

  static long eventTime(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at);
  }

  static long known(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at + KNOWN);
  }

  /** The order of event times and known times. */
  static int compare(byte[] one, int oneAt, byte[] other, int otherAt) {
    int byTime = Long.compare(eventTime(one, oneAt), eventTime(other, otherAt));
    return byTime != 0 ? byTime : Long.compare(known(one, oneAt), known(other, otherAt));
  }

  static boolean isNull(byte[] bytes, int at, int column) {
    return (bytes[at + NULLS + column / Byte.SIZE] & (1 << (column % Byte.SIZE))) != 0;
  }

  long bits(byte[] bytes, int at, int column) {
    return (long) LONGS.get(bytes, at + values + column * Long.BYTES);
  }

  long id(byte[] bytes, int at) {
    return (long) LONGS.get(bytes, at + id);
  }

  static void begin(byte[] bytes, long eventTime, long known) {
    LONGS.set(bytes, 0, eventTime);
    LONGS.set(bytes, KNOWN, known);
    Arrays.fill(bytes, NULLS, bytes.length, (byte) 0);
  }

  static void setNull(byte[] bytes, int column) {
    bytes[NULLS + column / Byte.SIZE] |= (byte) (1 << (column % Byte.SIZE));
  }

  void setBits(byte[] bytes, int column, long bits) {
    LONGS.set(bytes, values + column * Long.BYTES, bits);
  }

  void setId(byte[] bytes, long position) {
    LONGS.set(bytes, id, position);
  }
}
