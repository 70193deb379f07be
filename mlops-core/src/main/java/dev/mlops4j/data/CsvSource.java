package dev.mlops4j.data;

import java.io.BufferedInputStream;
import java.io.FilterReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/**
 * The text of a file, unpacked, without its byte order mark, followed by a line that says {@link
 * #END}.
 *
 * <p>The parser takes the end of the file for the closing quote of a cell that has none, and so a
 * stray quote would swallow the rows after it. It would swallow the end line as well, by which this
 * is seen.
 */
final class CsvSource extends FilterReader {

  /** The only cell of the line after the last; noncharacters of Unicode, never in a text. */
  static final String END = "\uFDD0\uFDD1";

  private static final int BUFFER = 1 << 16;
  private static final int GZIP_FIRST = 0x1f;
  private static final int GZIP_SECOND = 0x8b;
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private boolean started;
  private char last = '\n';
  private String tail = "";
  private boolean ended;

  private CsvSource(Reader in) {
    super(in);
  }

  static CsvSource open(Path file) throws IOException {
    InputStream bytes = new BufferedInputStream(Files.newInputStream(file), BUFFER);
    try {
      bytes.mark(2);
      boolean packed = bytes.read() == GZIP_FIRST && bytes.read() == GZIP_SECOND;
      bytes.reset();
      InputStream unpacked = packed ? new GZIPInputStream(bytes, BUFFER) : bytes;
      return new CsvSource(new InputStreamReader(unpacked, StandardCharsets.UTF_8.newDecoder()));
    } catch (IOException | RuntimeException e) {
      bytes.close();
      throw e;
    }
  }

  @Override
  public int read() throws IOException {
    char[] one = new char[1];
    return read(one, 0, 1) < 0 ? -1 : one[0];
  }

  @Override
  public int read(char[] buffer, int offset, int length) throws IOException {
    if (ended) {
      return readTail(buffer, offset, length);
    }
    int count = super.read(buffer, offset, length);
    if (count < 0) {
      ended = true;
      tail = last == '\n' || last == '\r' ? END : "\n" + END;
      return readTail(buffer, offset, length);
    }
    if (count > 0) {
      last = buffer[offset + count - 1];
      if (!started) {
        started = true;
        if (buffer[offset] == BYTE_ORDER_MARK) {
          System.arraycopy(buffer, offset + 1, buffer, offset, count - 1);
          return count == 1 ? read(buffer, offset, length) : count - 1;
        }
      }
    }
    return count;
  }

  private int readTail(char[] buffer, int offset, int length) {
    if (tail.isEmpty()) {
      return -1;
    }
    int count = Math.min(length, tail.length());
    tail.getChars(0, count, buffer, offset);
    tail = tail.substring(count);
    return count;
  }

  @Override
  public boolean markSupported() {
    return false;
  }
}
