package dev.mlops4j.feature;

/** Reads a run from its beginning to its end. Not safe for use by several threads. */
final class RunCursor {

  private final Run run;
  private final int number;
  private final SpillFile events;
  private final SpillFile keys;
  private final int width;
  private final byte[] buffer;
  private int at;
  private int end;
  private long read;
  private long next;
  private long blockAt;
  private KeyBlock block;
  private int inBlock;
  private byte[] key;

  /**
   * Begins at the first event, which a run has.
   *
   * @param number the runs before it have lower ones
   * @param bufferBytes how much is read at once, at least one event
   */
  RunCursor(
      Run run, int number, SpillFile events, SpillFile keys, EventBytes layout, int bufferBytes) {
    this.run = run;
    this.number = number;
    this.events = events;
    this.keys = keys;
    this.width = layout.width();
    this.buffer = new byte[Math.max(1, bufferBytes / width) * width];
    this.block = KeyBlock.read(keys, run.keysAt());
    this.blockAt = run.keysAt();
    this.key = block.key(0);
    fill();
    next = 1;
  }

  int number() {
    return number;
  }

  byte[] key() {
    return key;
  }

  /** What has the event's bytes, from {@link #at} on. */
  byte[] bytes() {
    return buffer;
  }

  int at() {
    return at;
  }

  /** Goes on to the next event; returns false if there is none. */
  boolean advance() {
    if (next == run.events()) {
      return false;
    }
    at += width;
    if (at == end) {
      fill();
    }
    if (next == block.start(inBlock + 1)) {
      advanceKey();
    }
    next++;
    return true;
  }

  private void advanceKey() {
    inBlock++;
    if (inBlock == block.count()) {
      blockAt += block.length();
      block = KeyBlock.read(keys, blockAt);
      inBlock = 0;
    }
    key = block.key(inBlock);
  }

  private void fill() {
    long left = (run.events() - read) * width;
    end = (int) Math.min(left, buffer.length);
    events.read(run.eventsAt() + read * width, buffer, 0, end);
    read += end / width;
    at = 0;
  }
}
