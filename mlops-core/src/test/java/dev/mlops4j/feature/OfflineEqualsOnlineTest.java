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
import static dev.mlops4j.feature.Condition.equal;
import static dev.mlops4j.feature.Condition.greater;
import static dev.mlops4j.feature.Condition.oneOf;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random views, events and questions: what is served at the moment of each question, from every
 * kind of store, is what a training set has for it later, and what the plainest reading of the
 * rules says; to the bit.
 */
class OfflineEqualsOnlineTest {

  private static final int CASES = 250;
  private static final Instant START = Instant.parse("2013-03-10T00:00:00Z");
  private static final Duration LOOK_BACK = Duration.ofMinutes(40);

  record Question(String a, long b, Instant at, boolean label) {}

  @Test
  void whatWasServedIsWhatIsTrainedOn(@TempDir Path directory) {
    MutableClock clock = new MutableClock(START);
    try (Workspace workspace = Workspace.at(directory.resolve("one")).clock(clock).open();
        Workspace trimmedWorkspace = Workspace.at(directory.resolve("two")).clock(clock).open()) {
      FeatureStore sqlite = FeatureStore.in(workspace);
      FeatureStore trimmed =
          FeatureStore.builder(trimmedWorkspace)
              .online(new InMemoryOnlineStore())
              .lookBack(LOOK_BACK)
              .open();
      for (int seed = 0; seed < CASES; seed++) {
        replay(seed, clock, List.of(FeatureStore.inMemory(clock), sqlite, trimmed));
      }
    }
  }

  @Test
  void whatWasIngestedIsTheSameInEveryStoreAndOrder(@TempDir Path directory) {
    MutableClock clock = new MutableClock(START.plus(Duration.ofDays(2)));
    try (Workspace workspace = Workspace.at(directory).clock(clock).open()) {
      FeatureStore sqlite = FeatureStore.in(workspace);
      for (int seed = 0; seed < CASES; seed++) {
        ingest(seed, List.of(FeatureStore.inMemory(clock), sqlite));
      }
    }
  }

  private static void replay(int seed, MutableClock clock, List<FeatureStore> stores) {
    Random random = new Random(seed);
    FeatureView view = view("pushed_" + seed, random, false);
    List<ReferenceFeatures.Event> events = events(random);
    events.sort(Comparator.comparing(ReferenceFeatures.Event::known));
    List<Question> questions = questions(random);
    FeatureSet<Question> set = set(view);
    stores.forEach(store -> store.register(view));
    List<List<FeatureValues>> served = new ArrayList<>();
    stores.forEach(store -> served.add(new ArrayList<>()));
    int next = 0;
    for (Question question : questions) {
      Instant now = question.at().plus(minutes(random.nextInt(4) == 0 ? random.nextInt(120) : 0));
      Instant asked = clock.instant().isAfter(now) ? clock.instant() : now;
      while (next < events.size() && !events.get(next).known().isAfter(asked)) {
        ReferenceFeatures.Event event = events.get(next++);
        clock.set(event.known());
        stores.forEach(store -> store.push(view, event.row()));
      }
      clock.set(asked);
      EntityKey key = EntityKey.of(view, question.a(), question.b());
      for (int i = 0; i < stores.size(); i++) {
        served.get(i).add(stores.get(i).get(view, key, question.at()));
      }
    }
    clock.set(START.plus(Duration.ofDays(2)));
    for (int i = 0; i < stores.size(); i++) {
      TrainingSet training =
          stores.get(i).trainingSet(set, questions, Target.binary("label", Question::label));
      compare(seed + " in store " + i, view, events, questions, served.get(i), training);
    }
    clock.set(START);
  }

  private static void ingest(int seed, List<FeatureStore> stores) {
    Random random = new Random(seed + 1_000_000);
    FeatureView view = view("ingested_" + seed, random, true);
    List<ReferenceFeatures.Event> events = events(random);
    List<Question> questions = questions(random);
    for (FeatureStore store : stores) {
      int half = events.size() / 2;
      store.ingest(view, dataset(events.subList(0, half)));
      // Any order will do, but of two events with one id the first counts.
      List<ReferenceFeatures.Event> rest = new ArrayList<>(events.subList(half, events.size()));
      rest.sort(Comparator.comparing(ReferenceFeatures.Event::id));
      store.ingest(view, dataset(rest));
      assertThat(store.ingest(view, dataset(events)).added()).isZero();
      List<FeatureValues> served = new ArrayList<>();
      for (Question question : questions) {
        EntityKey key = EntityKey.of(view, question.a(), question.b());
        served.add(store.get(view, key, question.at()));
      }
      TrainingSet training =
          store.trainingSet(set(view), questions, Target.binary("label", Question::label));
      compare("ingested " + seed, view, events, questions, served, training);
    }
  }

  private static void compare(
      String what,
      FeatureView view,
      List<ReferenceFeatures.Event> events,
      List<Question> questions,
      List<FeatureValues> served,
      TrainingSet training) {
    Vectorizer<Question> vectorizer = set(view).bind(training.signature());
    double[] vectors = training.vectors();
    int width = training.signature().width();
    assertThat(training.rowCount()).isEqualTo(questions.size());
    for (int row = 0; row < questions.size(); row++) {
      Question question = questions.get(row);
      List<ReferenceFeatures.Found> expected =
          ReferenceFeatures.at(view, events, List.of(question.a(), question.b()), question.at());
      FeatureValues values = served.get(row);
      List<ReferenceFeatures.Found> found = new ArrayList<>();
      for (int i = 0; i < view.features().size(); i++) {
        found.add(new ReferenceFeatures.Found(values.value(i), values.status(i)));
      }
      assertThat(found)
          .as("case %s, %s, question %s, served", what, view.definition(), question)
          .isEqualTo(expected);
      double[] vector = vectorizer.vector(question, new FeatureValues[] {values});
      for (int i = 0; i < width; i++) {
        assertThat(Double.doubleToLongBits(vectors[row * width + i]))
            .as("case %s, %s, question %s, trained on", what, view.features().get(i), question)
            .isEqualTo(Double.doubleToLongBits(vector[i]));
      }
    }
    vectorizer.check(training.goldenSamples());
  }

  private static FeatureSet<Question> set(FeatureView view) {
    return FeatureSet.named("set", Question.class)
        .at(Question::at)
        .lookup(view.as("v"), Question::a, Question::b)
        .build();
  }

  private static FeatureView view(String name, Random random, boolean knownTime) {
    FeatureView.Builder view =
        FeatureView.named(name)
            .key("a", STRING)
            .key("b", INT64)
            .eventTime("time")
            .eventId("id")
            .availableAfter(minutes(random.nextBoolean() ? 0 : random.nextInt(30)));
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
      view.feature("number", FLOAT64).feature("text", STRING);
    } else {
      view.column("number", FLOAT64).column("text", STRING);
    }
    view.column("whole", INT64).column("truth", BOOLEAN);
    if (kind != 1) {
      view.feature("mean", mean("number").over(minutes(1 + random.nextInt(60))))
          .feature("sum", sum("number").over(minutes(1 + random.nextInt(60))))
          .feature("min", min("whole").over(minutes(1 + random.nextInt(60))))
          .feature("max", max("number").over(minutes(1 + random.nextInt(60))))
          .feature("share", mean("truth").over(minutes(1 + random.nextInt(60))))
          .feature("count", count().over(minutes(1 + random.nextInt(60))))
          .feature("last", last("text").over(minutes(1 + random.nextInt(60))))
          .feature("first", first("whole").over(minutes(1 + random.nextInt(60))))
          .feature("deviation", standardDeviation("number").over(minutes(1 + random.nextInt(60))))
          .feature("texts", distinctCount("text").over(minutes(1 + random.nextInt(60))))
          .feature("numbers", distinctCount("number").over(minutes(1 + random.nextInt(60))))
          .feature(
              "true_mean",
              mean("number").where(equal("truth", true)).over(minutes(1 + random.nextInt(60))))
          .feature(
              "some_last",
              last("whole")
                  .where(greater("number", 0.1))
                  .where(oneOf("text", "t1", "t2"))
                  .over(minutes(1 + random.nextInt(60))));
    }
    return view.build();
  }

  /** Few keys and minutes, so that there are ties; late ones, repeated ids, nulls and NaNs. */
  private static List<ReferenceFeatures.Event> events(Random random) {
    List<ReferenceFeatures.Event> events = new ArrayList<>();
    int size = random.nextInt(80);
    for (int i = 0; i < size; i++) {
      boolean repeated = random.nextInt(10) == 0 && !events.isEmpty();
      String id =
          repeated
              ? events.get(random.nextInt(events.size())).id()
              : "id" + random.nextInt(10) + "_" + i;
      Instant time = START.plus(minutes(random.nextInt(240)));
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
      events.add(new ReferenceFeatures.Event(row, known, id));
    }
    return events;
  }

  private static Object number(Random random) {
    return switch (random.nextInt(20)) {
      case 0 -> Double.NaN;
      case 1, 2 -> null;
      case 3 -> -0.0;
      case 4 -> 1e17;
      default -> random.nextGaussian();
    };
  }

  private static List<Question> questions(Random random) {
    List<Question> questions = new ArrayList<>();
    for (int i = 0; i < 25; i++) {
      questions.add(
          new Question(
              random.nextBoolean() ? "1" : "12",
              random.nextBoolean() ? 3L : 23L,
              START.plus(minutes(random.nextInt(300))),
              random.nextBoolean()));
    }
    questions.sort(Comparator.comparing(Question::at));
    return questions;
  }

  private static Dataset dataset(List<ReferenceFeatures.Event> events) {
    Schema schema =
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
            .build();
    DatasetBuilder rows = Dataset.builder(schema);
    for (ReferenceFeatures.Event event : events) {
      rows.add(schema.names().stream().map(event.row()::get).toArray());
    }
    return rows.build();
  }

  private static Duration minutes(int minutes) {
    return Duration.ofMinutes(minutes);
  }
}
