package dev.mlops4j.profile;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Reads what {@link ProfileOutput} wrote, trusting none of it. */
final class ProfileInput {

  /** Sums have at most about 4,300 bits. */
  private static final int MAX_INTEGER_BITS = 8_192;

  private final byte[] bytes;
  private int position;
  private int format = 1;

  ProfileInput(byte[] bytes) {
    this.bytes = bytes;
  }

  void expect(byte[] mark, String writer) {
    if (bytes.length < mark.length || !Arrays.equals(raw(mark.length), mark)) {
      throw new CorruptProfileException(
          "not a stored profile: it starts with other bytes than \""
              + new String(mark, StandardCharsets.US_ASCII)
              + "\"; give what "
              + writer
              + " wrote");
    }
  }

  /** Reads which form the parts have that follow, of 1 to this one. */
  void expectFormat(int latest) {
    long found = unsigned();
    if (found < 1 || found > latest) {
      throw new CorruptProfileException(
          "the profile has format "
              + found
              + ", this library reads formats 1 to "
              + latest
              + "; update the library or make the profile again");
    }
    format = (int) found;
  }

  int format() {
    return format;
  }

  void expectEnd() {
    if (position != bytes.length) {
      throw corrupt((bytes.length - position) + " bytes follow after its end");
    }
  }

  byte[] raw(int length) {
    if (length > bytes.length - position) {
      throw corrupt("it is cut off");
    }
    byte[] part = Arrays.copyOfRange(bytes, position, position + length);
    position += length;
    return part;
  }

  /** At least 0. */
  long unsigned() {
    long value = bits();
    if (value < 0) {
      throw corrupt("a count is negative");
    }
    return value;
  }

  long signed() {
    long value = bits();
    return (value >>> 1) ^ -(value & 1);
  }

  /**
   * The number of parts that follow; each takes at least a byte, so that it cannot ask too much.
   */
  int size() {
    long size = unsigned();
    if (size > bytes.length - position) {
      throw corrupt("it is cut off");
    }
    return (int) size;
  }

  double number() {
    return ByteBuffer.wrap(raw(Double.BYTES)).getDouble();
  }

  BigInteger integer() {
    long zeros = unsigned();
    int length = size();
    if (length == 0 || zeros + length * 8L > MAX_INTEGER_BITS) {
      throw corrupt("a sum is too long");
    }
    return new BigInteger(raw(length)).shiftLeft((int) zeros);
  }

  String text() {
    char[] units = new char[size()];
    for (int i = 0; i < units.length; i++) {
      long unit = unsigned();
      if (unit > Character.MAX_VALUE) {
        throw corrupt("a text has a unit of " + unit);
      }
      units[i] = (char) unit;
    }
    return new String(units);
  }

  CorruptProfileException corrupt(String why) {
    return new CorruptProfileException(
        "the stored profile is corrupt at byte "
            + position
            + " of "
            + bytes.length
            + ": "
            + why
            + "; make it again from the data or restore it from a copy");
  }

  private long bits() {
    long value = 0;
    for (int shift = 0; shift < Long.SIZE; shift += 7) {
      if (position == bytes.length) {
        throw corrupt("it is cut off");
      }
      byte next = bytes[position++];
      value |= (next & 0x7FL) << shift;
      if (next >= 0) {
        return value;
      }
    }
    throw corrupt("a number is too long");
  }
}
