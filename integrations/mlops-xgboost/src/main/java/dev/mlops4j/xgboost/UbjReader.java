package dev.mlops4j.xgboost;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Reads UBJSON in the form that XGBoost writes: lengths are of type {@code L}, names are given
 * once, and no length is beyond the end. Objects become maps, arrays lists, arrays of one type
 * {@link Numbers}, texts strings, whole numbers longs, true, false and fractions booleans and
 * doubles, null the string {@code "null"}.
 */
final class UbjReader {

  private static final int MAX_DEPTH = 32;

  private final ByteBuffer bytes;

  private UbjReader(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  /** An array of numbers of one type; without values if these are no whole numbers. */
  record Numbers(int size, List<Long> values) {}

  /**
   * The value in these bytes.
   *
   * @throws XgBoostException if they are not well formed, or more than one value
   */
  static Object read(byte[] bytes) {
    UbjReader reader = new UbjReader(bytes);
    Object value = reader.value(reader.marker(), 0);
    if (reader.bytes.hasRemaining()) {
      throw reader.wrong("there is more after the end");
    }
    return value;
  }

  private Object value(char marker, int depth) {
    if (depth > MAX_DEPTH) {
      throw wrong("it is nested deeper than " + MAX_DEPTH);
    }
    return switch (marker) {
      case '{' -> object(depth);
      case '[' -> array(depth);
      case 'S' -> text();
      case 'T' -> true;
      case 'F' -> false;
      case 'Z' -> "null";
      case 'd', 'D' -> {
        need(size(marker));
        yield marker == 'd' ? (double) bytes.getFloat() : bytes.getDouble();
      }
      default -> {
        need(size(marker));
        yield integer(marker);
      }
    };
  }

  private Map<String, Object> object(int depth) {
    Map<String, Object> object = new LinkedHashMap<>();
    need(1);
    while (bytes.get(bytes.position()) != '}') {
      String name = text();
      if (object.put(name, value(marker(), depth + 1)) != null) {
        throw wrong("a name occurs twice");
      }
      need(1);
    }
    marker();
    return object;
  }

  private Object array(int depth) {
    need(1);
    char next = (char) bytes.get(bytes.position());
    List<Object> values = new ArrayList<>();
    if (next == '$') {
      marker();
      return numbers();
    }
    if (next == '#') {
      marker();
      int count = length(1);
      for (int i = 0; i < count; i++) {
        values.add(value(marker(), depth + 1));
      }
      return values;
    }
    char marker = marker();
    while (marker != ']') {
      values.add(value(marker, depth + 1));
      marker = marker();
    }
    return values;
  }

  private Numbers numbers() {
    char type = marker();
    int size = size(type);
    if (marker() != '#') {
      throw wrong("an array of one type has no length");
    }
    int count = length(size);
    if (type == 'd' || type == 'D') {
      bytes.position(bytes.position() + count * size);
      return new Numbers(count, List.of());
    }
    List<Long> values = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      values.add(integer(type));
    }
    return new Numbers(count, values);
  }

  private String text() {
    int length = length(1);
    ByteBuffer text = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(text).toString();
    } catch (CharacterCodingException e) {
      throw wrong("a text is not UTF-8");
    }
  }

  /** A count of things of this size, all of which must be there. */
  private int length(int size) {
    if (marker() != 'L') {
      throw wrong("a length is not of type L");
    }
    need(Long.BYTES);
    long length = bytes.getLong();
    if (length < 0 || length > bytes.remaining() / size) {
      throw wrong("a length is " + length + ", with " + bytes.remaining() + " bytes left");
    }
    return (int) length;
  }

  private long integer(char type) {
    return switch (type) {
      case 'i' -> bytes.get();
      case 'U' -> bytes.get() & 0xff;
      case 'I' -> bytes.getShort();
      case 'l' -> bytes.getInt();
      default -> bytes.getLong();
    };
  }

  private int size(char type) {
    return switch (type) {
      case 'i', 'U' -> 1;
      case 'I' -> Short.BYTES;
      case 'l', 'd' -> Integer.BYTES;
      case 'L', 'D' -> Long.BYTES;
      default -> throw wrong("a value has the unknown type " + (int) type);
    };
  }

  private char marker() {
    need(1);
    return (char) (bytes.get() & 0xff);
  }

  private void need(int count) {
    if (bytes.remaining() < count) {
      throw wrong("it ends too early");
    }
  }

  private XgBoostException wrong(String problem) {
    return new XgBoostException(
        XgBoostModel.FILE
            + " is not a model in UBJSON: "
            + problem
            + " at byte "
            + bytes.position()
            + "; fetch the package again or use another version");
  }
}
