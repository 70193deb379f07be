package dev.mlops4j.data;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.Arrays;

/**
 * Takes a text apart into cells by RFC 4180. Line ends are LF, CRLF or CR. What the standard does
 * not allow is an error and not a guess: a quote that is never closed, text after a closing quote.
 * A quote within a cell that does not begin with one is text.
 *
 * <p>After {@link #next()}, the cell is in {@link #buffer()} from {@link #offset()}, unescaped.
 */
final class CsvCells {

  /** What follows a cell. */
  enum End {
    /** Another cell of the row. */
    CELL,
    /** Another row. */
    ROW,
    /** Nothing. */
    FILE
  }

  private static final int FIRST_BUFFER = 1 << 16;
  private static final int LARGEST_BUFFER = 1 << 24;
  private static final char QUOTE = '"';
  private static final char BYTE_ORDER_MARK = '\uFEFF';

  private final Path file;
  private final Reader in;
  private final char separator;

  private char[] buffer = new char[FIRST_BUFFER];
  private int at;
  private int limit;
  private int cellStart;

  private int offset;
  private int length;
  private boolean quoted;
  private long line = 1;
  private long cellLine = 1;

  CsvCells(Path file, Reader in, char separator) throws IOException {
    this.file = file;
    this.in = in;
    this.separator = separator;
    if (more() && buffer[0] == BYTE_ORDER_MARK) {
      at = 1;
    }
  }

  char[] buffer() {
    return buffer;
  }

  int offset() {
    return offset;
  }

  int length() {
    return length;
  }

  /** Whether the cell stood in quotes. */
  boolean quoted() {
    return quoted;
  }

  /** The line, from 1, on which the cell begins. */
  long line() {
    return cellLine;
  }

  /** Reads a cell, which at the end of the file is an empty one. */
  End next() throws IOException {
    cellStart = at;
    cellLine = line;
    quoted = more() && buffer[at] == QUOTE;
    if (quoted) {
      readQuoted();
    } else {
      readPlain();
    }
    return end();
  }

  private void readPlain() throws IOException {
    while (more()) {
      char c = buffer[at];
      if (c == separator || c == '\n' || c == '\r') {
        break;
      }
      at++;
    }
    length = at - cellStart;
  }

  private void readQuoted() throws IOException {
    at++;
    length = 0;
    char previous = 0;
    while (true) {
      if (!more()) {
        throw new CsvException(
            file,
            "the quoted cell that begins on line "
                + cellLine
                + " is not closed before the file ends");
      }
      char c = buffer[at++];
      if (c == QUOTE) {
        if (!more() || buffer[at] != QUOTE) {
          return;
        }
        at++;
      } else if (c == '\r' || (c == '\n' && previous != '\r')) {
        line++;
      }
      buffer[cellStart + 1 + length++] = c;
      previous = c;
    }
  }

  private End end() throws IOException {
    End end = readEnd();
    // Only now: looking for what follows may have moved the cell within the buffer.
    offset = quoted ? cellStart + 1 : cellStart;
    return end;
  }

  private End readEnd() throws IOException {
    if (!more()) {
      return End.FILE;
    }
    char c = buffer[at];
    if (c == separator) {
      at++;
      return End.CELL;
    }
    if (c != '\n' && c != '\r') {
      throw new CsvException(
          file, "line " + line + " has text after the closing quote of a cell; write \"\" within");
    }
    at++;
    line++;
    if (c == '\r' && more() && buffer[at] == '\n') {
      at++;
    }
    return End.ROW;
  }

  /** Whether there is a character at {@code at}; keeps the cell at hand in the buffer. */
  private boolean more() throws IOException {
    if (at < limit) {
      return true;
    }
    System.arraycopy(buffer, cellStart, buffer, 0, limit - cellStart);
    at -= cellStart;
    limit -= cellStart;
    cellStart = 0;
    if (limit == buffer.length) {
      if (limit >= LARGEST_BUFFER) {
        throw new CsvException(
            file,
            "the cell that begins on line "
                + cellLine
                + " is longer than "
                + LARGEST_BUFFER
                + " characters; a quote may be missing");
      }
      buffer = Arrays.copyOf(buffer, 2 * limit);
    }
    int count = in.read(buffer, limit, buffer.length - limit);
    if (count < 0) {
      return false;
    }
    limit += count;
    return count > 0 || more();
  }
}
