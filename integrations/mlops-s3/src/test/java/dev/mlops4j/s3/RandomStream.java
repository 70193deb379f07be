package dev.mlops4j.s3;

import java.io.InputStream;
import java.util.Random;

/** So many bytes that do not repeat, without holding them. */
final class RandomStream extends InputStream {

  private final Random random;
  private long left;

  RandomStream(long seed, long size) {
    this.random = new Random(seed);
    this.left = size;
  }

  @Override
  public int read() {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) {
    if (left == 0) {
      return -1;
    }
    // Of one size, so that the bytes do not depend on the reader's buffer.
    byte[] next = new byte[1];
    int n = (int) Math.min(length, left);
    for (int i = 0; i < n; i++) {
      random.nextBytes(next);
      buffer[offset + i] = next[0];
    }
    left -= n;
    return n;
  }
}
