package dev.mlops4j.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/** Walks through a file and hands the header and then the cells, each with its line, to a sink. */
final class CsvRows extends AbstractBaseCsvCallbackHandler<Boolean> {

  /** What is done with the rows. */
  interface Sink {

    /** The names of the columns, once, before any row. */
    void header(List<String> names);

    /** One cell of the row at hand; {@code column} is below the header's width. */
    void cell(int column, char[] buffer, int offset, int length, boolean quoted, long line);

    /** The row at hand is complete, though it may have too few or too many cells. */
    void endRow();
  }

  private static final int LONGEST_CELL = 1 << 24;
  private static final char[] NOTHING = {};

  private final CsvProblems problems;
  private final Sink sink;
  private final List<String> header = new ArrayList<>();
  private boolean headerRead;
  private boolean empty;
  private long rowLine;
  private long cellLine;

  private CsvRows(CsvProblems problems, Sink sink) {
    this.problems = problems;
    this.sink = sink;
  }

  /** Reads until the end of the file or until there are problems enough. */
  static void read(Path file, CsvOptions options, CsvProblems problems, Sink sink) {
    CsvRows rows = new CsvRows(problems, sink);
    try (Reader in = CsvText.open(file);
        CsvReader<Boolean> reader = rows.reader(in, options);
        CloseableIterator<Boolean> wantsMore = reader.iterator()) {
      while (wantsMore.hasNext() && wantsMore.next()) {
        // The row went to the sink while it was read.
      }
    } catch (CsvParseException e) {
      throw rows.failure(file, e);
    } catch (UncheckedIOException e) {
      throw CsvText.failure(file, Objects.requireNonNull(e.getCause()));
    } catch (IOException e) {
      throw CsvText.failure(file, e);
    }
    if (!rows.headerRead) {
      throw new CsvException(file, "is empty; the first line must be a header of column names");
    }
  }

  private CsvReader<Boolean> reader(Reader in, CsvOptions options) {
    return CsvReader.builder()
        .fieldSeparator(options.separator())
        .skipEmptyLines(false)
        .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
        .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
        .allowUnclosedQuote(false)
        .maxBufferSize(LONGEST_CELL)
        .build(this, in);
  }

  /** What the sink threw comes wrapped; what the parser itself finds has no cause. */
  private CsvException failure(Path file, CsvParseException e) {
    if (e.getCause() instanceof RuntimeException own) {
      throw own;
    }
    if (e.getCause() instanceof Error error) {
      throw error;
    }
    return new CsvException(file, reason(e));
  }

  /** Only its message tells the cause; it is not shown, for it may hold a character of the cell. */
  private String reason(CsvParseException e) {
    String message = String.valueOf(e.getMessage());
    if (message.startsWith("Unclosed quoted field")) {
      return "the quoted cell that begins on line "
          + cellLine
          + " is not closed before the file ends";
    }
    if (message.startsWith("Unexpected character after closing quote")) {
      return "the quoted cell that begins on line "
          + cellLine
          + " has text after its closing quote; write \"\" for a quote within";
    }
    return "the cell that begins on line "
        + cellLine
        + " cannot be taken apart; a quote may be missing if it is longer than "
        + LONGEST_CELL
        + " characters";
  }

  @Override
  protected void handleBegin(long line) {
    rowLine = line;
    cellLine = line;
    empty = false;
  }

  @Override
  protected void handleEmpty() {
    empty = true;
  }

  @Override
  protected void handleField(int index, char[] buffer, int offset, int length, boolean quoted) {
    if (!headerRead) {
      header.add(new String(buffer, offset, length));
    } else if (index < header.size()) {
      sink.cell(index, buffer, offset, length, quoted, cellLine);
    }
    if (quoted) {
      cellLine += lineBreaks(buffer, offset, length);
    }
  }

  /** Whether more rows are wanted. */
  @Override
  protected Boolean buildRecord() {
    if (!headerRead) {
      if (!empty) {
        endHeader();
      }
    } else if (!empty) {
      endRow(getFieldCount());
    } else if (header.size() == 1) {
      sink.cell(0, NOTHING, 0, 0, false, rowLine);
      endRow(1);
    }
    return !problems.isFull();
  }

  private void endHeader() {
    headerRead = true;
    Set<String> seen = new HashSet<>();
    for (String name : header) {
      if (name.isBlank()) {
        problems.add(new CsvProblem(rowLine, null, null, "a column of the header has no name"));
      } else if (!seen.add(name)) {
        problems.add(new CsvProblem(rowLine, name, null, "is in the header twice"));
      }
    }
    problems.throwIfAny();
    sink.header(List.copyOf(header));
  }

  private void endRow(int cells) {
    if (cells != header.size()) {
      problems.add(
          new CsvProblem(
              rowLine, null, null, cells + " cells where the header has " + header.size()));
    }
    sink.endRow();
  }

  /** LF, CRLF and CR each end a line. */
  private static int lineBreaks(char[] buffer, int offset, int length) {
    int breaks = 0;
    for (int i = offset; i < offset + length; i++) {
      boolean afterReturn = i > offset && buffer[i - 1] == '\r';
      if (buffer[i] == '\r' || (buffer[i] == '\n' && !afterReturn)) {
        breaks++;
      }
    }
    return breaks;
  }
}
