package dev.mlops4j.s3;

import java.io.InputStream;

/** So many bytes that do not repeat, without holding them. */
final class RandomStream extends InputStream {

  private long state;
  private long left;

  /**
   * @param seed not 0
   */
  RandomStream(long seed, long size) {
    this.state = seed;
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
    int n = (int) Math.min(length, left);
    for (int i = 0; i < n; i++) {
      // A xorshift: the bytes do not depend on how many are asked for at once.
      state ^= state << 13;
      state ^= state >>> 7;
      state ^= state << 17;
      buffer[offset + i] = (byte) state;
    }
    left -= n;
    return n;
  }
}
