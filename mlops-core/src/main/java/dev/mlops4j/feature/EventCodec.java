package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Timestamps;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An event's values as bytes, for authors of backends. Immutable, safe for any number of threads.
 *
 * <p>Version 1: the version; then, for each column in the view's order, 0 for a null or 1 and the
 * value: eight bytes, big-endian, of a FLOAT64 (its raw bits), INT64 or TIMESTAMP (microseconds
 * since the epoch), one byte of a BOOLEAN, four bytes of length and UTF-8 of a STRING, four bytes
 * of length and as many little-endian 32-bit numbers (their raw bits) of an array.
 */
public final class EventCodec {

  private static final byte VERSION = 1;

  private final FeatureView view;
  private final ColumnType[] types;

  /** The codec of the events of this view. */
  public EventCodec(FeatureView view) {
    this.view = view;
    this.types = view.columns().stream().map(Field::type).toArray(ColumnType[]::new);
  }

  /** The codec of single values of this type. */
  EventCodec(FeatureView view, ColumnType type) {
    this.view = view;
    this.types = new ColumnType[] {type};
  }

  /**
   * The values as bytes; what {@link #decode} makes of them is equal, numbers to the bit.
   *
   * @param values as {@link FeatureEvent#values()} of an event of the view
   * @throws FeatureDataException if an array has another length than its column
   */
  public byte[] encode(@Nullable Object[] values) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1 + types.length * (1 + Long.BYTES));
    bytes.write(VERSION);
    for (int i = 0; i < types.length; i++) {
      Object value = values[i];
      if (value == null) {
        bytes.write(0);
        continue;
      }
      bytes.write(1);
      switch (types[i].kind()) {
        case FLOAT64 -> writeLong(bytes, Double.doubleToRawLongBits((Double) value));
        case INT64 -> writeLong(bytes, (Long) value);
        case TIMESTAMP -> writeLong(bytes, Timestamps.toMicros((Instant) value));
        case BOOLEAN -> bytes.write((Boolean) value ? 1 : 0);
        case STRING -> {
          byte[] utf8 = ((String) value).getBytes(StandardCharsets.UTF_8);
          bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
          bytes.writeBytes(utf8);
        }
        case FLOATS -> bytes.writeBytes(arrayBytes((Floats) value, types[i]));
      }
    }
    return bytes.toByteArray();
  }

  /**
   * The values of which these are the {@link #encode bytes}.
   *
   * @throws FeatureDataException if they are cut off or of a form this library does not know
   */
  public @Nullable Object[] decode(byte[] bytes) {
    try {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      byte version = buffer.get();
      if (version != VERSION) {
        throw damaged("has form " + version + ", this library reads " + VERSION);
      }
      @Nullable Object[] values = new @Nullable Object[types.length];
      for (int i = 0; i < values.length; i++) {
        if (buffer.get() != 0) {
          values[i] = value(buffer, types[i]);
        }
      }
      return values;
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw damaged("is cut off");
    }
  }

  private Object value(ByteBuffer buffer, ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64 -> Double.longBitsToDouble(buffer.getLong());
      case INT64 -> buffer.getLong();
      case TIMESTAMP -> Timestamps.fromMicros(buffer.getLong());
      case BOOLEAN -> buffer.get() != 0;
      case STRING -> {
        byte[] utf8 = new byte[buffer.getInt()];
        buffer.get(utf8);
        yield new String(utf8, StandardCharsets.UTF_8);
      }
      case FLOATS -> {
        int length = buffer.getInt();
        if (length != type.length()) {
          throw damaged("has an array of " + length + " elements, the column is " + type);
        }
        yield Floats.read(buffer, length);
      }
    };
  }

  private byte[] arrayBytes(Floats array, ColumnType type) {
    if (array.length() != type.length()) {
      throw new FeatureDataException(
          view.name(), "an array has " + array.length() + " elements, the column is " + type);
    }
    ByteBuffer buffer = ByteBuffer.allocate(Integer.BYTES + array.length() * Float.BYTES);
    array.write(buffer.putInt(array.length()));
    return buffer.array();
  }

  private static void writeLong(ByteArrayOutputStream bytes, long value) {
    for (int shift = Long.SIZE - Byte.SIZE; shift >= 0; shift -= Byte.SIZE) {
      bytes.write((int) (value >>> shift));
    }
  }

  private FeatureDataException damaged(String how) {
    return new FeatureDataException(view.name(), "a stored event " + how);
  }
}
