package dev.mlops4j.storage;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.mlops4j.Digest;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The digest of the rows of a table, whatever database they are in and in whatever order they come:
 * the sum of the rows' digests, against mistakes and not against forgers. For one thread.
 */
final class RowDigest {

  private final MessageDigest sha256 = Digest.sha256();
  private final ByteBuffer number = ByteBuffer.allocate(1 + Long.BYTES);
  private final byte[] sum = new byte[32];
  private long rows;

  void add(List<? extends @Nullable Object> row) {
    for (Object value : row) {
      addValue(value);
    }
    byte[] digest = sha256.digest();
    int carry = 0;
    for (int i = sum.length - 1; i >= 0; i--) {
      carry += (sum[i] & 0xff) + (digest[i] & 0xff);
      sum[i] = (byte) carry;
      carry >>>= Byte.SIZE;
    }
    rows++;
  }

  long rows() {
    return rows;
  }

  Digest digest() {
    return Digest.of(sum);
  }

  /** Each with its kind and length, so that no two rows look the same. */
  private void addValue(@Nullable Object value) {
    if (value == null) {
      sha256.update((byte) 'n');
    } else if (value instanceof Long whole) {
      addNumber('i', whole);
    } else if (value instanceof Double real) {
      // SQLite does not tell a negative zero from zero.
      addNumber('d', real == 0 ? 0 : Double.doubleToLongBits(real));
    } else if (value instanceof String text) {
      addBytes('t', text.getBytes(UTF_8));
    } else if (value instanceof byte[] bytes) {
      addBytes('b', bytes);
    } else {
      throw new IllegalArgumentException("no value of a column: " + value.getClass());
    }
  }

  private void addNumber(char kind, long bits) {
    sha256.update(number.clear().put((byte) kind).putLong(bits).array());
  }

  private void addBytes(char kind, byte[] bytes) {
    addNumber(kind, bytes.length);
    sha256.update(bytes);
  }
}
