package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Events in the order of their keys' bytes and their own, in two files, of which there may be other
 * parts: the events, of one width, and the blocks of their keys.
 *
 * @param eventsAt where the events begin
 * @param events how many there are
 * @param keysAt where the blocks begin
 * @param keys how many keys there are
 * @param blocks the first key of each block
 * @param blocksAt where each block begins
 */
@SuppressWarnings("ArrayRecordComponent") // one for every block of keys, never compared
record Run(
    long eventsAt, long events, long keysAt, int keys, List<byte[]> blocks, long[] blocksAt) {

  /** The same without what finds a key, for one who reads all from the beginning. */
  Run forMerge() {
    return new Run(eventsAt, events, keysAt, keys, List.of(), new long[0]);
  }

  /** Writes a run behind what there is in the files; not safe for use by several threads. */
  static final class Writer {

    private final String view;
    private final SpillFile events;
    private final SpillFile keys;
    private final long eventsAt;
    private final long keysAt;
    private final byte[][] block;
    private final long[] starts;
    private final List<byte[]> blocks = new ArrayList<>();
    private long[] blocksAt = new long[16];
    private int inBlock;
    private int keyCount;
    private long eventCount;

    Writer(String view, SpillFile events, SpillFile keys, int blockKeys) {
      this.view = view;
      this.events = events;
      this.keys = keys;
      this.eventsAt = events.size();
      this.keysAt = keys.size();
      this.block = new byte[blockKeys][];
      this.starts = new long[blockKeys];
    }

    /** Says whose the next events are; the same key again goes on with it. */
    void key(byte[] key) {
      if (inBlock > 0 && Arrays.equals(block[inBlock - 1], key)) {
        return;
      }
      if (keyCount == Integer.MAX_VALUE) {
        throw new FeatureDataException(view, "its history has more than " + keyCount + " keys");
      }
      if (inBlock == block.length) {
        endBlock();
      }
      block[inBlock] = key;
      starts[inBlock++] = eventCount;
      keyCount++;
    }

    void event(byte[] bytes, int from, int width) {
      events.write(bytes, from, width);
      eventCount++;
    }

    Run end() {
      if (inBlock > 0) {
        endBlock();
      }
      return new Run(
          eventsAt, eventCount, keysAt, keyCount, blocks, Arrays.copyOf(blocksAt, blocks.size()));
    }

    private void endBlock() {
      if (blocks.size() == blocksAt.length) {
        blocksAt = Arrays.copyOf(blocksAt, blocksAt.length * 2);
      }
      blocksAt[blocks.size()] = keys.size();
      blocks.add(block[0]);
      byte[] bytes = KeyBlock.encode(block, starts, inBlock, eventCount);
      keys.write(bytes, 0, bytes.length);
      inBlock = 0;
    }
  }
}
