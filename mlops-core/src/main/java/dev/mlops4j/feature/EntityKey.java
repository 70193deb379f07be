package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import java.io.ByteArrayOutputStream;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Whom an event is about: the values of a view's key columns. Immutable, safe for any number of
 * threads. Keys are equal if they are so field by field: (1, 23) is not (12, 3).
 */
public final class EntityKey {

  private static final byte STRING_TAG = 1;
  private static final byte INT64_TAG = 2;
  private static final byte BOOLEAN_TAG = 3;

  /** The value, or of a key of several columns the list of them: a lookup makes a key each time. */
  private final Object held;

  private final int hash;

  private EntityKey(Object held) {
    this.held = held;
    this.hash = held.hashCode();
  }

  /**
   * The key of these values, in the order of the view's key columns. An int, short or byte will do
   * for INT64, an enum constant (by its name) for STRING.
   *
   * @throws FeatureDataException if the number of values is not that of the key columns, or a value
   *     is null, of another type, or text with half of a surrogate pair
   */
  public static EntityKey of(FeatureView view, @Nullable Object... values) {
    List<Field> keys = view.keys();
    if (values.length != keys.size()) {
      throw new FeatureDataException(
          view.name(),
          "its key has "
              + keys.size()
              + " columns ("
              + keys.stream().map(Field::name).collect(Collectors.joining(", "))
              + "), found "
              + values.length
              + " values");
    }
    if (values.length == 1) {
      return ofOne(view, values[0]);
    }
    Object[] checked = new Object[values.length];
    for (int i = 0; i < values.length; i++) {
      checked[i] = checked(view, keys.get(i), values[i]);
    }
    return new EntityKey(List.of(checked));
  }

  /** The key of a view with one key column. */
  static EntityKey ofOne(FeatureView view, @Nullable Object value) {
    return new EntityKey(checked(view, view.keys().get(0), value));
  }

  /** The values, in the order of the view's key columns: String, Long or Boolean. */
  public List<Object> values() {
    return held instanceof List<?> several ? List.copyOf(several) : List.of(held);
  }

  /**
   * The key as bytes, the same on every machine, different for different keys: for each value a tag
   * (1, 2, 3), then the text's length in UTF-8 as four bytes and the text, or the integer as eight
   * bytes, or the truth value as one; big-endian.
   */
  public byte[] toBytes() {
    if (held instanceof Long integer) {
      return ByteBuffer.allocate(1 + Long.BYTES).put(INT64_TAG).putLong(integer).array();
    }
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (Object value : values()) {
      if (value instanceof String text) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        bytes.write(STRING_TAG);
        bytes.writeBytes(ByteBuffer.allocate(Integer.BYTES).putInt(utf8.length).array());
        bytes.writeBytes(utf8);
      } else if (value instanceof Long integer) {
        bytes.write(INT64_TAG);
        bytes.writeBytes(ByteBuffer.allocate(Long.BYTES).putLong(integer).array());
      } else {
        bytes.write(BOOLEAN_TAG);
        bytes.write(Boolean.TRUE.equals(value) ? 1 : 0);
      }
    }
    return bytes.toByteArray();
  }

  /**
   * The key of which these are the {@link #toBytes() bytes}.
   *
   * @throws FeatureDataException if they are not a key of this view
   */
  public static EntityKey fromBytes(FeatureView view, byte[] bytes) {
    return read(view, ByteBuffer.wrap(bytes));
  }

  /** The key whose bytes the buffer goes on with, and past them. */
  static EntityKey read(FeatureView view, ByteBuffer buffer) {
    @Nullable Object[] values = new @Nullable Object[view.keys().size()];
    try {
      for (int i = 0; i < values.length; i++) {
        byte tag = buffer.get();
        if (tag == STRING_TAG) {
          byte[] utf8 = new byte[buffer.getInt()];
          buffer.get(utf8);
          values[i] = new String(utf8, StandardCharsets.UTF_8);
        } else if (tag == INT64_TAG) {
          values[i] = buffer.getLong();
        } else if (tag == BOOLEAN_TAG) {
          values[i] = buffer.get() != 0;
        }
      }
    } catch (BufferUnderflowException | NegativeArraySizeException e) {
      throw new FeatureDataException(view.name(), "a stored key is damaged");
    }
    return of(view, values);
  }

  /** Moves a buffer past the key whose bytes it goes on with. */
  static void skip(int columns, ByteBuffer buffer) {
    for (int i = 0; i < columns; i++) {
      byte tag = buffer.get();
      int length = tag == STRING_TAG ? buffer.getInt() : tag == INT64_TAG ? Long.BYTES : Byte.BYTES;
      buffer.position(buffer.position() + length);
    }
  }

  /** What a value of this type begins with in {@link #toBytes}. */
  static byte tag(ColumnType type) {
    return type == ColumnType.STRING
        ? STRING_TAG
        : type == ColumnType.INT64 ? INT64_TAG : BOOLEAN_TAG;
  }

  private static Object checked(FeatureView view, Field key, @Nullable Object value) {
    if (value == null) {
      throw new FeatureDataException(view.name(), "key column \"" + key.name() + "\" is null");
    }
    Object given = value;
    if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      given = ((Number) value).longValue();
    } else if (value instanceof Enum<?> constant) {
      given = constant.name();
    }
    if (!key.type().javaType().isInstance(given)) {
      throw new FeatureDataException(
          view.name(),
          "key column \""
              + key.name()
              + "\" is "
              + key.type()
              + ", found a "
              + value.getClass().getSimpleName());
    }
    if (given instanceof String text && !Unicode.isText(text)) {
      throw new FeatureDataException(
          view.name(), "key column \"" + key.name() + "\" " + Unicode.PROBLEM);
    }
    return given;
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return this == other
        || (other instanceof EntityKey that && hash == that.hash && held.equals(that.held));
  }

  @Override
  public int hashCode() {
    return hash;
  }

  @Override
  public String toString() {
    return values().toString();
  }
}
