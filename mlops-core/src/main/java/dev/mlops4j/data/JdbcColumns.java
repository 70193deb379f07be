package dev.mlops4j.data;

import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The columns of a result as columns of a schema, declared or inferred. */
record JdbcColumns(Schema schema, List<Integer> places, List<JdbcCell> cells) {

  JdbcColumns {
    places = List.copyOf(places);
    cells = List.copyOf(cells);
  }

  /**
   * Matches a result with what was declared.
   *
   * @param checked whether the database holds columns to their types, so that these say how to read
   * @throws SchemaException with all problems
   */
  static JdbcColumns of(ResultSetMetaData result, JdbcSource.Settings settings, boolean checked)
      throws SQLException {
    List<String> problems = new ArrayList<>();
    List<Field> fields = new ArrayList<>();
    List<Integer> places = new ArrayList<>();
    Schema declared = settings.schema();
    if (declared == null) {
      for (int i = 1; i <= result.getColumnCount(); i++) {
        ColumnType type = inferred(result, i, problems);
        if (type != null) {
          String name = result.getColumnLabel(i);
          fields.add(new Field(name, type, false, settings.sensitive().contains(name)));
          places.add(i);
        }
      }
    } else {
      for (Field field : declared.fields()) {
        int place = place(result, field.name(), problems);
        if (place > 0) {
          fields.add(settings.marked(field));
          places.add(place);
        }
      }
    }
    List<JdbcCell> cells = new ArrayList<>();
    for (int i = 0; i < fields.size(); i++) {
      int place = places.get(i);
      JdbcCell cell =
          checked
              ? cell(result, place, i, fields.get(i), settings, problems)
              : JdbcCell.ofAnyType(place, i, fields.get(i).type(), settings);
      if (cell != null) {
        cells.add(cell);
      }
    }
    for (String name : settings.sensitive()) {
      if (fields.stream().noneMatch(field -> field.name().equals(name))) {
        problems.add("column \"" + name + "\" was said to be sensitive, but is not there");
      }
    }
    if (!problems.isEmpty()) {
      throw new SchemaException(
          "the columns of "
              + settings.name()
              + " do not fit:\n  "
              + String.join("\n  ", problems)
              + "\n  there are: "
              + described(result));
    }
    return new JdbcColumns(Schema.of(fields), places, cells);
  }

  private static @Nullable ColumnType inferred(
      ResultSetMetaData result, int column, List<String> problems) throws SQLException {
    return switch (JdbcKind.of(result, column)) {
      case WHOLE -> ColumnType.INT64;
      case SINGLE, REAL, DECIMAL -> ColumnType.FLOAT64;
      case TRUTH -> ColumnType.BOOLEAN;
      case TEXT -> ColumnType.STRING;
      case INSTANT, LOCAL_TIME, DATE -> ColumnType.TIMESTAMP;
      case ARRAY -> {
        problems.add(
            "column \""
                + result.getColumnLabel(column)
                + "\" is an array, "
                + JdbcKind.typeName(result, column)
                + "; declare a schema in which it is floats(length), or leave it out");
        yield null;
      }
      case OTHER -> {
        problems.add(
            "column \""
                + result.getColumnLabel(column)
                + "\" is "
                + JdbcKind.typeName(result, column)
                + ", which no column can hold; cast it in the statement or leave it out");
        yield null;
      }
    };
  }

  private static @Nullable JdbcCell cell(
      ResultSetMetaData result,
      int place,
      int position,
      Field field,
      JdbcSource.Settings settings,
      List<String> problems)
      throws SQLException {
    JdbcKind kind = JdbcKind.of(result, place);
    TimestampForm form = settings.form();
    boolean numbersAreTimes = form != null && form.isNumber();
    boolean isTime = field.type() == ColumnType.TIMESTAMP;
    String advice = null;
    if (isTime && (kind == JdbcKind.WHOLE || kind == JdbcKind.DECIMAL) && !numbersAreTimes) {
      advice = "say what its numbers are with timestampsAs(EPOCH_SECONDS), for example";
    } else if (isTime
        && (kind == JdbcKind.LOCAL_TIME || kind == JdbcKind.DATE)
        && settings.zone() == null) {
      advice = "a time without a zone is no instant; say whose clocks showed it with zone(...)";
    } else if (!fits(field.type(), kind)) {
      advice = "declare another type or cast it in the statement";
    }
    if (advice != null) {
      problems.add(
          "column \""
              + field.name()
              + "\" is to be "
              + field.type()
              + ", found "
              + JdbcKind.typeName(result, place)
              + "; "
              + advice);
      return null;
    }
    return JdbcCell.of(place, position, field.type(), kind, settings);
  }

  private static boolean fits(ColumnType type, JdbcKind kind) {
    return switch (type.kind()) {
      case FLOAT64 ->
          switch (kind) {
            case WHOLE, SINGLE, REAL, DECIMAL -> true;
            case TRUTH, TEXT, DATE, LOCAL_TIME, INSTANT, ARRAY, OTHER -> false;
          };
      case INT64 -> kind == JdbcKind.WHOLE || kind == JdbcKind.DECIMAL;
      case BOOLEAN -> kind == JdbcKind.TRUTH;
      case STRING -> kind == JdbcKind.TEXT;
      case TIMESTAMP ->
          switch (kind) {
            case WHOLE, DECIMAL, TEXT, DATE, LOCAL_TIME, INSTANT -> true;
            case SINGLE, REAL, TRUTH, ARRAY, OTHER -> false;
          };
      case FLOATS -> kind == JdbcKind.ARRAY || kind == JdbcKind.TEXT;
    };
  }

  /** The column of this name, or else the only one of it in another case; 0 if there is none. */
  private static int place(ResultSetMetaData result, String name, List<String> problems)
      throws SQLException {
    List<Integer> same = new ArrayList<>();
    List<Integer> alike = new ArrayList<>();
    for (int i = 1; i <= result.getColumnCount(); i++) {
      String label = result.getColumnLabel(i);
      if (label.equals(name)) {
        same.add(i);
      } else if (label.equalsIgnoreCase(name)) {
        alike.add(i);
      }
    }
    List<Integer> found = same.isEmpty() ? alike : same;
    if (found.size() == 1) {
      return found.get(0);
    }
    problems.add(
        "column \"" + name + (found.isEmpty() ? "\" is missing" : "\" is there more than once"));
    return 0;
  }

  private static String described(ResultSetMetaData result) throws SQLException {
    List<String> columns = new ArrayList<>();
    for (int i = 1; i <= result.getColumnCount(); i++) {
      columns.add(result.getColumnLabel(i) + " " + JdbcKind.typeName(result, i));
    }
    return columns.stream().collect(Collectors.joining(", "));
  }
}
