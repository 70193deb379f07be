package dev.mlops4j.data;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** Reads the cells of a file into a dataset of a known schema. */
final class CsvLoader implements CsvRows.Sink {

  private static final int IGNORED = -1;

  private final Path file;
  private final Schema schema;
  private final CsvOptions options;
  private final CsvProblems problems;
  private final DatasetBuilder builder;
  private final CellTime time = new CellTime();
  private int[] positions = {};

  private CsvLoader(Path file, Schema schema, CsvOptions options, CsvProblems problems) {
    this.file = file;
    this.schema = schema;
    this.options = options;
    this.problems = problems;
    this.builder = Dataset.builder(schema);
  }

  static Dataset load(Path file, Schema schema, CsvOptions options) {
    CsvProblems problems = new CsvProblems(file, options.maxProblems());
    CsvLoader loader = new CsvLoader(file, schema, options, problems);
    CsvRows.read(file, options, problems, loader);
    problems.throwIfAny();
    return loader.builder.build().withSource("CSV " + file.toAbsolutePath().normalize());
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
      }
      builder.set(position, null);
      return;
    }
    try {
      set(position, field.type(), buffer, offset, length);
    } catch (CellException e) {
      String value = field.sensitive() ? null : new String(buffer, offset, length);
      problems.add(new CsvProblem(line, field.name(), value, e.reason()));
    }
  }

  @Override
  public void endRow() {
    if (problems.isEmpty()) {
      builder.endRow();
    }
  }

  private void set(int position, ColumnType type, char[] buffer, int offset, int length)
      throws CellException {
    switch (type.kind()) {
      case FLOAT64 -> builder.setDouble(position, CellNumbers.parseDouble(buffer, offset, length));
      case INT64 -> builder.setLong(position, CellNumbers.parseLong(buffer, offset, length));
      case TIMESTAMP ->
          builder.setMicros(position, time.micros(buffer, offset, length, options.zone()));
      case BOOLEAN -> builder.set(position, truth(new String(buffer, offset, length)));
      case STRING -> builder.set(position, new String(buffer, offset, length));
      case FLOATS -> builder.set(position, CellFloats.parse(buffer, offset, length, type));
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
