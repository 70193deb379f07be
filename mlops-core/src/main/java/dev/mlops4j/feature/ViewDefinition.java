package dev.mlops4j.feature;

import dev.mlops4j.data.Field;
import dev.mlops4j.data.Floats;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * The canonical text of a view: a line an item, in a fixed order, names quoted (they have no
 * control characters), durations in microseconds. Its first line carries the version of this form.
 */
final class ViewDefinition {

  private static final String FORM = "feature-view 1";
  private static final String KEY = "key";
  private static final String RETENTION = "retention-us";

  private ViewDefinition() {}

  static String of(FeatureView view) {
    StringBuilder text = new StringBuilder(FORM).append('\n');
    line(text, "name", quoted(view.name()));
    for (Field key : view.keys()) {
      line(text, KEY, quoted(key.name()) + " " + key.type());
    }
    line(text, "event-time", quoted(view.eventTime()));
    line(text, "available-after-us", Long.toString(Micros.of(view.availableAfter())));
    view.knownTime().ifPresent(column -> line(text, "known-time", quoted(column)));
    view.eventId().ifPresent(column -> line(text, "event-id", quoted(column)));
    view.ttl().ifPresent(ttl -> line(text, "ttl-us", Long.toString(Micros.of(ttl))));
    view.retention().ifPresent(r -> line(text, RETENTION, Long.toString(Micros.of(r))));
    for (Field column : view.columns()) {
      line(text, "column", quoted(column.name()) + " " + column.type());
    }
    for (FeatureView.Feature feature : view.features()) {
      Object value = feature.defaultValue();
      line(
          text,
          "feature",
          quoted(feature.name())
              + " "
              + feature.type()
              + " "
              + source(feature)
              + (value == null ? "" : " default " + quoted(text(value))));
    }
    return text.toString();
  }

  /**
   * Whether two definitions have the same key columns, so that a key of the one is one of the
   * other.
   */
  static boolean haveSameKey(String one, String other) {
    return keys(one).equals(keys(other));
  }

  /** How many columns the key has. */
  static int keyColumns(String definition) {
    return keys(definition).size();
  }

  /** The retention in microseconds, if there is one. */
  static OptionalLong retention(String definition) {
    return lines(definition).stream()
        .filter(line -> line.startsWith(RETENTION + " "))
        .mapToLong(line -> Long.parseLong(line.substring(RETENTION.length() + 1)))
        .findFirst();
  }

  private static List<String> keys(String definition) {
    return lines(definition).stream().filter(line -> line.startsWith(KEY + " ")).toList();
  }

  /** The lines of the one that are not in the other, for people. */
  static String difference(String stored, String given) {
    List<String> before = lines(stored);
    List<String> now = lines(given);
    return Stream.concat(
            before.stream().filter(line -> !now.contains(line)).map(line -> "  stored: " + line),
            now.stream().filter(line -> !before.contains(line)).map(line -> "  given:  " + line))
        .collect(
            Collectors.collectingAndThen(
                Collectors.joining("\n"),
                lines -> lines.isEmpty() ? "  the same lines in another order" : lines));
  }

  /** On one line whatever is in it, because the definition is a line an item. */
  static String quoted(String text) {
    return '"'
        + text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n").replace("\r", "\\r")
        + '"';
  }

  private static String source(FeatureView.Feature feature) {
    return feature
        .aggregation()
        .map(
            window ->
                window.function()
                    + " of "
                    + (window.column() == null ? "events" : quoted(window.column()))
                    + window.conditions().stream()
                        .map(condition -> " where " + condition)
                        .collect(Collectors.joining())
                    + " over-us "
                    + Micros.of(window.window()))
        .orElse("latest");
  }

  /** An array by the bits of its elements, which have one text on every Java. */
  private static String text(Object value) {
    if (!(value instanceof Floats array)) {
      return value.toString();
    }
    return IntStream.range(0, array.length())
        .mapToObj(i -> Integer.toHexString(Float.floatToIntBits(array.at(i))))
        .collect(Collectors.joining(" "));
  }

  private static List<String> lines(String text) {
    return Arrays.asList(text.split("\n"));
  }

  private static void line(StringBuilder text, String item, String value) {
    text.append(item).append(' ').append(value).append('\n');
  }
}
