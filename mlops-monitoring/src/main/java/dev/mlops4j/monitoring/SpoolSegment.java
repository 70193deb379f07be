package dev.mlops4j.monitoring;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.zip.CRC32C;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A file of a spool: a head, and records one after the other. The head is eight letters, the
 * version of the records, up to where they are in the ledger, and the CRC-32C of that number.
 */
final class SpoolSegment {

  /** Bytes of a head. */
  static final int HEAD = 24;

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final byte[] LETTERS = "M4JSPOOL".getBytes(StandardCharsets.US_ASCII);
  private static final int PLACE_OF_DELIVERED = 12;

  private final Path file;
  private final long number;
  private volatile long end;
  private volatile long delivered;
  private volatile long entries;
  private volatile boolean sealed;

  private SpoolSegment(Path file, long number, long delivered, long end, boolean sealed) {
    this.file = file;
    this.number = number;
    this.delivered = delivered;
    this.end = end;
    this.sealed = sealed;
  }

  /** One to be written, in this empty file. */
  static SpoolSegment create(Path file, long number) throws IOException {
    ByteBuffer head = ByteBuffer.allocate(HEAD).put(LETTERS).putInt(SpoolRecord.VERSION);
    head.put(delivered(HEAD)).flip();
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      while (head.hasRemaining()) {
        channel.write(head);
      }
    }
    return new SpoolSegment(file, number, HEAD, HEAD, false);
  }

  /**
   * One that a process has left. Without a known head, what there is is read from the first byte
   * on, and so is found to be damaged.
   *
   * @throws IOException if it is of a later form or cannot be read
   */
  static SpoolSegment left(Path file, long number) throws IOException {
    byte[] bytes;
    try (InputStream in = Files.newInputStream(file)) {
      bytes = in.readNBytes(HEAD);
    }
    long end = Files.size(file);
    if (bytes.length < HEAD) {
      return new SpoolSegment(file, number, end, end, true);
    }
    ByteBuffer head = ByteBuffer.wrap(bytes);
    byte[] letters = new byte[LETTERS.length];
    head.get(letters);
    if (!Arrays.equals(letters, LETTERS)) {
      return new SpoolSegment(file, number, 0, end, true);
    }
    int version = head.getInt();
    if (version != SpoolRecord.VERSION) {
      throw new IOException(
          file + " has records of the form " + version + ", which a newer library has written");
    }
    long delivered = head.getLong();
    boolean known = delivered >= HEAD && delivered <= end && head.getInt() == crc(delivered);
    return new SpoolSegment(file, number, known ? delivered : HEAD, end, true);
  }

  Path file() {
    return file;
  }

  long number() {
    return number;
  }

  /** Up to where its bytes are on the disk. */
  long end() {
    return end;
  }

  /** Up to where they are in the ledger. */
  long delivered() {
    return delivered;
  }

  /** How many entries were appended since it was opened and are not delivered. */
  long entries() {
    return entries;
  }

  /** Whether nothing is appended any more. */
  boolean isSealed() {
    return sealed;
  }

  void appended(long newEnd, int more) {
    add(more);
    end = newEnd;
  }

  void seal() {
    sealed = true;
  }

  /**
   * Remembers up to where it is in the ledger: on the disk with the next append, or with what the
   * system writes by itself. Without it a crash has records delivered again.
   */
  void delivered(long upTo, int count) {
    ByteBuffer bytes = ByteBuffer.wrap(delivered(upTo));
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.write(bytes, PLACE_OF_DELIVERED);
    } catch (IOException e) {
      LOG.debug("{} does not say up to where it is in the ledger", file, e);
    }
    add(-count);
    delivered = upTo;
  }

  private synchronized void add(int more) {
    entries = Math.max(0, entries + more);
  }

  private static byte[] delivered(long upTo) {
    return ByteBuffer.allocate(Long.BYTES + Integer.BYTES).putLong(upTo).putInt(crc(upTo)).array();
  }

  private static int crc(long number) {
    CRC32C crc = new CRC32C();
    crc.update(ByteBuffer.allocate(Long.BYTES).putLong(number).flip());
    return (int) crc.getValue();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
