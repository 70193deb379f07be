package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.count;
import static dev.mlops4j.feature.Aggregation.distinctCount;
import static dev.mlops4j.feature.Aggregation.first;
import static dev.mlops4j.feature.Aggregation.last;
import static dev.mlops4j.feature.Aggregation.max;
import static dev.mlops4j.feature.Aggregation.mean;
import static dev.mlops4j.feature.Aggregation.min;
import static dev.mlops4j.feature.Aggregation.standardDeviation;
import static dev.mlops4j.feature.Aggregation.sum;
import static dev.mlops4j.feature.Condition.atLeast;
import static dev.mlops4j.feature.Condition.atMost;
import static dev.mlops4j.feature.Condition.equal;
import static dev.mlops4j.feature.Condition.greater;
import static dev.mlops4j.feature.Condition.less;
import static dev.mlops4j.feature.Condition.notEqual;
import static dev.mlops4j.feature.Condition.oneOf;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Schema;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * A view, events of it and questions about it, all of them random: few keys and minutes, so that
 * there are ties; late events, repeated ids, or none stated and repeated events, nulls, NaNs;
 * questions at the edges of all that the view states, to the microsecond, and around the changes of
 * a zone's clocks.
 */
final class RandomCase {

  /** An embedding, small enough that a failure can be read. */
  static final ColumnType VECTOR = ColumnType.floats(3);

  static final Schema SCHEMA =
      Schema.builder()
          .optional("a", STRING)
          .optional("b", INT64)
          .optional("time", TIMESTAMP)
          .optional("known", TIMESTAMP)
          .optional("id", STRING)
          .optional("number", FLOAT64)
          .optional("text", STRING)
          .optional("whole", INT64)
          .optional("truth", BOOLEAN)
          .optional("vector", VECTOR)
          .build();

  private static final ZoneId NEW_YORK = ZoneId.of("America/New_York");
  private static final LocalDateTime SPRING = LocalDateTime.parse("2013-03-10T00:30:00");
  private static final LocalDateTime AUTUMN = LocalDateTime.parse("2013-11-03T00:30:00");
  private static final int MINUTES = 240;

  /** A question; one without a part of the key has what a key without events has. */
  record Question(@Nullable String a, @Nullable Long b, Instant at, boolean label) {}

  final Random random;
  final FeatureView view;
  final FeatureSet<Question> set;
  final List<ReferenceFeatures.Event> events;
  final List<Question> questions;

  /** Where the case's time begins: all events, known times and questions are after it. */
  final Instant start;

  /** After all of the case. */
  final Instant end;

  private final LocalDateTime localStart;

  private RandomCase(String name, Random random, boolean knownTime) {
    this.random = random;
    this.localStart = random.nextBoolean() ? SPRING : AUTUMN;
    this.start = localStart.atZone(NEW_YORK).toInstant().minus(Duration.ofHours(1));
    this.end = start.plus(Duration.ofDays(2));
    this.view = view(name, random, knownTime);
    this.set = set();
    this.events = events();
    this.questions = questions();
  }

  /** Events are known when they are pushed. */
  static RandomCase pushed(int seed) {
    return new RandomCase("pushed_" + seed, random(seed), false);
  }

  /** Events have a column that says when they were known. */
  static RandomCase ingested(int seed) {
    return new RandomCase("ingested_" + seed, random(seed + 1_000_000L), true);
  }

  /** As ingested, with each stated id once; without NaN and -0.0, which SQLite does not keep. */
  static RandomCase table(int seed) {
    RandomCase made = new RandomCase("table_" + seed, random(seed + 2_000_000L), true);
    Set<String> ids = new HashSet<>();
    made.events.removeIf(event -> !ids.add(event.id())); // those that none states have their own
    for (ReferenceFeatures.Event event : made.events) {
      event.row().replace("number", Double.NaN, null);
      event.row().replace("number", -0.0, 0.0);
    }
    return made;
  }

  /** Neighbouring seeds of a Random begin with the same bits, so they are mixed first. */
  private static Random random(long seed) {
    return new Random(new SplittableRandom(seed).nextLong());
  }

  private FeatureSet<Question> set() {
    FeatureSet.Builder<Question> set =
        FeatureSet.named("set", Question.class)
            .at(Question::at)
            .lookup(view.as("v"), Question::a, Question::b);
    if (random.nextBoolean()) {
      // Computed of what was looked up.
      set.numeric("age", RandomCase::age).categorical("origin", (question, found) -> question.a());
      if (view.features().stream().anyMatch(feature -> feature.name().equals("vector"))) {
        set.numeric("norm", RandomCase::norm);
      }
    }
    return set.build();
  }

  private static double norm(Question question, LookedUp found) {
    Floats vector = found.floats("v.vector");
    return vector == null ? Double.NaN : vector.norm();
  }

  private static double age(Question question, LookedUp found) {
    return found
        .eventTime("v")
        .map(time -> Duration.between(time, question.at()).toNanos() / 1e3)
        .orElse(Double.NaN);
  }

  /** What the view states, to see a failure by. */
  @Override
  public String toString() {
    return view.definition();
  }

  static Dataset dataset(List<ReferenceFeatures.Event> events) {
    DatasetBuilder rows = Dataset.builder(SCHEMA);
    for (ReferenceFeatures.Event event : events) {
      rows.add(SCHEMA.names().stream().map(event.row()::get).toArray());
    }
    return rows.build();
  }

  static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }

  private static FeatureView view(String name, Random random, boolean knownTime) {
    FeatureView.Builder view =
        FeatureView.named(name)
            .key("a", STRING)
            .key("b", INT64)
            .eventTime("time")
            // Often longer than the ttl and than windows.
            .availableAfter(minutes(random.nextBoolean() ? 0 : random.nextInt(90)));
    if (random.nextBoolean()) {
      view.eventId("id");
    }
    if (random.nextBoolean()) {
      view.ttl(minutes(1 + random.nextInt(60)));
    }
    if (random.nextInt(3) == 0) {
      view.retention(minutes(120 + random.nextInt(60)));
    }
    if (knownTime) {
      view.knownTime("known");
    }
    int kind = random.nextInt(3);
    if (kind != 0) {
      view.feature("number", FLOAT64).feature("text", STRING).feature("truth", BOOLEAN);
      view.feature("vector", VECTOR);
      if (random.nextBoolean()) {
        view.defaultValue("number", -1.5).defaultValue("text", "none").defaultValue("truth", true);
        view.defaultValue("vector", new float[] {0.5f, -0.0f, Float.MIN_VALUE});
      }
    } else {
      view.column("number", FLOAT64).column("text", STRING).column("truth", BOOLEAN);
      view.column("vector", VECTOR);
    }
    view.column("whole", INT64);
    if (kind != 1) {
      view.feature("mean", mean("number").over(window(random)))
          .feature("sum", sum("number").over(window(random)))
          .feature("min", min("whole").over(window(random)))
          .feature("max", max("number").over(window(random)))
          .feature("share", mean("truth").over(window(random)))
          .feature("count", count().over(window(random)))
          .feature("last", last("text").over(window(random)))
          .feature("last_vector", last("vector").over(window(random)))
          .feature("first_vector", first("vector").over(window(random)))
          .feature("first", first("whole").over(window(random)))
          .feature("deviation", standardDeviation("number").over(window(random)))
          .feature("texts", distinctCount("text").over(window(random)))
          .feature("numbers", distinctCount("number").over(window(random)))
          .feature("true_mean", mean("number").where(equal("truth", true)).over(window(random)))
          .feature(
              "some_last",
              last("whole")
                  .where(greater("number", 0.1))
                  .where(oneOf("text", "t1", "t2"))
                  .over(window(random)))
          .feature("others", count().where(notEqual("text", "t1")).over(window(random)))
          .feature("not_zero", count().where(notEqual("number", 0)).over(window(random)))
          .feature("lower", sum("whole").where(condition(random, "number")).over(window(random)))
          .feature(
              "by_text",
              distinctCount("whole").where(condition(random, "text")).over(window(random)))
          .feature("by_whole", count().where(condition(random, "whole")).over(window(random)));
    }
    return view.build();
  }

  /** An order, with an operand that values are sometimes equal to. */
  private static Condition condition(Random random, String column) {
    Object operand =
        switch (column) {
          case "number" ->
              List.of(0.0, -0.0, 1e17, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 0.5)
                  .get(random.nextInt(6));
          case "text" -> "t" + random.nextInt(4);
          default -> (long) random.nextInt(100);
        };
    return switch (random.nextInt(4)) {
      case 0 -> less(column, operand);
      case 1 -> atMost(column, operand);
      case 2 -> greater(column, operand);
      default -> atLeast(column, operand);
    };
  }

  private static Duration window(Random random) {
    return minutes(1 + random.nextInt(60));
  }

  private List<ReferenceFeatures.Event> events() {
    List<ReferenceFeatures.Event> made = new ArrayList<>();
    int size = random.nextInt(80);
    for (int i = 0; i < size; i++) {
      boolean repeated = random.nextInt(10) == 0 && !made.isEmpty();
      String id =
          repeated
              ? made.get(random.nextInt(made.size())).id()
              : "id" + random.nextInt(10) + "_" + i;
      if (repeated && view.eventId().isEmpty()) {
        made.add(again(made.get(random.nextInt(made.size())), i));
        continue;
      }
      Instant time = time(MINUTES);
      int delay = random.nextInt(3) == 0 ? random.nextInt(90) : random.nextInt(3) - 1;
      Instant known = time.plus(minutes(delay));
      Map<String, Object> row = new HashMap<>();
      row.put("a", random.nextBoolean() ? "1" : "12");
      row.put("b", random.nextBoolean() ? 3L : 23L);
      row.put("time", time);
      row.put("known", known);
      row.put("id", id);
      row.put("number", number(random));
      row.put("text", random.nextInt(6) == 0 ? null : "t" + random.nextInt(4));
      row.put("whole", random.nextInt(6) == 0 ? null : (long) random.nextInt(100));
      row.put("truth", random.nextInt(6) == 0 ? null : random.nextBoolean());
      row.put("vector", random.nextInt(6) == 0 ? null : vector(random));
      made.add(new ReferenceFeatures.Event(row, known, id));
    }
    return made;
  }

  /** The same event once more, in a column of which the view knows nothing another one. */
  private static ReferenceFeatures.Event again(ReferenceFeatures.Event event, int number) {
    Map<String, Object> row = new HashMap<>(event.row());
    row.put("id", "again" + number);
    return new ReferenceFeatures.Event(row, event.known(), "again" + number);
  }

  /** A local time as an instant: some of them the clocks skip, some they show twice. */
  private Instant time(int within) {
    ZonedDateTime local = localStart.plus(minutes(random.nextInt(within))).atZone(NEW_YORK);
    Instant time = (random.nextBoolean() ? local.withLaterOffsetAtOverlap() : local).toInstant();
    return random.nextInt(10) == 0 ? micros(time, random.nextInt(3) - 1) : time;
  }

  static Object number(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> Double.NaN;
      case 1, 2 -> null;
      case 3 -> -0.0;
      case 4 -> 1e17;
      case 5 -> random.nextBoolean() ? Double.POSITIVE_INFINITY : Double.NEGATIVE_INFINITY;
      default -> random.nextGaussian();
    };
  }

  static Floats vector(Random random) {
    float[] elements = new float[VECTOR.length()];
    for (int i = 0; i < elements.length; i++) {
      elements[i] =
          switch (random.nextInt(15)) {
            case 0 -> Float.NaN;
            case 1 -> -0.0f;
            case 2 -> Float.POSITIVE_INFINITY;
            case 3 -> Float.MIN_VALUE;
            default -> (float) random.nextGaussian();
          };
    }
    return Floats.of(elements);
  }

  private List<Question> questions() {
    List<Question> made = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      String a = random.nextBoolean() ? "1" : "12";
      Long b = random.nextBoolean() ? 3L : 23L;
      Instant at = time(MINUTES + 60);
      if (!events.isEmpty() && random.nextBoolean()) {
        ReferenceFeatures.Event event = events.get(random.nextInt(events.size()));
        a = (String) event.row().get("a");
        b = (Long) event.row().get("b");
        at = edge(event);
      }
      int odd = random.nextInt(25);
      made.add(
          new Question(
              odd == 0 ? null : odd == 1 ? "123" : a,
              odd == 2 ? null : odd == 3 ? (Long) 1L : b,
              at,
              random.nextBoolean()));
    }
    made.sort(Comparator.comparing(Question::at));
    return made;
  }

  /** A moment when something becomes of an event, or a microsecond before or after it. */
  private Instant edge(ReferenceFeatures.Event event) {
    List<Duration> spans = new ArrayList<>(List.of(Duration.ZERO, view.availableAfter()));
    view.ttl().ifPresent(spans::add);
    view.retention().ifPresent(spans::add);
    view.features().stream()
        .map(FeatureView.Feature::window)
        .filter(window -> window != null)
        .map(Aggregation::window)
        .forEach(spans::add);
    Instant time = event.time(view).plus(spans.get(random.nextInt(spans.size())));
    return micros(random.nextInt(6) == 0 ? event.known() : time, random.nextInt(3) - 1);
  }

  private static Instant micros(Instant time, int micros) {
    return time.plusNanos(micros * 1_000L);
  }
}
