package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Timestamps;
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

  /** What stands before the first value. */
  static final int HEADER_BYTES = 1;

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
    byte[][] texts = new byte[types.length][];
    int size = HEADER_BYTES + types.length;
    for (int i = 0; i < types.length; i++) {
      if (values[i] != null) {
        size += sizeOf(values[i], i, texts);
      }
    }
    ByteBuffer bytes = ByteBuffer.allocate(size);
    begin(bytes);
    for (int i = 0; i < types.length; i++) {
      Object value = values[i];
      if (value == null) {
        bytes.put((byte) 0);
        continue;
      }
      bytes.put((byte) 1);
      switch (types[i].kind()) {
        case FLOAT64 -> bytes.putLong(Double.doubleToRawLongBits((Double) value));
        case INT64 -> bytes.putLong((Long) value);
        case TIMESTAMP -> bytes.putLong(Timestamps.toMicros((Instant) value));
        case BOOLEAN -> bytes.put((byte) ((Boolean) value ? 1 : 0));
        case STRING -> bytes.putInt(texts[i].length).put(texts[i]);
        case FLOATS -> ((Floats) value).write(bytes.putInt(types[i].length()));
      }
    }
    return bytes.array();
  }

  /** Writes what stands before the first value. */
  static void begin(ByteBuffer bytes) {
    bytes.put(VERSION);
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

  /** How many bytes a value takes; those of a text are kept. */
  private int sizeOf(Object value, int column, byte[][] texts) {
    return switch (types[column].kind()) {
      case FLOAT64, INT64, TIMESTAMP -> Long.BYTES;
      case BOOLEAN -> 1;
      case STRING -> {
        texts[column] = ((String) value).getBytes(StandardCharsets.UTF_8);
        yield Integer.BYTES + texts[column].length;
      }
      case FLOATS -> {
        int length = ((Floats) value).length();
        if (length != types[column].length()) {
          throw new FeatureDataException(
              view.name(), "an array has " + length + " elements, the column is " + types[column]);
        }
        yield Integer.BYTES + length * Float.BYTES;
      }
    };
  }

  private FeatureDataException damaged(String how) {
    return new FeatureDataException(view.name(), "a stored event " + how);
  }
}
