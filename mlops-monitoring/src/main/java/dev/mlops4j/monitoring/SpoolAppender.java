package dev.mlops4j.monitoring;

import java.io.IOException;
import java.io.RandomAccessFile;

/**
 * Appends to a segment, on one thread. No channel, which would be closed for good by an interrupt.
 */
final class SpoolAppender {

  private static final int BUFFER = 1 << 18;

  private final SpoolSegment segment;
  private final RandomAccessFile file;
  private final byte[] buffer = new byte[BUFFER];
  private int buffered;
  private long at;
  private int entries;

  SpoolAppender(SpoolSegment segment) throws IOException {
    this.segment = segment;
    this.file = new RandomAccessFile(segment.file().toFile(), "rw");
    this.at = segment.end();
    file.seek(at);
  }

  SpoolSegment segment() {
    return segment;
  }

  /** How many bytes were added since the last {@link #force}. */
  long added() {
    return at - segment.end();
  }

  /** Adds a record, which is part of the segment once {@link #force} returns. */
  void add(byte[] record) throws IOException {
    if (buffered + record.length > BUFFER) {
      writeBuffer();
    }
    if (record.length > BUFFER) {
      file.write(record);
    } else {
      System.arraycopy(record, 0, buffer, buffered, record.length);
      buffered += record.length;
    }
    at += record.length;
    entries++;
  }

  /** Waits until what was added is on the disk. */
  void force() throws IOException {
    writeBuffer();
    file.getFD().sync();
    segment.appended(at, entries);
    entries = 0;
  }

  /** Takes back what was added since the last {@link #force}. */
  void undo() throws IOException {
    buffered = 0;
    entries = 0;
    at = segment.end();
    file.setLength(at);
    file.seek(at);
  }

  void close() {
    try {
      file.close();
    } catch (IOException e) {
      // All that counts was forced.
    }
    segment.seal();
  }

  private void writeBuffer() throws IOException {
    file.write(buffer, 0, buffered);
    buffered = 0;
  }
}
