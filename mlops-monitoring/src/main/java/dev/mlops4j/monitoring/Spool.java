package dev.mlops4j.monitoring;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Keeps entries in files of a bounded size until they are in the ledger. One thread writes, another
 * one delivers and removes.
 */
final class Spool implements EntrySink {

  private static final long SEGMENT_BYTES = 8 << 20;

  /** So many segments at least, as room comes back by whole ones. */
  private static final int LEAST_SEGMENTS = 4;

  private final Path ofModel;
  private final SpoolDirectory directory;
  private final long maxBytes;
  private final long segmentBytes;
  private @Nullable SpoolAppender appender;
  private volatile boolean closed;

  private Spool(Path ofModel, SpoolDirectory directory, long maxBytes) {
    this.ofModel = ofModel;
    this.directory = directory;
    this.maxBytes = maxBytes;
    this.segmentBytes = Math.min(SEGMENT_BYTES, maxBytes / LEAST_SEGMENTS);
  }

  /**
   * A spool of a model, with a directory of its own.
   *
   * @throws IOException if it cannot be made
   */
  static Spool open(Path path, String model, long maxBytes) throws IOException {
    Path ofModel = SpoolDirectory.ofModel(path, model);
    SpoolDirectory made = SpoolDirectory.create(ofModel);
    return new Spool(ofModel.toRealPath(), made, maxBytes);
  }

  /** Where all writers of the model have their directories. */
  Path ofModel() {
    return ofModel;
  }

  SpoolDirectory directory() {
    return directory;
  }

  @Override
  public void write(List<LedgerEntry> entries) {
    try {
      append(entries);
    } catch (IOException e) {
      // What came of the file is not known; the next attempt begins another one.
      seal();
      throw new MonitoringException(
          this + " cannot be written (" + e + "); check the space left and the permissions there",
          e);
    }
  }

  /** An entry that is longer than a record can be. */
  @Override
  public boolean isRefusal(Throwable failure) {
    return failure instanceof IllegalArgumentException;
  }

  @Override
  public boolean isFull(Throwable failure) {
    return failure instanceof FullException;
  }

  /**
   * Has the next entry begin a segment.
   *
   * @return a number: the segments before it have all that was written so far
   */
  long roll() {
    SpoolAppender open = appender;
    if (open != null && open.segment().end() == SpoolSegment.HEAD) {
      return open.segment().number();
    }
    seal();
    return directory.nextNumber();
  }

  /** Nothing is written any more. */
  void close() {
    seal();
    closed = true;
  }

  boolean isClosed() {
    return closed;
  }

  private void append(List<LedgerEntry> entries) throws IOException {
    SpoolAppender to = appender();
    long room = maxBytes - directory.bytes();
    boolean whole = false;
    try {
      for (LedgerEntry entry : entries) {
        byte[] record = SpoolRecord.of(entry);
        if (to.added() + record.length > room) {
          throw new FullException(this, maxBytes);
        }
        to.add(record);
      }
      to.force();
      whole = true;
    } finally {
      if (!whole) {
        to.undo();
      }
    }
  }

  private SpoolAppender appender() throws IOException {
    SpoolAppender open = appender;
    if (open != null && open.segment().end() < segmentBytes) {
      return open;
    }
    seal();
    if (directory.bytes() + SpoolSegment.HEAD > maxBytes) {
      throw new FullException(this, maxBytes);
    }
    SpoolSegment segment = directory.add();
    try {
      open = new SpoolAppender(segment);
      appender = open;
      return open;
    } catch (IOException e) {
      segment.seal();
      throw e;
    }
  }

  private void seal() {
    SpoolAppender open = appender;
    if (open == null) {
      return;
    }
    open.close();
    appender = null;
    if (open.segment().end() == SpoolSegment.HEAD) {
      try {
        directory.remove(open.segment());
      } catch (IOException e) {
        // Removed by who delivers, as one of which all is delivered.
      }
    }
  }

  @Override
  public String toString() {
    return "the spool " + directory;
  }

  /** There is no room left. */
  private static final class FullException extends MonitoringException {

    private static final long serialVersionUID = 1L;

    FullException(Spool spool, long maxBytes) {
      super(
          spool
              + " has "
              + maxBytes
              + " bytes, as many as it may, that the ledger has not taken: see the log for why, or"
              + " give it more");
    }
  }
}
