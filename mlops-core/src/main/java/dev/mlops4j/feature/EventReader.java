package dev.mlops4j.feature;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.TimestampColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.AbstractList;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes events of rows, and says what is wrong with rows that are none. */
final class EventReader {

  private static final int DIGEST_DIGITS = 16;
  private static final int MOST_PROBLEMS = 10;

  private final FeatureView view;
  private final List<Field> needed = new ArrayList<>();

  EventReader(FeatureView view) {
    this.view = view;
    needed.addAll(view.keys());
    needed.add(new Field(view.eventTime(), ColumnType.TIMESTAMP, true, false));
    needed.addAll(view.columns());
  }

  /** The event of a pushed row, which is not yet known. */
  FeatureEvent pushed(Map<String, ? extends @Nullable Object> row, String otherId) {
    List<String> problems = new ArrayList<>();
    Map<String, @Nullable Object> values = new HashMap<>();
    for (Field field : needed) {
      if (row.containsKey(field.name())) {
        values.put(field.name(), fitted(field, row.get(field.name()), problems));
      } else {
        problems.add(
            "column \""
                + field.name()
                + "\" "
                + field.type()
                + " is absent; if its value is missing, put null for it (a HashMap takes null,"
                + " Map.of does not)");
      }
    }
    String id = otherId;
    Optional<String> idColumn = view.eventId();
    if (idColumn.isPresent()) {
      Object given = row.get(idColumn.get());
      if (given != null && isId(given)) {
        id = given.toString();
        if (!Unicode.isText(id)) {
          problems.add("event id column \"" + idColumn.get() + "\" " + Unicode.PROBLEM);
        }
      } else {
        problems.add(
            "event id column \""
                + idColumn.get()
                + "\" is STRING or INT64 and has a value, found "
                + (given == null ? "none" : given.getClass().getSimpleName()));
      }
    }
    if (problems.isEmpty() && values.get(view.eventTime()) == null) {
      problems.add("event time column \"" + view.eventTime() + "\" is null");
    }
    check(problems, "a row pushed");
    @Nullable Object[] keys =
        view.keys().stream().map(key -> values.get(key.name())).toArray(Object[]::new);
    @Nullable Object[] columns =
        view.columns().stream().map(column -> values.get(column.name())).toArray(Object[]::new);
    Instant eventTime = (Instant) values.get(view.eventTime());
    return new FeatureEvent(
        EntityKey.of(view, keys), Micros.of(required(eventTime)), Long.MAX_VALUE, id, columns);
  }

  /** The events of a dataset's rows; all rows are checked first. */
  List<FeatureEvent> events(Dataset rows) {
    checkColumns(rows);
    Column time = rows.column(view.eventTime());
    Optional<Column> known = view.knownTime().map(rows::column);
    Optional<Column> ids = view.eventId().map(rows::column);
    checkValues(rows, time, known, ids);
    String source = ids.isPresent() ? "" : rows.digest().hex().substring(0, DIGEST_DIGITS) + ":";
    long delay = Micros.of(view.availableAfter());
    List<Column> keys = view.keys().stream().map(key -> rows.column(key.name())).toList();
    List<Column> columns = view.columns().stream().map(c -> rows.column(c.name())).toList();
    Map<List<Object>, EntityKey> distinct = new HashMap<>();
    List<FeatureEvent> events = new ArrayList<>(rows.rowCount());
    for (int row = 0; row < rows.rowCount(); row++) {
      long eventTime = micros(time, row);
      EntityKey key =
          distinct.computeIfAbsent(
              values(keys, row), values -> EntityKey.of(view, values.toArray()));
      @Nullable Object[] values = new @Nullable Object[columns.size()];
      for (int i = 0; i < values.length; i++) {
        values[i] = widened(view.columns().get(i), columns.get(i).get(row));
      }
      int number = row;
      events.add(
          new FeatureEvent(
              key,
              eventTime,
              known.isPresent() ? micros(known.get(), row) : Micros.plus(eventTime, delay),
              ids.map(column -> String.valueOf(column.get(number)))
                  .orElseGet(() -> source + String.format(Locale.ROOT, "%010d", number)),
              values));
    }
    return events;
  }

  private void checkColumns(Dataset rows) {
    List<String> problems = new ArrayList<>();
    for (Field field : needed) {
      checkColumn(rows, field.name(), field.type(), problems);
    }
    view.knownTime().ifPresent(column -> checkColumn(rows, column, ColumnType.TIMESTAMP, problems));
    view.eventId()
        .ifPresent(
            column -> {
              if (!rows.schema().contains(column)) {
                checkColumn(rows, column, ColumnType.STRING, problems);
              } else if (rows.schema().field(column).type() != ColumnType.INT64) {
                checkColumn(rows, column, ColumnType.STRING, problems);
              }
            });
    addSensitive(rows.schema().sensitive(), problems);
    check(problems, "the dataset (it has: " + rows.schema() + ")");
  }

  /** Refuses rows of which a sensitive column is a feature, or what one is computed of. */
  void checkSensitive(Set<String> sensitive) {
    List<String> problems = new ArrayList<>();
    addSensitive(sensitive, problems);
    check(problems, "a row pushed");
  }

  private void addSensitive(Set<String> sensitive, List<String> problems) {
    for (FeatureView.Feature feature : view.features()) {
      Aggregation window = feature.window();
      String column = window == null ? feature.name() : window.column();
      if (column != null && sensitive.contains(column)) {
        problems.add(
            "column \""
                + column
                + "\" is sensitive and cannot be a feature"
                + (window == null ? "" : " (\"" + feature.name() + "\" is " + window + ")")
                + ", because features are kept in golden rows");
      }
    }
  }

  private void checkColumn(Dataset rows, String column, ColumnType type, List<String> problems) {
    if (!rows.schema().contains(column)) {
      problems.add("column \"" + column + "\" " + type + " is absent");
      return;
    }
    ColumnType found = rows.schema().field(column).type();
    boolean widens = type == ColumnType.FLOAT64 && found == ColumnType.INT64;
    if (found != type && !widens) {
      problems.add("column \"" + column + "\" is " + type + " in the view, found " + found);
    }
  }

  private void checkValues(
      Dataset rows, Column time, Optional<Column> known, Optional<Column> ids) {
    List<String> problems = new ArrayList<>();
    for (Field key : view.keys()) {
      checkPresent(key.name(), rows.column(key.name()), problems);
    }
    checkPresent(view.eventTime(), time, problems);
    known.ifPresent(column -> checkPresent(view.knownTime().orElse(""), column, problems));
    ids.ifPresent(column -> checkPresent(view.eventId().orElse(""), column, problems));
    check(problems, "the dataset");
  }

  private static void checkPresent(String name, Column column, List<String> problems) {
    if (column.missingCount() == 0) {
      return;
    }
    List<Integer> found = new ArrayList<>();
    for (int row = 0; row < column.size() && found.size() < MOST_PROBLEMS; row++) {
      if (column.isMissing(row)) {
        found.add(row);
      }
    }
    problems.add(
        "column \""
            + name
            + "\" is null in "
            + column.missingCount()
            + " rows, and must not be; from 0, the first are: "
            + found);
  }

  private void check(List<String> problems, String what) {
    if (!problems.isEmpty()) {
      throw new FeatureDataException(
          view.name(),
          what + " does not fit, nothing was stored:\n- " + String.join("\n- ", problems));
    }
  }

  private static @Nullable Object fitted(
      Field field, @Nullable Object value, List<String> problems) {
    if (value == null) {
      return null;
    }
    Object fitted = value;
    if (value instanceof Enum<?> constant) {
      fitted = constant.name();
    } else if (value instanceof Integer || value instanceof Short || value instanceof Byte) {
      fitted = ((Number) value).longValue();
    } else if (value instanceof Float number) {
      fitted = number.doubleValue();
    }
    Object widened = widened(field, fitted);
    if (widened != null && !field.type().javaType().isInstance(widened)) {
      problems.add(
          "column \""
              + field.name()
              + "\" is "
              + field.type()
              + ", found a "
              + value.getClass().getSimpleName());
    }
    if (widened instanceof String text && !Unicode.isText(text)) {
      problems.add("column \"" + field.name() + "\" " + Unicode.PROBLEM);
    }
    if (widened instanceof Instant instant && !Micros.isTime(instant)) {
      problems.add("column \"" + field.name() + "\" " + Micros.BEYOND);
      return null;
    }
    // Stores keep time to the microsecond, so no one may see it finer.
    return widened instanceof Instant instant ? Timestamps.fromMicros(Micros.of(instant)) : widened;
  }

  private static @Nullable Object widened(Field field, @Nullable Object value) {
    return field.type() == ColumnType.FLOAT64 && value instanceof Long integer
        ? (Object) integer.doubleValue()
        : value;
  }

  private static boolean isId(Object value) {
    return value instanceof String
        || value instanceof Long
        || value instanceof Integer
        || value instanceof Short;
  }

  private static long micros(Column column, int row) {
    return ((TimestampColumn) column).microsAt(row);
  }

  private static List<Object> values(List<Column> columns, int row) {
    return new AbstractList<>() {
      @Override
      public Object get(int index) {
        return required(columns.get(index).get(row));
      }

      @Override
      public int size() {
        return columns.size();
      }
    };
  }

  private static <V> V required(@Nullable V value) {
    if (value == null) {
      throw new IllegalStateException("a value that was checked to be there is null");
    }
    return value;
  }
}
