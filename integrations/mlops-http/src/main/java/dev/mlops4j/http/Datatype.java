package dev.mlops4j.http;

import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The datatypes of tensors in the Open Inference Protocol, and their binary form. */
enum Datatype {
  BOOL(1),
  UINT8(1),
  UINT16(2),
  UINT32(4),
  UINT64(8),
  INT8(1),
  INT16(2),
  INT32(4),
  INT64(8),
  FP16(2),
  FP32(4),
  FP64(8),
  /** Text; each element is preceded by its length in four bytes. */
  BYTES(0);

  private static final Map<String, Datatype> BY_NAME = new TreeMap<>();
  private static final BigInteger UNSIGNED = BigInteger.ONE.shiftLeft(Long.SIZE);

  static {
    for (Datatype type : values()) {
      BY_NAME.put(type.name(), type);
    }
  }

  private final int size;

  Datatype(int size) {
    this.size = size;
  }

  static @Nullable Datatype named(String name) {
    return BY_NAME.get(name);
  }

  static Iterable<String> names() {
    return BY_NAME.keySet();
  }

  /** How many bytes an element has, or 0 if they differ. */
  int size() {
    return size;
  }

  boolean isNumber() {
    return this != BOOL && this != BYTES;
  }

  /**
   * Reads an element.
   *
   * @param bytes little endian
   * @throws HttpProblem if there are too few
   */
  Object read(ByteBuffer bytes) {
    if (bytes.remaining() < Math.max(size, this == BYTES ? Integer.BYTES : 0)) {
      throw HttpProblem.badRequest("the binary data of a tensor ends within an element");
    }
    return switch (this) {
      case BOOL -> bytes.get() != 0;
      case UINT8 -> (long) Byte.toUnsignedInt(bytes.get());
      case UINT16 -> (long) Short.toUnsignedInt(bytes.getShort());
      case UINT32 -> Integer.toUnsignedLong(bytes.getInt());
      case UINT64 -> unsigned(bytes.getLong());
      case INT8 -> (long) bytes.get();
      case INT16 -> (long) bytes.getShort();
      case INT32 -> (long) bytes.getInt();
      case INT64 -> bytes.getLong();
      case FP16 -> half(bytes.getShort());
      case FP32 -> (double) bytes.getFloat();
      case FP64 -> bytes.getDouble();
      case BYTES -> text(bytes);
    };
  }

  private static Object unsigned(long bits) {
    return bits >= 0 ? (Object) bits : BigInteger.valueOf(bits).add(UNSIGNED);
  }

  /** The value of IEEE 754 binary16: one bit of sign, five of exponent, ten of fraction. */
  static double half(short bits) {
    int exponent = bits >> 10 & 0x1f;
    int fraction = bits & 0x3ff;
    double size =
        switch (exponent) {
          case 0 -> fraction * 0x1p-24;
          case 0x1f -> fraction == 0 ? Double.POSITIVE_INFINITY : Double.NaN;
          default -> Math.scalb(1 + fraction * 0x1p-10, exponent - 15);
        };
    return bits < 0 ? -size : size;
  }

  private static String text(ByteBuffer bytes) {
    int length = bytes.getInt();
    if (length < 0 || length > bytes.remaining()) {
      throw HttpProblem.badRequest(
          "an element of BYTES says it has "
              + Integer.toUnsignedString(length)
              + " bytes, and "
              + bytes.remaining()
              + " are left");
    }
    ByteBuffer text = bytes.slice(bytes.position(), length);
    bytes.position(bytes.position() + length);
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(text)
          .toString();
    } catch (CharacterCodingException e) {
      throw HttpProblem.badRequest("an element of BYTES is no text in UTF-8");
    }
  }
}
