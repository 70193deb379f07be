package dev.mlops4j.monitoring;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads records of a segment, and tells what is torn and what is damaged. */
final class SpoolReader {

  private static final int BUFFER = 1 << 16;

  /** So many bytes end a batch that has fewer entries than asked for. */
  private static final int BATCH_BYTES = 8 << 20;

  private SpoolReader() {}

  /** A part of a file. */
  record Part(long from, long to) {}

  /**
   * What was read.
   *
   * @param damaged what is no record, though something was written there
   * @param torn how many bytes at the end were not written wholly
   * @param upTo where to go on
   */
  record Batch(List<LedgerEntry> entries, List<Part> damaged, long torn, long upTo) {}

  /**
   * Reads the records from one place to another. A damaged body is left out; beyond a damaged head
   * nothing is known to be a record, so all is damaged up to the end. What is zeros up to the end,
   * or a whole head without all of its body, was never written wholly: a process, or its host, died
   * meanwhile.
   */
  static Batch read(Path file, long from, long to, int most) throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    List<Part> damaged = new ArrayList<>();
    long at = from;
    try (InputStream in = new BufferedInputStream(Files.newInputStream(file), BUFFER)) {
      in.skipNBytes(Math.min(from, Files.size(file)));
      while (at < to && entries.size() < most && at - from < BATCH_BYTES) {
        byte[] head = in.readNBytes((int) Math.min(SpoolRecord.HEAD, to - at));
        if (head.length < SpoolRecord.HEAD) {
          return new Batch(entries, damaged, to - at, to);
        }
        int length = SpoolRecord.bodyLength(head);
        if (length < 0) {
          boolean written = !isZero(head) || !isZeroUpTo(in, to - at - head.length);
          if (written) {
            damaged.add(new Part(at, to));
          }
          return new Batch(entries, damaged, written ? 0 : to - at, to);
        }
        long next = at + head.length + length;
        byte[] body = next > to ? new byte[0] : in.readNBytes(length);
        if (body.length < length) {
          return new Batch(entries, damaged, to - at, to);
        }
        try {
          entries.add(SpoolRecord.read(head, body));
        } catch (IOException e) {
          damaged.add(new Part(at, next));
        }
        at = next;
      }
    }
    return new Batch(entries, damaged, 0, at);
  }

  private static boolean isZero(byte[] bytes) {
    for (byte b : bytes) {
      if (b != 0) {
        return false;
      }
    }
    return true;
  }

  private static boolean isZeroUpTo(InputStream in, long rest) throws IOException {
    long left = rest;
    while (left > 0) {
      byte[] bytes = in.readNBytes((int) Math.min(BUFFER, left));
      if (bytes.length == 0) {
        return true;
      }
      if (!isZero(bytes)) {
        return false;
      }
      left -= bytes.length;
    }
    return true;
  }
}
