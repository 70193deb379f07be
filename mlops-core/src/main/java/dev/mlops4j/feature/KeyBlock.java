package dev.mlops4j.feature;

import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Some ascending keys of a run, as their bytes, with the number of each one's first event.
 * Immutable.
 *
 * <p>In the file: the number of keys, and of the bytes of all; the number of each key's first event
 * and of the first event after them; the end of each key in the bytes; the bytes.
 */
final class KeyBlock {

  private static final int HEADER = 2 * Integer.BYTES;

  private final byte[] bytes;
  private final ByteBuffer buffer;
  private final int count;
  private final int ends;
  private final int keys;

  private KeyBlock(byte[] bytes) {
    this.bytes = bytes;
    this.buffer = ByteBuffer.wrap(bytes);
    this.count = buffer.getInt(0);
    this.ends = HEADER + (count + 1) * Long.BYTES;
    this.keys = ends + count * Integer.BYTES;
  }

  /** Makes a block. */
  static byte[] encode(byte[][] keys, long[] starts, int count, long end) {
    int length = 0;
    for (int i = 0; i < count; i++) {
      length = Math.addExact(length, keys[i].length);
    }
    ByteBuffer block = ByteBuffer.allocate(length(count, length)).putInt(count).putInt(length);
    for (int i = 0; i < count; i++) {
      block.putLong(starts[i]);
    }
    block.putLong(end);
    int keyEnd = 0;
    for (int i = 0; i < count; i++) {
      keyEnd += keys[i].length;
      block.putInt(keyEnd);
    }
    for (int i = 0; i < count; i++) {
      block.put(keys[i]);
    }
    return block.array();
  }

  /** Reads the block at this position. */
  static KeyBlock read(SpillFile file, long position) {
    byte[] header = new byte[HEADER];
    file.read(position, header, 0, HEADER);
    ByteBuffer counts = ByteBuffer.wrap(header);
    byte[] bytes = new byte[length(counts.getInt(), counts.getInt())];
    file.read(position, bytes, 0, bytes.length);
    return new KeyBlock(bytes);
  }

  private static int length(int count, int keyBytes) {
    return HEADER + (count + 1) * Long.BYTES + count * Integer.BYTES + keyBytes;
  }

  int length() {
    return bytes.length;
  }

  int count() {
    return count;
  }

  /** The number of the first event of a key, or with {@link #count} of the first after them. */
  long start(int key) {
    return buffer.getLong(HEADER + key * Long.BYTES);
  }

  byte[] key(int key) {
    return Arrays.copyOfRange(bytes, begin(key), end(key));
  }

  /** Where a key is in the block; negative if it is not. */
  int find(byte[] wanted) {
    int low = 0;
    int high = count - 1;
    while (low <= high) {
      int middle = (low + high) >>> 1;
      int compared =
          Arrays.compareUnsigned(bytes, begin(middle), end(middle), wanted, 0, wanted.length);
      if (compared == 0) {
        return middle;
      }
      if (compared < 0) {
        low = middle + 1;
      } else {
        high = middle - 1;
      }
    }
    return -1;
  }

  private int begin(int key) {
    return key == 0 ? keys : end(key - 1);
  }

  private int end(int key) {
    return keys + buffer.getInt(ends + key * Integer.BYTES);
  }
}
