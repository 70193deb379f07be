package dev.mlops4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds for each column of a file the narrowest type that holds all its values. */
final class CsvInference implements CsvRows.Sink {

  private final CsvOptions options;
  private final CellTime time = new CellTime();
  private final List<Guess> guesses = new ArrayList<>();

  private CsvInference(CsvOptions options) {
    this.options = options;
  }

  static Schema infer(Path file, CsvOptions options) {
    CsvProblems problems = new CsvProblems(file, options.maxProblems());
    CsvInference inference = new CsvInference(options);
    CsvRows.read(file, options, problems, inference);
    for (Guess guess : inference.guesses) {
      guess.checkZone(problems, options);
    }
    problems.throwIfAny();
    return Schema.of(
        inference.guesses.stream()
            .map(guess -> new Field(guess.name, guess.type(), false, false))
            .toList());
  }

  @Override
  public void header(List<String> names) {
    names.forEach(name -> guesses.add(new Guess(name)));
  }

  @Override
  public void cell(int column, char[] buffer, int offset, int length, boolean quoted, long line) {
    if (!options.isMissing(buffer, offset, length)) {
      guesses.get(column).see(buffer, offset, length, line, time);
    }
  }

  @Override
  public void endRow() {}

  /** What one column may still be. */
  private static final class Guess {

    private final String name;
    private boolean any;
    private boolean int64 = true;
    private boolean float64 = true;
    private boolean truth = true;
    private boolean timestamp = true;
    private long zonelessLine;
    private @Nullable String zonelessValue;

    Guess(String name) {
      this.name = name;
    }

    void see(char[] buffer, int offset, int length, long line, CellTime time) {
      any = true;
      if (int64 || float64) {
        seeNumber(buffer, offset, length);
      }
      if (truth) {
        truth = isTruth(buffer, offset, length);
      }
      if (timestamp) {
        CellTime.Kind kind = time.read(buffer, offset, length);
        timestamp = kind == CellTime.Kind.LOCAL || kind == CellTime.Kind.INSTANT;
        if (kind == CellTime.Kind.LOCAL && zonelessLine == 0) {
          zonelessLine = line;
          zonelessValue = new String(buffer, offset, length);
        }
      }
    }

    private void seeNumber(char[] buffer, int offset, int length) {
      if (CellNumbers.isIdentifierLike(buffer, offset, length)) {
        int64 = false;
        float64 = false;
        return;
      }
      boolean digitsOnly = isInteger(buffer, offset, length);
      try {
        if (digitsOnly) {
          CellNumbers.parseLong(buffer, offset, length);
        } else {
          int64 = false;
          CellNumbers.parseDouble(buffer, offset, length);
        }
      } catch (CellException e) {
        int64 = false;
        float64 = false;
      }
    }

    private static boolean isInteger(char[] buffer, int offset, int length) {
      int from = buffer[offset] == '-' && length > 1 ? offset + 1 : offset;
      for (int i = from; i < offset + length; i++) {
        if (buffer[i] < '0' || buffer[i] > '9') {
          return false;
        }
      }
      return true;
    }

    private static boolean isTruth(char[] buffer, int offset, int length) {
      try {
        CsvLoader.truth(new String(buffer, offset, length));
        return true;
      } catch (CellException e) {
        return false;
      }
    }

    void checkZone(CsvProblems problems, CsvOptions options) {
      if (any && timestamp && zonelessLine > 0 && options.zone() == null) {
        problems.add(
            new CsvProblem(
                zonelessLine,
                name,
                options.isSensitive(name) ? null : zonelessValue,
                "a timestamp without a zone; write Z or an offset, give the reader a zone, or"
                    + " declare a schema with this column as STRING"));
      }
    }

    ColumnType type() {
      if (!any) {
        return ColumnType.STRING;
      }
      if (int64) {
        return ColumnType.INT64;
      }
      if (float64) {
        return ColumnType.FLOAT64;
      }
      if (truth) {
        return ColumnType.BOOLEAN;
      }
      return timestamp ? ColumnType.TIMESTAMP : ColumnType.STRING;
    }
  }
}
