package dev.mlops4j.data;

import java.nio.CharBuffer;
import java.nio.file.Path;
import java.time.ZoneId;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a comma-separated file is read. Not safe for use by several threads.
 *
 * <p><b>The file.</b> UTF-8, with or without a byte order mark, plain or gzipped (recognised by its
 * content), with a header of unique names. Cells may be quoted, and then hold line breaks. A row
 * has as many cells as the header; empty lines are skipped, except in a file of one column, where
 * they are missing values. Nothing is trimmed.
 *
 * <p><b>Missing.</b> An empty cell is missing, and so is one that equals {@link #nullText}. In a
 * text column {@code ""} in quotes is an empty text and a quoted null text is itself.
 *
 * <p><b>Numbers</b> are written as in Java or C, whatever the locale: {@code -1.5e3}, and {@code
 * NaN}, {@code inf}, {@code Infinity} in any case. A number beyond the type's range is an error.
 * <b>Truth values</b> are {@code true} and {@code false} in any case.
 *
 * <p><b>Arrays of floats</b> are their numbers in brackets, {@code "[0.5, -1e-3]"}, quoted where
 * the separator is a comma; each is rounded to the nearest float, and beyond its range an error.
 * They must be declared.
 *
 * <p><b>Timestamps</b> are ISO 8601: date, {@code T} or a blank, time, and {@code Z} or an offset;
 * what is finer than a microsecond is cut off. Without an offset they need {@link #zone}; a date
 * alone is then its first midnight. A local time that the zone's clocks skip or show twice is an
 * error.
 *
 * <p><b>Inferred schema.</b> Without {@link #schema}, the whole file is read once more, before. A
 * column is INT64, FLOAT64, BOOLEAN or TIMESTAMP if all its values can be read as that, else
 * STRING; so is one without any value. Numbers that would come back as another text are left as
 * they are: with leading zeros or a plus, integers that do not fit. Columns of dates alone are
 * STRING. None is required.
 */
public final class CsvOptions {

  /** How many problems of one file are collected, unless said otherwise. */
  public static final int DEFAULT_MAX_PROBLEMS = 20;

  private static final char DEFAULT_SEPARATOR = ',';

  private @Nullable Schema schema;
  private @Nullable ZoneId zone;
  private @Nullable String nullText;
  private char separator = DEFAULT_SEPARATOR;
  private int maxProblems = DEFAULT_MAX_PROBLEMS;
  private final Set<String> sensitive = new LinkedHashSet<>();
  private final Set<String> hidden = new LinkedHashSet<>();

  CsvOptions() {}

  /**
   * The columns that are wanted, in the order in which the dataset will have them. They are found
   * by their names in the header; other columns of the file are ignored.
   */
  public CsvOptions schema(Schema schema) {
    this.schema = schema;
    return this;
  }

  /** The zone of timestamps that name none; without it, such a timestamp is an error. */
  public CsvOptions zone(ZoneId zone) {
    this.zone = zone;
    return this;
  }

  /** A text that stands for a missing value, beside the empty cell; none unless given. */
  public CsvOptions nullText(String nullText) {
    this.nullText = nullText;
    return this;
  }

  /**
   * What stands between two cells; a comma unless given.
   *
   * @throws IllegalArgumentException if it is a quote or a line break
   */
  public CsvOptions separator(char separator) {
    if (separator == '"' || separator == '\n' || separator == '\r') {
      throw new IllegalArgumentException(
          "separator is any character but a quote and a line break, found U+"
              + String.format(Locale.ROOT, "%04X", (int) separator));
    }
    this.separator = separator;
    return this;
  }

  /** Marks columns as sensitive, for a schema that is inferred; adds to those of a declared one. */
  public CsvOptions sensitive(String... columns) {
    sensitive.addAll(List.of(columns));
    return this;
  }

  /**
   * How many problems are collected before reading stops; {@value #DEFAULT_MAX_PROBLEMS} unless
   * given.
   *
   * @throws IllegalArgumentException if it is not positive
   */
  public CsvOptions maxProblems(int maxProblems) {
    if (maxProblems < 1) {
      throw new IllegalArgumentException("maxProblems is at least 1, found " + maxProblems);
    }
    this.maxProblems = maxProblems;
    return this;
  }

  /**
   * Reads the file.
   *
   * @throws CsvException if the file cannot be opened, is not UTF-8 or ends early; if the header is
   *     absent, has a name twice or lacks a declared column; if cells cannot be read as their
   *     column's type, required ones are empty, or rows have the wrong number of cells: all of them
   *     in one exception, up to {@link #maxProblems}
   */
  public Dataset read(Path file) {
    return CsvLoader.load(file, columns(file), this);
  }

  /**
   * The rows of these files, one after the other, by their time, for more rows than memory holds.
   * Each read goes through all files; a row without a time is an error, as it would be in no
   * period. Settings that change later do not change it. Without {@link #schema} the columns are
   * inferred at each read, of the first file, and its other files must have them.
   *
   * @param time the TIMESTAMP column that says which period a row is of
   * @param files at least one; none is opened until it is read
   */
  public CsvSource source(String time, Path... files) {
    if (files.length == 0) {
      throw new IllegalArgumentException("a source has at least one file");
    }
    return new CsvSource(List.of(files), time, copy());
  }

  private CsvOptions copy() {
    CsvOptions copy = new CsvOptions();
    copy.schema = schema;
    copy.zone = zone;
    copy.nullText = nullText;
    copy.separator = separator;
    copy.maxProblems = maxProblems;
    copy.sensitive.addAll(sensitive);
    copy.hidden.addAll(hidden);
    return copy;
  }

  /** The same, whose messages show no value of these columns either. */
  CsvOptions hiding(Set<String> columns) {
    CsvOptions copy = copy();
    copy.hidden.addAll(columns);
    return copy;
  }

  /** Whether messages show no value of this column. */
  boolean hides(Field field) {
    return field.sensitive() || hidden.contains(field.name());
  }

  /** The columns that are read of this file. */
  Schema columns(Path file) {
    Schema declared = schema;
    return withSensitive(declared == null ? CsvInference.infer(file, this) : declared, file);
  }

  private Schema withSensitive(Schema columns, Path file) {
    for (String name : sensitive) {
      if (!columns.contains(name)) {
        throw new CsvException(
            file,
            "column \""
                + name
                + "\" was said to be sensitive; there are: "
                + String.join(", ", columns.names()));
      }
    }
    return Schema.of(
        columns.fields().stream()
            .map(
                field ->
                    new Field(
                        field.name(),
                        field.type(),
                        field.required(),
                        field.sensitive() || sensitive.contains(field.name())))
            .toList());
  }

  @Nullable ZoneId zone() {
    return zone;
  }

  /** Whether a cell that is not quoted, or not text, stands for a missing value. */
  boolean isMissing(char[] buffer, int offset, int length) {
    return length == 0
        || (nullText != null
            && nullText.length() == length
            && nullText.contentEquals(CharBuffer.wrap(buffer, offset, length)));
  }

  char separator() {
    return separator;
  }

  int maxProblems() {
    return maxProblems;
  }

  /** Whether the values of this column must not be shown, as far as is known before inference. */
  boolean isSensitive(String column) {
    return sensitive.contains(column) || hidden.contains(column);
  }
}
