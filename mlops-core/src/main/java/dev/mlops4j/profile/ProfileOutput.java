package dev.mlops4j.profile;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.ByteBuffer;

/** Writes the parts of the stored form. */
final class ProfileOutput {

  private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
  private final int format;

  ProfileOutput(int format) {
    this.format = format;
  }

  /** Which form of the parts is written. */
  int format() {
    return format;
  }

  void raw(byte[] part) {
    bytes.writeBytes(part);
  }

  /** Seven bits a byte, the lowest first; the top bit says that more follow (LEB128). */
  void unsigned(long value) {
    long rest = value;
    while ((rest & ~0x7FL) != 0) {
      bytes.write((int) (rest & 0x7F) | 0x80);
      rest >>>= 7;
    }
    bytes.write((int) rest);
  }

  /** Zigzag, so that small negative numbers are short as well. */
  void signed(long value) {
    unsigned((value << 1) ^ (value >> 63));
  }

  void number(double value) {
    raw(ByteBuffer.allocate(Double.BYTES).putLong(Double.doubleToLongBits(value)).array());
  }

  /** How many zero bits it ends with, then the rest. */
  void integer(BigInteger value) {
    int zeros = Math.max(0, value.getLowestSetBit());
    byte[] rest = value.shiftRight(zeros).toByteArray();
    unsigned(zeros);
    unsigned(rest.length);
    raw(rest);
  }

  /** UTF-16 units, a byte for each ASCII one; any units come back as they were. */
  void text(String text) {
    unsigned(text.length());
    text.chars().forEach(this::unsigned);
  }

  byte[] toBytes() {
    return bytes.toByteArray();
  }
}
