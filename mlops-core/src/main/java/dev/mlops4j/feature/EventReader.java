package dev.mlops4j.feature;

import dev.mlops4j.data.Column;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.PrimitiveIterator;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.StreamSupport;
import org.jspecify.annotations.Nullable;

/** Makes events of rows, and says what is wrong with rows that are none. */
final class EventReader {

  private static final int DIGEST_DIGITS = 16;

  private static final int ROW_DIGITS = 10;
  private static final int MOST_PROBLEMS = 10;

  private final FeatureView view;
  private final Rows read;
  private final List<Field> needed = new ArrayList<>();

  /**
   * Which rows are read, for messages.
   *
   * @param what a name for all of them
   * @param first the number of the first of them
   * @param stored what was stored of them if they do not fit
   */
  record Rows(String what, long first, String stored) {

    static final Rows OF_DATASET = new Rows("the dataset", 0, "nothing was stored");
  }

  /** Reads pushed rows, and whole datasets. */
  EventReader(FeatureView view) {
    this(view, Rows.OF_DATASET);
  }

  /** Reads one dataset, of these rows. */
  EventReader(FeatureView view, Rows read) {
    this.view = view;
    this.read = read;
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

  /**
   * The events of a dataset's rows, which are checked by this call, and made of them one by one
   * whenever they are gone through. Without a column for it, an event's id is the dataset's digest
   * and the row.
   */
  Iterable<FeatureEvent> events(Dataset rows) {
    String source =
        view.eventId().isPresent() ? "" : rows.digest().hex().substring(0, DIGEST_DIGITS) + ":";
    return events(rows, () -> (event, row) -> source + padded(row));
  }

  /**
   * The same of rows that may come again, in other batches and another order: without a column for
   * it, an event's id is made of all that the event says, so that equal rows are one event.
   */
  Iterable<FeatureEvent> eventsByContent(Dataset rows) {
    EventCodec codec = new EventCodec(view);
    Iterable<FeatureEvent> events =
        events(
            rows,
            () -> {
              ContentIds ids = new ContentIds(); // for one thread
              return (event, row) -> ids.of(codec, event);
            });
    return view.eventId().isPresent()
        ? events
        : new EventBatch(
            events,
            rows.rowCount(),
            new EventTimes(view, rows),
            () -> cells(view.keys(), rows, (field, column) -> CellWriter.ofKey(column)),
            () ->
                cells(
                    view.columns(),
                    rows,
                    (field, column) -> CellWriter.ofValues(field.type(), column)));
  }

  private static List<CellWriter> cells(
      List<Field> fields, Dataset rows, BiFunction<Field, Column, CellWriter> writer) {
    return fields.stream().map(field -> writer.apply(field, rows.column(field.name()))).toList();
  }

  private Iterable<FeatureEvent> events(
      Dataset rows, Supplier<BiFunction<FeatureEvent, Integer, String>> id) {
    check(rows);
    EventTimes times = new EventTimes(view, rows);
    Optional<Column> ids = view.eventId().map(rows::column);
    List<Column> keys = view.keys().stream().map(key -> rows.column(key.name())).toList();
    List<Column> columns = view.columns().stream().map(c -> rows.column(c.name())).toList();
    BiFunction<Integer, BiFunction<FeatureEvent, Integer, String>, FeatureEvent> maker =
        (row, idOf) -> {
          @Nullable Object[] values = new @Nullable Object[columns.size()];
          for (int i = 0; i < values.length; i++) {
            values[i] = widened(view.columns().get(i), columns.get(i).get(row));
          }
          FeatureEvent event =
              new FeatureEvent(
                  EntityKey.of(view, values(keys, row)),
                  times.eventTime(row),
                  times.known(row),
                  ids.isPresent() ? String.valueOf(ids.get().get(row)) : "",
                  values);
          return ids.isPresent() ? event : event.identified(idOf.apply(event, row));
        };
    return () -> {
      BiFunction<FeatureEvent, Integer, String> idOf = id.get();
      return IntStream.range(0, rows.rowCount()).mapToObj(row -> maker.apply(row, idOf)).iterator();
    };
  }

  /** Adds the events of a dataset's rows to an index; all rows are checked first. */
  void addTo(EventIndex.Builder index, Dataset rows) {
    check(rows);
    EventTimes times = new EventTimes(view, rows);
    List<Column> keys = view.keys().stream().map(key -> rows.column(key.name())).toList();
    StringColumn texts =
        keys.size() == 1 && keys.get(0) instanceof StringColumn column ? column : null;
    int[] groupOfCode = texts == null ? new int[0] : new int[texts.dictionary().size()];
    Arrays.fill(groupOfCode, -1);
    for (int row = 0; row < rows.rowCount(); row++) {
      int group;
      if (texts == null) {
        group = index.group(EntityKey.of(view, values(keys, row)));
      } else {
        int code = texts.codeAt(row);
        if (groupOfCode[code] < 0) {
          groupOfCode[code] = index.group(EntityKey.ofOne(view, texts.dictionary().get(code)));
        }
        group = groupOfCode[code];
      }
      index.add(group, times.eventTime(row), times.known(row));
    }
    index.addValues(
        view.columns().stream().map(column -> rows.column(column.name())).toList(),
        view.eventId().map(rows::column).orElse(null));
  }

  /** With as many digits as any row has, so that ids have the order of the rows. */
  private static String padded(int row) {
    String digits = Integer.toString(row);
    return "0".repeat(ROW_DIGITS - digits.length()) + digits;
  }

  /**
   * Refuses events that lie too far in the future to be true.
   *
   * @param latest the latest event time that is taken, in microseconds since the epoch
   */
  void checkFuture(Iterable<FeatureEvent> events, long latest) {
    List<Long> found = new ArrayList<>();
    long furthest = Long.MIN_VALUE;
    int count = 0;
    int row = 0;
    for (PrimitiveIterator.OfLong times = eventTimes(events).iterator(); times.hasNext(); row++) {
      long time = times.nextLong();
      if (time > latest) {
        count++;
        furthest = Math.max(furthest, time);
        if (found.size() < MOST_PROBLEMS) {
          found.add(read.first + row);
        }
      }
    }
    if (count > 0) {
      throw new FeatureDataException(
          view.name(),
          "of "
              + read.what
              + ", "
              + count
              + " events lie in the future, up to "
              + Timestamps.fromMicros(furthest)
              + ", and "
              + Timestamps.fromMicros(latest)
              + " is the last moment taken (see futureTolerance); counted from 0, the first rows are: "
              + found
              + "; "
              + read.stored);
    }
  }

  private static LongStream eventTimes(Iterable<FeatureEvent> events) {
    return events instanceof EventBatch batch
        ? IntStream.range(0, batch.size()).mapToLong(batch::eventTime)
        : StreamSupport.stream(events.spliterator(), false).mapToLong(FeatureEvent::eventTime);
  }

  private void check(Dataset rows) {
    checkColumns(rows);
    checkValues(
        rows,
        rows.column(view.eventTime()),
        view.knownTime().map(rows::column),
        view.eventId().map(rows::column));
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
    check(problems, read.what + " (with the columns " + rows.schema() + ")");
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
      boolean isCounted = window != null && window.function().isCount();
      if (column != null && !isCounted && sensitive.contains(column)) {
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
    check(problems, read.what);
  }

  private void checkPresent(String name, Column column, List<String> problems) {
    if (column.missingCount() == 0) {
      return;
    }
    List<Long> found = new ArrayList<>();
    for (int row = 0; row < column.size() && found.size() < MOST_PROBLEMS; row++) {
      if (column.isMissing(row)) {
        found.add(read.first + row);
      }
    }
    problems.add(
        "column \""
            + name
            + "\" is null in "
            + column.missingCount()
            + " rows, and must not be; counted from 0, the first are: "
            + found);
  }

  private void check(List<String> problems, String what) {
    if (!problems.isEmpty()) {
      throw new FeatureDataException(
          view.name(),
          what + " does not fit, " + read.stored + ":\n- " + String.join("\n- ", problems));
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
    if (fitted instanceof float[] elements) {
      fitted = Floats.of(elements);
    }
    Object widened = widened(field, fitted);
    if (widened instanceof Floats array
        && field.type().kind() == ColumnType.Kind.FLOATS
        && array.length() != field.type().length()) {
      problems.add(
          "column \""
              + field.name()
              + "\" is "
              + field.type()
              + ", found an array of "
              + array.length()
              + " elements");
    }
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

  private static @Nullable Object[] values(List<Column> columns, int row) {
    @Nullable Object[] values = new @Nullable Object[columns.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = columns.get(i).get(row);
    }
    return values;
  }

  private static <V> V required(@Nullable V value) {
    if (value == null) {
      throw new IllegalStateException("a value that was checked to be there is null");
    }
    return value;
  }
}
