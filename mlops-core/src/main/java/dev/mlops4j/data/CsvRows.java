package dev.mlops4j.data;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Walks through a file and hands the header and then the cells, each with its line, to a sink. */
final class CsvRows {

  /** What is done with the rows. */
  interface Sink {

    /** The names of the columns, once, before any row. */
    void header(List<String> names);

    /** One cell of the row at hand; {@code column} is below the header's width. */
    void cell(int column, char[] buffer, int offset, int length, boolean quoted, long line);

    /** The row at hand is complete, though it may have too few or too many cells. */
    void endRow();
  }

  private final CsvCells cells;
  private final CsvProblems problems;
  private final Sink sink;

  private CsvRows(CsvCells cells, CsvProblems problems, Sink sink) {
    this.cells = cells;
    this.problems = problems;
    this.sink = sink;
  }

  /** Reads until the end of the file or until there are problems enough. */
  static void read(Path file, CsvOptions options, CsvProblems problems, Sink sink) {
    try (Reader in = CsvSource.open(file)) {
      CsvRows rows = new CsvRows(new CsvCells(file, in, options.separator()), problems, sink);
      List<String> header = new ArrayList<>();
      boolean more = rows.readHeader(header);
      if (header.isEmpty()) {
        throw new CsvException(file, "is empty; the first line must be a header of column names");
      }
      while (more && !problems.isFull()) {
        more = rows.readRow(header.size());
      }
    } catch (IOException e) {
      throw CsvSource.failure(file, e);
    }
  }

  /** Whether anything follows. */
  private boolean readHeader(List<String> header) throws IOException {
    CsvCells.End end;
    long line;
    do {
      header.clear();
      end = cells.next();
      line = cells.line();
      header.add(cell());
      while (end == CsvCells.End.CELL) {
        end = cells.next();
        header.add(cell());
      }
    } while (header.equals(List.of("")) && end == CsvCells.End.ROW);
    if (header.equals(List.of(""))) {
      header.clear();
      return false;
    }
    check(header, line);
    sink.header(List.copyOf(header));
    return end == CsvCells.End.ROW;
  }

  private String cell() {
    return new String(cells.buffer(), cells.offset(), cells.length());
  }

  private void check(List<String> header, long line) {
    Set<String> seen = new HashSet<>();
    for (String name : header) {
      if (name.isBlank()) {
        problems.add(new CsvProblem(line, null, null, "a column of the header has no name"));
      } else if (!seen.add(name)) {
        problems.add(new CsvProblem(line, name, null, "is in the header twice"));
      }
    }
    problems.throwIfAny();
  }

  /** Whether anything follows. */
  private boolean readRow(int width) throws IOException {
    CsvCells.End end = cells.next();
    long line = cells.line();
    boolean empty = end != CsvCells.End.CELL && cells.length() == 0 && !cells.quoted();
    if (empty && (width > 1 || end == CsvCells.End.FILE)) {
      return end == CsvCells.End.ROW;
    }
    sink.cell(0, cells.buffer(), cells.offset(), cells.length(), cells.quoted(), line);
    int count = 1;
    for (; end == CsvCells.End.CELL; count++) {
      end = cells.next();
      if (count < width) {
        sink.cell(
            count, cells.buffer(), cells.offset(), cells.length(), cells.quoted(), cells.line());
      }
    }
    if (count != width) {
      problems.add(
          new CsvProblem(line, null, null, count + " cells where the header has " + width));
    }
    sink.endRow();
    return end == CsvCells.End.ROW;
  }
}
