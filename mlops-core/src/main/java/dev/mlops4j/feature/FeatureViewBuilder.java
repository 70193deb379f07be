package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Collects and checks the definition of a view. */
final class FeatureViewBuilder implements FeatureView.Builder {

  private static final Set<ColumnType> KEY_TYPES =
      Set.of(ColumnType.STRING, ColumnType.INT64, ColumnType.BOOLEAN);
  private static final Set<ColumnType> NUMERIC =
      Set.of(ColumnType.FLOAT64, ColumnType.INT64, ColumnType.BOOLEAN);

  final String name;
  final List<Field> keys = new ArrayList<>();
  final List<Field> columns = new ArrayList<>();
  Duration availableAfter = Duration.ZERO;
  @Nullable String knownTime;
  @Nullable String eventId;
  @Nullable Duration ttl;
  @Nullable Duration retention;
  String description = "";
  String owner = "";
  final Set<String> tags = new LinkedHashSet<>();

  private final List<FeatureView.Feature> features = new ArrayList<>();
  private final List<String> problems = new ArrayList<>();
  private final Map<String, Object> defaults = new LinkedHashMap<>();
  private final Set<String> sensitive = new LinkedHashSet<>();
  private @Nullable String eventTime;
  private @Nullable Duration statedDelay;

  FeatureViewBuilder(String name) {
    this.name = name;
    Names.check("the view", name, problems);
  }

  @Override
  public FeatureView.Builder key(String column, ColumnType type) {
    Names.check("a key column", column, problems);
    if (!KEY_TYPES.contains(type)) {
      problems.add(
          "key column \"" + column + "\" is " + type + "; a key is STRING, INT64 or BOOLEAN");
    }
    add(keys, column, type);
    return this;
  }

  @Override
  public FeatureView.Builder eventTime(String column) {
    Names.check("the event time's column", column, problems);
    checkOnce("eventTime", eventTime, column);
    eventTime = column;
    return this;
  }

  @Override
  public FeatureView.Builder availableAfter(Duration delay) {
    checkOnce("availableAfter", statedDelay, delay);
    if (delay.isNegative() || !Micros.isWhole(delay)) {
      problems.add("availableAfter is " + delay + "; it is zero or more, of whole microseconds");
    }
    availableAfter = delay;
    statedDelay = delay;
    return this;
  }

  @Override
  public FeatureView.Builder knownTime(String column) {
    Names.check("the known time's column", column, problems);
    checkOnce("knownTime", knownTime, column);
    knownTime = column;
    return this;
  }

  @Override
  public FeatureView.Builder eventId(String column) {
    Names.check("the event id's column", column, problems);
    checkOnce("eventId", eventId, column);
    eventId = column;
    return this;
  }

  @Override
  public FeatureView.Builder ttl(Duration ttl) {
    checkOnce("ttl", this.ttl, ttl);
    checkPositive("ttl", ttl);
    this.ttl = ttl;
    return this;
  }

  @Override
  public FeatureView.Builder retention(Duration retention) {
    checkOnce("retention", this.retention, retention);
    checkPositive("retention", retention);
    this.retention = retention;
    return this;
  }

  @Override
  public FeatureView.Builder feature(String column, ColumnType type) {
    column(column, type);
    features.add(new FeatureView.Feature(column, type, null, null));
    return this;
  }

  @Override
  public FeatureView.Builder feature(String name, Aggregation aggregation) {
    Names.check("a feature", name, problems);
    features.add(new FeatureView.Feature(name, ColumnType.FLOAT64, aggregation, null));
    return this;
  }

  @Override
  public FeatureView.Builder column(String column, ColumnType type) {
    Names.check("a column", column, problems);
    add(columns, column, type);
    return this;
  }

  @Override
  public FeatureView.Builder defaultValue(String feature, Object value) {
    checkOnce("the default of \"" + feature + "\"", defaults.put(feature, value), value);
    return this;
  }

  @Override
  public FeatureView.Builder sensitive(String column) {
    sensitive.add(column);
    return this;
  }

  @Override
  public FeatureView.Builder description(String description) {
    checkOnce("description", this.description.isEmpty() ? null : this.description, description);
    this.description = description;
    return this;
  }

  @Override
  public FeatureView.Builder owner(String owner) {
    checkOnce("owner", this.owner.isEmpty() ? null : this.owner, owner);
    this.owner = owner;
    return this;
  }

  @Override
  public FeatureView.Builder tag(String tag) {
    Names.check("a tag", tag, problems);
    tags.add(tag);
    return this;
  }

  @Override
  public FeatureView build() {
    List<String> all = new ArrayList<>(problems);
    markSensitive(all);
    if (keys.isEmpty()) {
      all.add("it has no key; state one with key(column, type)");
    }
    if (eventTime == null) {
      all.add("it has no event time; state its column with eventTime(column)");
    }
    if (features.isEmpty()) {
      all.add("it has no feature; state one with feature(...)");
    }
    checkColumns(all);
    checkSpans(all);
    List<FeatureView.Feature> typed = withDefaults(typed(all), all);
    FeatureDefinitionException.throwIfAny("view \"" + name + "\"", all);
    return new FeatureView(this, typed);
  }

  String eventTimeOrThrow() {
    if (eventTime == null) {
      throw new IllegalStateException("a view without event time passed the checks");
    }
    return eventTime;
  }

  private void checkOnce(String setting, @Nullable Object before, Object now) {
    if (before != null) {
      problems.add(setting + " is stated twice: " + shown(before) + " and " + shown(now));
    }
  }

  private static String shown(Object value) {
    return value instanceof String column ? "\"" + column + "\"" : value.toString();
  }

  private void checkPositive(String setting, Duration value) {
    if (value.isNegative() || value.isZero() || !Micros.isWhole(value)) {
      problems.add(
          setting
              + " is "
              + value
              + "; it is positive, of whole microseconds; leave it out for no"
              + " limit");
    }
  }

  private void add(List<Field> fields, String column, ColumnType type) {
    if (!column.isBlank()) {
      fields.add(new Field(column, type, false, false));
    }
  }

  private void checkColumns(List<String> all) {
    Set<String> seen = new HashSet<>();
    if (eventTime != null) {
      seen.add(eventTime);
    }
    if (knownTime != null && !seen.add(knownTime)) {
      all.add("column \"" + knownTime + "\" is declared twice");
    }
    List<Field> declared = new ArrayList<>(keys);
    declared.addAll(columns);
    for (Field field : declared) {
      if (!seen.add(field.name())) {
        all.add("column \"" + field.name() + "\" is declared twice");
      }
    }
    Set<String> names = new HashSet<>();
    for (FeatureView.Feature feature : features) {
      if (!names.add(feature.name())) {
        all.add("feature \"" + feature.name() + "\" is declared twice");
      }
    }
  }

  private void checkSpans(List<String> all) {
    if (retention == null) {
      return;
    }
    if (ttl != null && retention.compareTo(ttl) < 0) {
      all.add("retention " + retention + " is shorter than ttl " + ttl);
    }
    for (FeatureView.Feature feature : features) {
      Aggregation window = feature.window();
      if (window != null && retention.compareTo(window.window()) < 0) {
        all.add(
            "retention "
                + retention
                + " is shorter than the window of feature \""
                + feature.name()
                + "\", "
                + window.window());
      }
    }
  }

  private List<FeatureView.Feature> typed(List<String> all) {
    List<FeatureView.Feature> typed = new ArrayList<>();
    for (FeatureView.Feature feature : features) {
      Aggregation window = feature.window();
      if (window == null) {
        typed.add(feature);
        continue;
      }
      ColumnType columnType = null;
      String column = window.column();
      if (column != null) {
        columnType = columnType(column);
        if (columnType == null) {
          all.add(
              "feature \""
                  + feature.name()
                  + "\" is "
                  + window
                  + ", but there is no column \""
                  + column
                  + "\"; declare it with column(\""
                  + column
                  + "\", type)");
        } else if (window.function().isNumeric() && !NUMERIC.contains(columnType)) {
          all.add(
              "feature \""
                  + feature.name()
                  + "\" is "
                  + window
                  + ", but column \""
                  + column
                  + "\" is "
                  + columnType
                  + "; it must be FLOAT64, INT64 or BOOLEAN");
        } else if (window.function() == Aggregation.Function.DISTINCT_COUNT
            && columnType.kind() == ColumnType.Kind.FLOATS) {
          all.add(
              "feature \""
                  + feature.name()
                  + "\" is "
                  + window
                  + ", but column \""
                  + column
                  + "\" is "
                  + columnType
                  + "; of arrays there are first, last and count() alone");
        }
      }
      checkConditions(feature.name(), window, all);
      typed.add(new FeatureView.Feature(feature.name(), window.type(columnType), window, null));
    }
    return typed;
  }

  private void markSensitive(List<String> all) {
    for (String column : sensitive) {
      if (!mark(keys, column) && !mark(columns, column)) {
        all.add(
            "column \"" + column + "\" is sensitive, but there is no key or column of this name");
      }
    }
    for (FeatureView.Feature feature : features) {
      Aggregation window = feature.window();
      if (window == null
          ? sensitive.contains(feature.name())
          : sensitive.contains(window.column()) && !window.function().isCount()) {
        all.add(
            "feature \""
                + feature.name()
                + "\" tells values of a sensitive column; only counts can be taken of it");
      }
    }
  }

  private static boolean mark(List<Field> fields, String column) {
    boolean found = false;
    for (int i = 0; i < fields.size(); i++) {
      Field field = fields.get(i);
      if (field.name().equals(column)) {
        fields.set(i, new Field(column, field.type(), field.required(), true));
        found = true;
      }
    }
    return found;
  }

  private List<FeatureView.Feature> withDefaults(
      List<FeatureView.Feature> typed, List<String> all) {
    Set<String> unused = new LinkedHashSet<>(defaults.keySet());
    List<FeatureView.Feature> complete = new ArrayList<>();
    for (FeatureView.Feature feature : typed) {
      Object given = defaults.get(feature.name());
      if (given == null) {
        complete.add(feature);
        continue;
      }
      unused.remove(feature.name());
      Object value = widened(feature.type(), given);
      if (feature.window() != null) {
        all.add(
            "feature \""
                + feature.name()
                + "\" is "
                + feature.window()
                + " and cannot have a default; a window without events is 0 or null");
      } else if (!isOf(feature.type(), value)) {
        all.add(
            "the default of feature \""
                + feature.name()
                + "\" is a "
                + given.getClass().getSimpleName()
                + (value instanceof Floats array ? " of " + array.length() + " elements" : "")
                + ", the feature is "
                + feature.type());
      }
      complete.add(new FeatureView.Feature(feature.name(), feature.type(), null, value));
    }
    for (String feature : unused) {
      all.add("there is a default for \"" + feature + "\", but no feature of this name");
    }
    return complete;
  }

  private static boolean isOf(ColumnType type, Object value) {
    return type.javaType().isInstance(value)
        && (!(value instanceof Floats array) || array.length() == type.length());
  }

  private static Object widened(ColumnType type, Object value) {
    if (value instanceof float[] elements) {
      return Floats.of(elements);
    }
    if (type == ColumnType.FLOAT64 && value instanceof Number number) {
      return number.doubleValue();
    }
    return type == ColumnType.INT64 && value instanceof Integer integer
        ? (Object) integer.longValue()
        : value;
  }

  private void checkConditions(String feature, Aggregation window, List<String> all) {
    for (Condition condition : window.conditions()) {
      ColumnType type = columnType(condition.column());
      if (type == null) {
        all.add(
            "feature \""
                + feature
                + "\" has the condition "
                + condition
                + ", but there is no such column; declare it with column(...)");
      } else if (!condition.kind().equals(kind(type))) {
        all.add(
            "feature \""
                + feature
                + "\" has the condition "
                + condition
                + ", but the column is "
                + type);
      }
    }
  }

  private static String kind(ColumnType type) {
    return switch (type.kind()) {
      case FLOAT64, INT64 -> "number";
      case BOOLEAN -> "boolean";
      case STRING -> "string";
      case TIMESTAMP -> "instant";
      case FLOATS -> "array";
    };
  }

  private @Nullable ColumnType columnType(String column) {
    return columns.stream()
        .filter(field -> field.name().equals(column))
        .map(Field::type)
        .findFirst()
        .orElse(null);
  }
}
