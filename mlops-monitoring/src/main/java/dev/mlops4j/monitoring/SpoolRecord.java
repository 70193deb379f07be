package dev.mlops4j.monitoring;

import java.io.IOException;
import java.nio.BufferUnderflowException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/**
 * An entry as bytes, big-endian. First a head: the length of the body, the CRC-32C of the body, and
 * the CRC-32C of these two, so that a head is known to be whole when the body is not. Then the
 * body: a letter for the kind, and the fields. Texts are UTF-8; texts and arrays have their length
 * in front, -1 for null.
 */
final class SpoolRecord {

  /** The version of the form; a segment says which one its records have. */
  static final int VERSION = 1;

  /** Bytes of a head. */
  static final int HEAD = 3 * Integer.BYTES;

  /** The longest body. */
  static final int MOST_BYTES = 8 << 20;

  private static final byte ASKED = 'a';
  private static final byte KNOWN = 'k';
  private static final byte FAILED = 'f';

  private SpoolRecord() {}

  /**
   * Head and body.
   *
   * @throws IllegalArgumentException if the body is too long
   */
  static byte[] of(LedgerEntry entry) {
    if (entry instanceof LedgerEntry.Asked asked) {
      return asked(asked);
    }
    if (entry instanceof LedgerEntry.Known known) {
      byte[] id = utf8(known.predictionId());
      byte[] value = utf8(known.value());
      byte[] bytes = allocate(size(id) + size(value) + Long.BYTES);
      ByteBuffer out = body(bytes, KNOWN);
      put(out, id);
      put(out, value);
      out.putLong(known.knownAtMicros());
      return withHead(bytes);
    }
    LedgerEntry.Failed failed = (LedgerEntry.Failed) entry;
    byte[] id = utf8OrNull(failed.predictionId());
    byte[] bytes = allocate(size(id) + Long.BYTES);
    ByteBuffer out = body(bytes, FAILED);
    put(out, id);
    out.putLong(failed.atMicros());
    return withHead(bytes);
  }

  /** The length of the body that follows a head, or -1 if the head is damaged. */
  static int bodyLength(byte[] head) {
    ByteBuffer in = ByteBuffer.wrap(head);
    int length = in.getInt();
    boolean whole = in.getInt(2 * Integer.BYTES) == crc(head, 0, 2 * Integer.BYTES);
    return whole && length > 0 && length <= MOST_BYTES ? length : -1;
  }

  /**
   * The entry.
   *
   * @throws IOException if the body is damaged
   */
  static LedgerEntry read(byte[] head, byte[] body) throws IOException {
    if (ByteBuffer.wrap(head).getInt(Integer.BYTES) != crc(body, 0, body.length)) {
      throw new IOException("a record has another checksum");
    }
    ByteBuffer in = ByteBuffer.wrap(body);
    try {
      LedgerEntry entry = entry(in);
      if (!in.hasRemaining()) {
        return entry;
      }
    } catch (BufferUnderflowException e) {
      throw new IOException("a record ends too early", e);
    }
    throw new IOException("a record goes on after its end");
  }

  private static byte[] asked(LedgerEntry.Asked asked) {
    byte[] id = utf8(asked.predictionId());
    byte[] arm = utf8(asked.arm());
    FeatureLog.Logged logged = asked.logged();
    byte[] request = logged == null ? null : logged.request();
    byte[] lookups = logged == null ? null : logged.lookups();
    byte[] bytes =
        allocate(
            size(id)
                + Integer.BYTES
                + 3 * Long.BYTES
                + size(arm)
                + size(asked.vector())
                + size(asked.output())
                + size(request)
                + size(lookups));
    ByteBuffer out = body(bytes, ASKED);
    put(out, id);
    out.putInt(asked.version()).putLong(asked.askedAtMicros()).putLong(asked.knownAtMicros());
    put(out, asked.vector());
    put(out, asked.output());
    put(out, arm);
    out.putLong(asked.nanos());
    put(out, request);
    put(out, lookups);
    return withHead(bytes);
  }

  private static LedgerEntry entry(ByteBuffer in) throws IOException {
    byte kind = in.get();
    return switch (kind) {
      case ASKED ->
          new LedgerEntry.Asked(
              text(in),
              in.getInt(),
              in.getLong(),
              in.getLong(),
              doubles(in),
              doubles(in),
              text(in),
              in.getLong(),
              logged(in));
      case KNOWN -> new LedgerEntry.Known(text(in), text(in), in.getLong());
      case FAILED -> new LedgerEntry.Failed(textOrNull(in), in.getLong());
      default -> throw new IOException("a record of the kind " + kind);
    };
  }

  private static FeatureLog.@Nullable Logged logged(ByteBuffer in) {
    byte[] request = bytes(in);
    byte[] lookups = bytes(in);
    return request == null ? null : new FeatureLog.Logged(request, lookups);
  }

  private static byte[] allocate(long size) {
    if (size >= MOST_BYTES) {
      throw new IllegalArgumentException(
          "a record has at most " + MOST_BYTES + " bytes, not " + size);
    }
    return new byte[HEAD + 1 + (int) size];
  }

  private static ByteBuffer body(byte[] bytes, byte kind) {
    return ByteBuffer.wrap(bytes).position(HEAD).put(kind);
  }

  private static byte[] withHead(byte[] bytes) {
    int length = bytes.length - HEAD;
    ByteBuffer head = ByteBuffer.wrap(bytes).putInt(length).putInt(crc(bytes, HEAD, length));
    head.putInt(crc(bytes, 0, 2 * Integer.BYTES));
    return bytes;
  }

  private static byte @Nullable [] utf8OrNull(@Nullable String text) {
    return text == null ? null : utf8(text);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static long size(byte @Nullable [] bytes) {
    return Integer.BYTES + (bytes == null ? 0L : bytes.length);
  }

  private static long size(double[] numbers) {
    return Integer.BYTES + (long) Double.BYTES * numbers.length;
  }

  private static void put(ByteBuffer out, byte @Nullable [] bytes) {
    if (bytes == null) {
      out.putInt(-1);
    } else {
      out.putInt(bytes.length).put(bytes);
    }
  }

  /** Also the bits of a NaN. */
  private static void put(ByteBuffer out, double[] numbers) {
    out.putInt(numbers.length);
    for (double number : numbers) {
      out.putLong(Double.doubleToRawLongBits(number));
    }
  }

  private static byte @Nullable [] bytes(ByteBuffer in) {
    int length = in.getInt();
    if (length == -1) {
      return null;
    }
    byte[] bytes = new byte[checked(length, 1, in)];
    in.get(bytes);
    return bytes;
  }

  private static String text(ByteBuffer in) throws IOException {
    String text = textOrNull(in);
    if (text == null) {
      throw new IOException("a record has no text where there must be one");
    }
    return text;
  }

  private static @Nullable String textOrNull(ByteBuffer in) {
    byte[] bytes = bytes(in);
    return bytes == null ? null : new String(bytes, StandardCharsets.UTF_8);
  }

  private static double[] doubles(ByteBuffer in) {
    double[] numbers = new double[checked(in.getInt(), Double.BYTES, in)];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Double.longBitsToDouble(in.getLong());
    }
    return numbers;
  }

  private static int checked(int length, int bytes, ByteBuffer in) {
    if (length < 0 || length > in.remaining() / bytes) {
      throw new BufferUnderflowException();
    }
    return length;
  }

  private static int crc(byte[] bytes, int from, int length) {
    CRC32C crc = new CRC32C();
    crc.update(bytes, from, length);
    return (int) crc.getValue();
  }
}
