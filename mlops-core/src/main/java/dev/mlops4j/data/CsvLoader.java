package dev.mlops4j.data;

import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads the cells of a file into datasets of a known schema. */
final class CsvLoader implements CsvRows.Sink {

  private static final int IGNORED = -1;

  private final Path file;
  private final Schema schema;
  private final CsvOptions options;
  private final CsvProblems problems;
  private final @Nullable Period period;
  private final int batchRows;
  private final Consumer<? super Dataset> batches;
  private final CellTime time = new CellTime();
  private DatasetBuilder builder;
  private int[] positions = {};
  private boolean inPeriod;

  private CsvLoader(
      Path file,
      Schema schema,
      CsvOptions options,
      @Nullable Period period,
      int batchRows,
      Consumer<? super Dataset> batches) {
    this.file = file;
    this.schema = schema;
    this.options = options;
    this.problems = new CsvProblems(file, options.maxProblems());
    this.period = period;
    this.batchRows = batchRows;
    this.batches = batches;
    this.builder = Dataset.builder(schema);
    this.inPeriod = period == null;
  }

  /** The rows whose time, in the column at this position, is in a period. */
  record Period(int position, long first, long end) {

    Period(int position, Instant from, Instant to) {
      this(position, Timestamps.ceilingMicros(from), Timestamps.ceilingMicros(to));
    }

    boolean contains(long micros) {
      return micros >= first && (micros < end || end == Long.MAX_VALUE);
    }
  }

  /** All rows. */
  static Dataset load(Path file, Schema schema, CsvOptions options) {
    CsvLoader loader = new CsvLoader(file, schema, options, null, Integer.MAX_VALUE, batch -> {});
    loader.read();
    return loader.built();
  }

  /** Shows the rows of a period in batches of at least one row, those before a problem alone. */
  static void load(
      Path file,
      Schema schema,
      CsvOptions options,
      Period period,
      int batchRows,
      Consumer<? super Dataset> batches) {
    CsvLoader loader = new CsvLoader(file, schema, options, period, batchRows, batches);
    loader.read();
    if (loader.builder.rowCount() > 0) {
      batches.accept(loader.built());
    }
  }

  private Dataset built() {
    return builder.build().withSource("CSV " + file.toAbsolutePath().normalize());
  }

  private void read() {
    CsvRows.read(file, options, problems, this);
    problems.throwIfAny();
  }

  @Override
  public void header(List<String> names) {
    List<String> absent = new ArrayList<>(schema.names());
    absent.removeAll(names);
    if (!absent.isEmpty()) {
      throw new CsvException(
          file, "the header lacks " + quoted(absent) + "; it has " + quoted(names));
    }
    positions = names.stream().mapToInt(name -> schema.find(name).orElse(IGNORED)).toArray();
  }

  @Override
  public void cell(int column, char[] buffer, int offset, int length, boolean quoted, long line) {
    int position = positions[column];
    if (position == IGNORED) {
      return;
    }
    Field field = schema.fields().get(position);
    if (isMissing(field, buffer, offset, length, quoted)) {
      if (field.required()) {
        problems.add(
            new CsvProblem(line, field.name(), null, "is empty, but the column is required"));
      } else if (period != null && position == period.position()) {
        problems.add(
            new CsvProblem(line, field.name(), null, "is empty, but says when the row is of"));
      }
      builder.set(position, null);
      return;
    }
    try {
      set(position, field.type(), buffer, offset, length);
    } catch (CellException e) {
      String value = options.hides(field) ? null : new String(buffer, offset, length);
      problems.add(new CsvProblem(line, field.name(), value, e.reason()));
    }
  }

  @Override
  public void endRow() {
    if (!problems.isEmpty()) {
      return;
    }
    if (!inPeriod) {
      builder.discardRow();
      return;
    }
    builder.endRow();
    inPeriod = period == null;
    if (builder.rowCount() == batchRows) {
      Dataset batch = built();
      builder = Dataset.builder(schema);
      batches.accept(batch);
    }
  }

  private void set(int position, ColumnType type, char[] buffer, int offset, int length)
      throws CellException {
    switch (type.kind()) {
      case FLOAT64 -> builder.setDouble(position, CellNumbers.parseDouble(buffer, offset, length));
      case INT64 -> builder.setLong(position, CellNumbers.parseLong(buffer, offset, length));
      case TIMESTAMP -> setMicros(position, time.micros(buffer, offset, length, options.zone()));
      case BOOLEAN -> builder.set(position, truth(new String(buffer, offset, length)));
      case STRING -> builder.set(position, new String(buffer, offset, length));
      case FLOATS -> builder.set(position, CellFloats.parse(buffer, offset, length, type));
    }
  }

  private void setMicros(int position, long micros) {
    builder.setMicros(position, micros);
    if (period != null && position == period.position()) {
      inPeriod = period.contains(micros);
    }
  }

  /** An empty text in quotes is a value of a text column, and missing in any other. */
  private boolean isMissing(Field field, char[] buffer, int offset, int length, boolean quoted) {
    return !(quoted && field.type() == ColumnType.STRING)
        && options.isMissing(buffer, offset, length);
  }

  static Boolean truth(String text) throws CellException {
    if (text.equalsIgnoreCase("true")) {
      return Boolean.TRUE;
    }
    if (text.equalsIgnoreCase("false")) {
      return Boolean.FALSE;
    }
    throw new CellException("neither true nor false");
  }

  private static String quoted(List<String> names) {
    return names.stream().map(name -> "\"" + name + "\"").collect(Collectors.joining(", "));
  }
}
