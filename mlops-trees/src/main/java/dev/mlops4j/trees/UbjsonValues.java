package dev.mlops4j.trees;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Values of a Universal Binary JSON document (draft 12, big-endian), as XGBoost writes it.
 *
 * <p>A count is believed only as far as the rest of the file could hold as many values.
 */
final class UbjsonValues implements Values {

  private static final long NO_COUNT = -1;

  private final ByteBuffer bytes;

  /** Of each container that was begun: the values it still has, or {@link #NO_COUNT}. */
  private final long[] left = new long[DEEPEST + 1];

  /** Of each container that was begun: the type of its values, or 0 if each says its own. */
  private final byte[] type = new byte[DEEPEST + 1];

  private int depth;

  UbjsonValues(byte[] bytes) {
    this.bytes = ByteBuffer.wrap(bytes);
  }

  @Override
  public long position() {
    return bytes.position();
  }

  @Override
  public Kind peek() {
    int marker = type[depth] != 0 ? type[depth] : look();
    return switch (marker) {
      case '{' -> Kind.OBJECT;
      case '[' -> Kind.ARRAY;
      case 'S', 'C' -> Kind.TEXT;
      case 'i', 'U', 'I', 'l', 'L', 'd', 'D', 'H' -> Kind.NUMBER;
      case 'T', 'F', 'Z' -> Kind.LITERAL;
      case ']', '}' -> Kind.END;
      default -> throw malformed("Unknown type " + marker);
    };
  }

  @Override
  public void beginObject() {
    begin('{');
  }

  @Override
  public @Nullable String nextKey() {
    return ended('}') ? null : bytesAsText(length());
  }

  @Override
  public void beginArray() {
    begin('[');
  }

  @Override
  public boolean hasNext() {
    return !ended(']');
  }

  @Override
  public int nextInt() {
    int marker = marker();
    return switch (marker) {
      case 'T' -> 1;
      case 'F', 'Z' -> 0;
      case 'S', 'H' -> parseInt(bytesAsText(length()));
      default -> exactInt(integer(marker));
    };
  }

  @Override
  public float nextFloat() {
    int marker = marker();
    return switch (marker) {
      case 'd' -> need(4).getFloat();
      case 'D' -> (float) need(8).getDouble();
      case 'S', 'H' -> parseFloat(bytesAsText(length()));
      default -> integer(marker);
    };
  }

  @Override
  public String nextText() {
    int marker = marker();
    return switch (marker) {
      case 'S', 'H' -> bytesAsText(length());
      case 'C' -> bytesAsText(1);
      case 'd' -> Float.toString(need(4).getFloat());
      case 'D' -> Double.toString(need(8).getDouble());
      default -> Long.toString(integer(marker));
    };
  }

  @Override
  public void skipText() {
    int marker = marker();
    int length = marker == 'S' || marker == 'H' ? length() : widthOf(marker);
    need(length).position(bytes.position() + length);
  }

  @Override
  public void nextLiteral() {
    int marker = marker();
    if (marker != 'T' && marker != 'F' && marker != 'Z') {
      throw malformed("Expected true, false or null");
    }
  }

  private void begin(char opening) {
    if (marker() != opening) {
      throw malformed("Expected '" + opening + "'");
    }
    if (++depth > DEEPEST) {
      throw malformed("Values are nested more than " + DEEPEST + " deep");
    }
    byte typed = 0;
    if (look() == '$') {
      need(2).get();
      typed = bytes.get();
      if (widthOf(typed) == 0) {
        throw malformed("Values of type " + typed + " cannot share it");
      }
      if (look() != '#') {
        throw malformed("Values share a type, but their count is missing");
      }
    }
    long count = NO_COUNT;
    if (look() == '#') {
      need(1).get();
      count = length();
      if (count > bytes.remaining() / Math.max(1, widthOf(typed))) {
        throw malformed("A count of %d is more than the file holds".formatted(count));
      }
    }
    left[depth] = count;
    type[depth] = typed;
  }

  /** Whether the container that was begun last has ended; takes its end if so. */
  private boolean ended(char closing) {
    if (left[depth] == NO_COUNT) {
      if (look() != closing) {
        return false;
      }
      need(1).get();
    } else if (left[depth]-- > 0) {
      return false;
    }
    depth--;
    return true;
  }

  /** Takes the type of the next value. */
  private int marker() {
    if (type[depth] != 0) {
      return type[depth];
    }
    look();
    return bytes.get();
  }

  /** Returns the next byte that means something, without taking it. */
  private int look() {
    while (need(1).get(bytes.position()) == 'N') {
      bytes.get();
    }
    return bytes.get(bytes.position());
  }

  private int length() {
    int marker = need(1).get();
    long length = integer(marker);
    if (length < 0 || length > bytes.remaining()) {
      throw malformed("A length of %d is more than the file holds".formatted(length));
    }
    return (int) length;
  }

  private long integer(int marker) {
    return switch (marker) {
      case 'i' -> need(1).get();
      case 'U' -> need(1).get() & 0xFF;
      case 'I' -> need(2).getShort();
      case 'l' -> need(4).getInt();
      case 'L' -> need(8).getLong();
      default -> throw malformed("Expected an integer, found type " + marker);
    };
  }

  private int exactInt(long value) {
    if (value != (int) value) {
      throw malformed("Expected an integer of 32 bits, found " + value);
    }
    return (int) value;
  }

  private String bytesAsText(int length) {
    need(length);
    byte[] text = new byte[length];
    bytes.get(text);
    return new String(text, UTF_8);
  }

  /** The bytes that a value takes at least; 0 for the types that values cannot share. */
  private static int widthOf(int marker) {
    return switch (marker) {
      case 'i', 'U', 'C' -> 1;
      case 'I' -> 2;
      case 'l', 'd' -> 4;
      case 'L', 'D' -> 8;
      default -> 0;
    };
  }

  private ByteBuffer need(int more) {
    if (bytes.remaining() < more) {
      throw malformed("The file ends too early");
    }
    return bytes;
  }
}
