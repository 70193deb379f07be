package dev.mlops4j.data;

import de.siegmar.fastcsv.reader.AbstractBaseCsvCallbackHandler;
import de.siegmar.fastcsv.reader.CloseableIterator;
import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.zip.ZipException;
import org.jspecify.annotations.Nullable;

/** Walks through a file and hands the header and then the cells, each with its line, to a sink. */
final class CsvRows extends AbstractBaseCsvCallbackHandler<Boolean> {

  /** What is done with the rows. Nothing is called after {@link CsvProblems#isFull()}. */
  interface Sink {

    /** The names of the columns, once, before any row. */
    void header(List<String> names);

    /** One cell of the row at hand; {@code column} is below the header's width. */
    void cell(int column, char[] buffer, int offset, int length, boolean quoted, long line);

    /** The row at hand is complete. */
    void endRow(long line);
  }

  private final CsvProblems problems;
  private final Sink sink;
  private final List<String> header = new ArrayList<>();
  private boolean headerRead;
  private boolean endSeen;
  private boolean empty;
  private long startLine;
  private long line;
  private int cells;

  private CsvRows(CsvProblems problems, Sink sink) {
    this.problems = problems;
    this.sink = sink;
  }

  static void read(Path file, CsvOptions options, CsvProblems problems, Sink sink) {
    CsvRows rows = new CsvRows(problems, sink);
    try (CsvReader<Boolean> reader =
            CsvReader.builder()
                .fieldSeparator(options.separator())
                .skipEmptyLines(false)
                .allowMissingFields(true)
                .allowExtraFields(true)
                .build(rows, CsvSource.open(file));
        CloseableIterator<Boolean> records = reader.iterator()) {
      while (records.hasNext() && !problems.isFull()) {
        records.next();
      }
    } catch (CsvParseException e) {
      throw new CsvException(file, rows.unparsable(), e);
    } catch (IOException e) {
      throw new CsvException(file, reason(e), e);
    } catch (UncheckedIOException e) {
      throw new CsvException(file, reason(e.getCause()), e);
    }
    rows.finish(file);
  }

  private void finish(Path file) {
    if (!endSeen && !problems.isFull()) {
      throw new CsvException(
          file,
          "a quoted cell of the row that begins on line " + startLine
              + " is not closed before the file ends");
    }
    if (!headerRead) {
      throw new CsvException(file, "is empty; the first line must be a header of column names");
    }
  }

  private String unparsable() {
    return "the row that begins on line " + startLine
        + " cannot be taken apart: there is text after a cell's closing quote, or a cell is longer"
        + " than 16 million characters";
  }

  private static String reason(@Nullable Throwable e) {
    if (e instanceof NoSuchFileException) {
      return "there is no such file";
    }
    if (e instanceof CharacterCodingException) {
      return "is not UTF-8 text";
    }
    if (e instanceof EOFException) {
      return "is gzipped and ends early; it was not copied whole";
    }
    if (e instanceof ZipException) {
      return "is gzipped and damaged: " + e.getMessage();
    }
    return "cannot be read: " + e;
  }

  @Override
  protected void handleBegin(long startingLineNumber) {
    startLine = startingLineNumber;
    line = startingLineNumber;
    cells = 0;
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
      if (!isEnd(index, buffer, offset, length)) {
        sink.cell(index, buffer, offset, length, quoted, line);
      }
    }
    cells++;
    endSeen = isEnd(index, buffer, offset, length);
    if (quoted) {
      line += lineBreaks(buffer, offset, length);
    }
  }

  private static boolean isEnd(int index, char[] buffer, int offset, int length) {
    return index == 0
        && length == CsvSource.END.length()
        && buffer[offset] == CsvSource.END.charAt(0)
        && buffer[offset + 1] == CsvSource.END.charAt(1);
  }

  @Override
  protected Boolean buildRecord() {
    if (endSeen) {
      if (!headerRead) {
        header.clear();
      }
    } else if (!headerRead) {
      endHeader();
    } else if (!empty) {
      endRow();
    } else if (header.size() == 1) {
      sink.cell(0, new char[0], 0, 0, false, startLine);
      sink.endRow(startLine);
    }
    return Boolean.TRUE;
  }

  private void endHeader() {
    if (empty) {
      return;
    }
    headerRead = true;
    Set<String> seen = new HashSet<>();
    for (String name : header) {
      if (name.isBlank()) {
        problems.add(new CsvProblem(startLine, null, null, "a column of the header has no name"));
      } else if (!seen.add(name)) {
        problems.add(new CsvProblem(startLine, name, null, "is in the header twice"));
      }
    }
    problems.throwIfAny();
    sink.header(List.copyOf(header));
  }

  private void endRow() {
    if (cells != header.size()) {
      problems.add(
          new CsvProblem(
              startLine, null, null, cells + " cells where the header has " + header.size()));
    }
    sink.endRow(startLine);
  }

  private static int lineBreaks(char[] buffer, int offset, int length) {
    int breaks = 0;
    for (int i = offset; i < offset + length; i++) {
      boolean first = i == offset || buffer[i - 1] != '\r';
      if (buffer[i] == '\r' || (buffer[i] == '\n' && first)) {
        breaks++;
      }
    }
    return breaks;
  }
}
