package dev.mlops4j.testkit;

import dev.mlops4j.tracking.Filter;
import dev.mlops4j.tracking.MetricField;
import dev.mlops4j.tracking.Operator;
import dev.mlops4j.tracking.Order;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.TextField;
import dev.mlops4j.tracking.TimeField;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Filters and orders of all kinds, over keys and values that are few, so that some runs match. */
final class RandomSearch {

  static final Instant START = Instant.parse("2026-01-01T00:00:00.123456Z");

  /** Keys and texts that break whatever takes them for SQL, a pattern or one byte a character. */
  static final List<String> TEXTS =
      List.of(
          "6",
          "10",
          "a",
          "A",
          "",
          "'; DROP TABLE run; --",
          "50%",
          "50_",
          "50\\",
          "[a]*?",
          "größe",
          "GRÖSSE",
          "GrÖßE",
          "🛫b",
          "`\"'",
          "x".repeat(99) + "🛫y",
          "x".repeat(99) + "🛫z",
          "line\nbreak\ttab",
          "?1 $1 :a {fn}");

  static final List<String> KEYS = List.of("depth", "odd ' \" ` ; -- ? key", "größe/🛫");

  static final List<Double> NUMBERS =
      List.of(
          Double.NaN,
          Double.POSITIVE_INFINITY,
          Double.NEGATIVE_INFINITY,
          0.0,
          -0.0,
          0.5,
          0.1 + 0.2,
          -3.0,
          Double.MIN_VALUE,
          Double.MAX_VALUE);

  private static final List<String> PATTERNS =
      List.of(
          "%",
          "_", "", "a%", "%A%", "50\\%", "50\\_", "50\\\\", "50_", "[a]%", "gr_ße", "GR%", "_b",
          "%x__", "run-%", "%;%", "%\n%", "x%y%z", "%%%");

  private final Random random;

  RandomSearch(long seed) {
    this.random = new Random(seed);
  }

  <T> T oneOf(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  boolean chance(double probability) {
    return random.nextDouble() < probability;
  }

  int upTo(int most) {
    return random.nextInt(most + 1);
  }

  /** A filter whose parts stand at most so deep within each other. */
  Filter filter(int depth) {
    if (depth <= 1 || chance(0.3)) {
      return condition();
    }
    if (chance(0.25)) {
      return filter(depth - 1).not();
    }
    List<Filter> parts = new ArrayList<>();
    for (int i = 0; i < 2 + upTo(2); i++) {
      parts.add(filter(depth - 1));
    }
    return chance(0.5) ? new Filter.And(parts) : new Filter.Or(parts);
  }

  List<Order> order() {
    List<Order> order = new ArrayList<>();
    for (int i = upTo(3); i > 0; i--) {
      SearchField field = field();
      boolean ofDatasets = field.toString().startsWith("dataset");
      order.add(new Order(ofDatasets ? SearchField.metric(oneOf(KEYS)) : field, chance(0.5)));
    }
    return order;
  }

  private Filter condition() {
    SearchField field = field();
    if (chance(0.1)) {
      return new Filter.NullTest(field, chance(0.5));
    }
    Operator operator = oneOf(List.of(Operator.values()));
    if (field instanceof MetricField metric) {
      double value = oneOf(NUMBERS);
      boolean ordered = operator != Operator.EQUAL && operator != Operator.NOT_EQUAL;
      return new Filter.MetricComparison(
          metric, operator, ordered && Double.isNaN(value) ? 0.25 : value);
    }
    if (field instanceof TimeField time) {
      return new Filter.TimeComparison(time, operator, START.plusSeconds(upTo(6)));
    }
    TextField text = (TextField) field;
    if (chance(0.3)) {
      return new Filter.Like(text, oneOf(PATTERNS), chance(0.5), chance(0.3));
    }
    List<String> values = new ArrayList<>();
    for (int i = 0; i < 1 + upTo(chance(0.5) ? 0 : 3); i++) {
      values.add(
          switch (text.kind()) {
            case STATUS -> oneOf(List.of(RunStatus.values())).name();
            case PARENT_RUN_ID -> "run-" + upTo(6);
            default -> oneOf(TEXTS);
          });
    }
    return new Filter.OneOf(text, values, chance(0.3));
  }

  private SearchField field() {
    if (chance(0.35)) {
      return SearchField.metric(oneOf(KEYS));
    }
    if (chance(0.15)) {
      return oneOf(List.of(TimeField.values()));
    }
    TextField.Kind kind = oneOf(List.of(TextField.Kind.values()));
    boolean keyed = kind == TextField.Kind.PARAM || kind == TextField.Kind.TAG;
    return new TextField(kind, keyed ? oneOf(KEYS) : "");
  }
}
