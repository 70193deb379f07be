package dev.mlops4j.feature;

import static dev.mlops4j.feature.RandomCase.dataset;
import static dev.mlops4j.feature.RandomCase.minutes;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.feature.RandomCase.Question;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Random views, events and questions: what is served at the moment of each question, from every
 * kind of store, is what a training set has for it later, and what the plainest reading of the
 * rules says; to the bit.
 */
class OfflineEqualsOnlineTest {

  private static final int CASES = 500;
  private static final int SOAK_CASES = 10_000;

  /** Of how many cases one is in SQLite as well as in memory, as each push is a commit. */
  private static final int SQLITE_EVERY = 8;

  /** After how many cases databases are begun anew, so that they stay small. */
  private static final int CASES_OF_A_WORKSPACE = 200;

  private static final Duration LOOK_BACK = minutes(40);
  private static final Target<Question, Boolean> LABEL = Target.binary("label", Question::label);

  @TempDir private Path directory;
  private final MutableClock clock = new MutableClock(Instant.EPOCH);

  @Test
  void whatWasServedIsWhatIsTrainedOn() {
    replay(0, CASES);
  }

  @Test
  void whatWasIngestedIsTheSameInEveryStoreAndOrder() {
    ingest(0, CASES);
  }

  @Test
  void whatSqlGivesIsTheSameInPlaceAndMaterializedStepByStep() throws Exception {
    sql(0, CASES);
  }

  @Test
  @Tag("soak")
  void whatWasServedIsWhatIsTrainedOnInManyCases() {
    for (int from = CASES; from < SOAK_CASES; from += CASES_OF_A_WORKSPACE) {
      replay(from, Math.min(from + CASES_OF_A_WORKSPACE, SOAK_CASES));
    }
  }

  @Test
  @Tag("soak")
  void whatWasIngestedIsTheSameInManyCases() {
    for (int from = CASES; from < SOAK_CASES; from += CASES_OF_A_WORKSPACE) {
      ingest(from, Math.min(from + CASES_OF_A_WORKSPACE, SOAK_CASES));
    }
  }

  @Test
  @Tag("soak")
  void whatSqlGivesIsTheSameInManyCases() throws Exception {
    for (int from = CASES; from < SOAK_CASES; from += CASES_OF_A_WORKSPACE) {
      sql(from, Math.min(from + CASES_OF_A_WORKSPACE, SOAK_CASES));
    }
  }

  private void replay(int from, int to) {
    try (Workspace workspace = workspace("replayed_" + from);
        Workspace trimmedWorkspace = workspace("trimmed_" + from)) {
      FeatureStore sqlite = FeatureStore.in(workspace);
      FeatureStore spilled = FeatureStore.builder(workspace).history(limits(1)).open();
      FeatureStore trimmed =
          FeatureStore.builder(trimmedWorkspace)
              .online(new InMemoryOnlineStore())
              .lookBack(LOOK_BACK)
              .open();
      for (int seed = from; seed < to; seed++) {
        List<FeatureStore> stores = new ArrayList<>(List.of(inMemory(seed)));
        if (seed % SQLITE_EVERY == 0) {
          stores.add(seed % (2 * SQLITE_EVERY) == 0 ? sqlite : spilled);
        } else if (seed % SQLITE_EVERY == SQLITE_EVERY / 2) {
          stores.add(trimmed);
        }
        replay(RandomCase.pushed(seed), stores);
      }
    }
  }

  private void ingest(int from, int to) {
    try (Workspace workspace = workspace("ingested_" + from)) {
      FeatureStore sqlite = FeatureStore.in(workspace);
      FeatureStore spilled = FeatureStore.builder(workspace).history(limits(1)).open();
      for (int seed = from; seed < to; seed++) {
        RandomCase one = RandomCase.ingested(seed);
        ingest(one, inMemory(seed));
        if (seed % SQLITE_EVERY == 0) {
          ingest(one, seed % (2 * SQLITE_EVERY) == 0 ? sqlite : spilled);
        }
      }
    }
  }

  private void sql(int from, int to) throws Exception {
    try (Workspace workspace = workspace("materialized_" + from);
        EventTables tables = new EventTables(directory.resolve("tables_" + from + ".db"))) {
      for (int seed = from; seed < to; seed++) {
        sql(RandomCase.table(seed), seed, workspace, tables);
      }
    }
  }

  private void replay(RandomCase one, List<FeatureStore> stores) {
    List<ReferenceFeatures.Event> events = new ArrayList<>(one.events);
    events.sort(Comparator.comparing(ReferenceFeatures.Event::known));
    if (one.view.eventId().isEmpty()) {
      // Each push is an event, and of ties the later push comes last.
      events = identified(events, "");
    }
    FeatureSet<Question> set = one.set;
    clock.set(one.start);
    stores.forEach(store -> store.register(one.view));
    List<List<FeatureValues>> served = new ArrayList<>();
    stores.forEach(store -> served.add(new ArrayList<>()));
    int next = 0;
    List<Instant> askedAt = new ArrayList<>();
    for (Question question : one.questions) {
      boolean late = one.random.nextInt(4) == 0;
      Instant now = question.at().plus(minutes(late ? one.random.nextInt(120) : 0));
      Instant asked = clock.instant().isAfter(now) ? clock.instant() : now;
      while (next < events.size() && !events.get(next).known().isAfter(asked)) {
        ReferenceFeatures.Event event = events.get(next++);
        clock.set(event.known());
        stores.forEach(store -> store.push(one.view, event.row()));
      }
      clock.set(asked);
      askedAt.add(asked);
      for (int i = 0; i < stores.size(); i++) {
        served.get(i).add(set.lookedUp(question, question.at(), stores.get(i))[0]);
      }
    }
    clock.set(end(one, clock.instant()));
    // What was known after the last question was never pushed, nor can a question see it.
    List<ReferenceFeatures.Answer> expected = expected(one, events, askedAt);
    List<ReferenceFeatures.Answer> trained = expected(one, events);
    for (int i = 0; i < stores.size(); i++) {
      String what = one.view.name() + " in store " + i;
      compareServed(what, one, served.get(i), expected);
      List<FeatureValues> same = served.get(i);
      for (int row = 0; row < same.size(); row++) {
        if (!expected.get(row).equals(trained.get(row))) {
          assertThat(one.view.retention()).as("the one rule that depends on now").isPresent();
          same.set(row, null);
        }
      }
      compareTrained(what, one, stores.get(i), same, trained);
    }
  }

  /**
   * A moment after all questions; in a case with a retention one at which some events are still
   * within it, and often one is exactly as old as that, or a microsecond more or less.
   */
  private static Instant end(RandomCase one, Instant notBefore) {
    if (one.view.retention().isEmpty()) {
      return one.end;
    }
    Duration retention = one.view.retention().get();
    List<Instant> edges =
        one.events.stream()
            .map(event -> event.time(one.view).plus(retention))
            .filter(edge -> edge.isAfter(notBefore))
            .toList();
    return edges.isEmpty()
        ? notBefore
        : edges
            .get(one.random.nextInt(edges.size()))
            .plusNanos(1_000L * (one.random.nextInt(3) - 1));
  }

  private static Instant end(RandomCase one) {
    return end(one, one.questions.stream().map(Question::at).max(Instant::compareTo).get());
  }

  private void ingest(RandomCase one, FeatureStore store) {
    clock.set(end(one));
    List<ReferenceFeatures.Event> events = one.events;
    int half = events.size() / 2;
    List<ReferenceFeatures.Event> first = events.subList(0, half);
    // Any order will do, but of two events with one id the first counts.
    List<ReferenceFeatures.Event> rest = new ArrayList<>(events.subList(half, events.size()));
    rest.sort(Comparator.comparing(ReferenceFeatures.Event::id));
    store.ingest(one.view, dataset(first));
    store.ingest(one.view, dataset(rest));
    if (one.view.eventId().isPresent()) {
      assertThat(store.ingest(one.view, dataset(events)).added()).isZero();
    } else {
      // Each row of each source is an event.
      assertThat(store.ingest(one.view, dataset(first)).added()).isZero();
      assertThat(store.ingest(one.view, dataset(rest)).added()).isZero();
      events = new ArrayList<>(identified(first, digest(first)));
      events.addAll(identified(rest, digest(rest)));
    }
    compareAll(one.view.name(), one, store, events);
  }

  private static String digest(List<ReferenceFeatures.Event> rows) {
    return dataset(rows).digest().hex();
  }

  /** The same events, each with an id of its own, in the order of the list. */
  private static List<ReferenceFeatures.Event> identified(
      List<ReferenceFeatures.Event> events, String source) {
    List<ReferenceFeatures.Event> identified = new ArrayList<>();
    for (ReferenceFeatures.Event event : events) {
      String id = source + "%06d".formatted(identified.size());
      identified.add(new ReferenceFeatures.Event(event.row(), event.known(), id));
    }
    return identified;
  }

  /**
   * What counts of the rows of a table: if they state no id, one of those that say the same, and
   * ties have the order of an id that is made of what an event says.
   */
  private static List<ReferenceFeatures.Event> counted(
      FeatureView view, List<ReferenceFeatures.Event> rows) {
    if (view.eventId().isPresent()) {
      return rows;
    }
    Map<List<Object>, ReferenceFeatures.Event> distinct = new LinkedHashMap<>();
    for (ReferenceFeatures.Event row : rows) {
      Object[] keys = view.keys().stream().map(key -> row.row().get(key.name())).toArray();
      Object[] values = view.columns().stream().map(one -> row.row().get(one.name())).toArray();
      List<Object> said = new ArrayList<>(List.of(row.time(view), row.known()));
      said.addAll(Arrays.asList(keys));
      said.addAll(Arrays.asList(values));
      FeatureEvent event =
          new FeatureEvent(
              EntityKey.of(view, keys),
              Micros.of(row.time(view)),
              Micros.of(row.known()),
              "",
              values);
      String id = new ContentIds().of(new EventCodec(view), event);
      distinct.putIfAbsent(said, new ReferenceFeatures.Event(row.row(), row.known(), id));
    }
    return new ArrayList<>(distinct.values());
  }

  /** A table that rows come late into is read step by step, or where it is. */
  private void sql(RandomCase one, int seed, Workspace workspace, EventTables tables)
      throws Exception {
    clock.set(end(one));
    RowSource source = tables.source(one.view.name(), one.random.nextBoolean());
    if (seed % 2 == 0) {
      materialize(one, source, workspace, tables);
    } else {
      tables.create(one.view.name(), one.events);
    }
    // In halves of those that were materialized and of those that were not.
    FeatureStore.Builder inPlace = FeatureStore.builder(workspace).inPlace(one.view, source);
    try (FeatureStore there = inPlace.history(limits(seed / 2)).open()) {
      List<ReferenceFeatures.Answer> expected = expected(one, counted(one.view, one.events));
      compareTrained(one.view.name() + " in place", one, there, List.of(), expected);
    }
    tables.drop(one.view.name());
  }

  private void materialize(
      RandomCase one, RowSource source, Workspace workspace, EventTables tables) throws Exception {
    FeatureView view = one.view;
    Instant end = one.start.plus(minutes(480));
    Instant middle = one.start.plus(minutes(60 + one.random.nextInt(180)));
    Duration lateness = minutes(1 + one.random.nextInt(90));
    Duration step = Duration.ofSeconds(1_200 + one.random.nextInt(7_000));
    List<ReferenceFeatures.Event> late = new ArrayList<>();
    List<ReferenceFeatures.Event> early = new ArrayList<>();
    for (ReferenceFeatures.Event event : one.events) {
      boolean mayBeLate = !event.time(view).isBefore(middle.minus(lateness));
      (mayBeLate && one.random.nextBoolean() ? late : early).add(event);
    }
    Collections.shuffle(early, one.random);
    tables.create(view.name(), early);
    try (FeatureStore store = FeatureStore.builder(workspace).source(view, source).open()) {
      Materialized first = store.materialize(view).from(one.start).to(middle).step(step).run();
      long before =
          counted(view, early).stream().filter(event -> event.time(view).isBefore(middle)).count();
      assertThat(first.added()).isEqualTo(before);
      assertThat(first.rows())
          .isEqualTo(early.stream().filter(event -> event.time(view).isBefore(middle)).count());
      tables.add(view.name(), late);
      Materialized second =
          store.materialize(view).to(end).lateness(lateness).step(step.multipliedBy(3)).run();
      List<ReferenceFeatures.Event> counted = counted(view, one.events);
      assertThat(first.added() + second.added()).isEqualTo(counted.size());
      if (one.random.nextInt(5) == 0) {
        assertThat(store.materialize(view).from(one.start).to(end).run().added()).isZero();
      }
      compareAll(view.name() + " materialized", one, store, counted);
    }
  }

  private void compareAll(
      String what, RandomCase one, FeatureStore store, List<ReferenceFeatures.Event> events) {
    List<FeatureValues> served = new ArrayList<>();
    FeatureSet<Question> set = one.set;
    for (Question question : one.questions) {
      served.add(set.lookedUp(question, question.at(), store)[0]);
    }
    List<ReferenceFeatures.Answer> expected = expected(one, events);
    compareServed(what, one, served, expected);
    compareTrained(what, one, store, served, expected);
    compareAsKnown(what, one, store, events);
  }

  /** The training set as known at a moment is that of the events that were known by then. */
  private void compareAsKnown(
      String what, RandomCase one, FeatureStore store, List<ReferenceFeatures.Event> events) {
    Instant moment =
        events.isEmpty()
            ? one.start
            : events
                .get(one.random.nextInt(events.size()))
                .known()
                .minusNanos(one.random.nextInt(2) * 1_000L);
    Set<String> ids = new HashSet<>();
    List<ReferenceFeatures.Event> known =
        events.stream()
            .filter(event -> ids.add(event.id())) // of one id the first counts, known or not
            .filter(event -> !event.known().isAfter(moment))
            .toList();
    TrainingSet training =
        store.trainingSet(one.set, one.questions, LABEL, clock.instant(), moment);
    assertThat(rows(training.dataset()))
        .as("%s, %s, as known at %s", what, one, moment)
        .isEqualTo(expectedRows(one, expected(one, known)));
  }

  private static List<List<Object>> expectedRows(
      RandomCase one, List<ReferenceFeatures.Answer> expected) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < expected.size(); row++) {
      rows.add(expectedRow(one, one.questions.get(row), expected.get(row)));
    }
    return rows;
  }

  private List<ReferenceFeatures.Answer> expected(
      RandomCase one, List<ReferenceFeatures.Event> inOrder) {
    return expected(one, inOrder, Collections.nCopies(one.questions.size(), clock.instant()));
  }

  private static List<ReferenceFeatures.Answer> expected(
      RandomCase one, List<ReferenceFeatures.Event> inOrder, List<Instant> askedAt) {
    List<ReferenceFeatures.Answer> answers = new ArrayList<>();
    for (Question question : one.questions) {
      answers.add(
          ReferenceFeatures.at(
              one.view,
              inOrder,
              Arrays.asList(question.a(), question.b()),
              question.at(),
              askedAt.get(answers.size())));
    }
    return answers;
  }

  private static void compareServed(
      String what,
      RandomCase one,
      List<FeatureValues> served,
      List<ReferenceFeatures.Answer> expected) {
    for (int row = 0; row < served.size(); row++) {
      FeatureValues values = served.get(row);
      List<ReferenceFeatures.Found> found = new ArrayList<>();
      for (int i = 0; i < one.view.features().size(); i++) {
        found.add(
            new ReferenceFeatures.Found(
                values.value(i), values.status(i), values.eventTime(i).orElse(null)));
      }
      ReferenceFeatures.Answer answer =
          new ReferenceFeatures.Answer(found, values.eventTime().orElse(null));
      assertThat(answer)
          .as("%s, %s, %s, served", what, one, one.questions.get(row))
          .isEqualTo(expected.get(row));
    }
  }

  private void compareTrained(
      String what,
      RandomCase one,
      FeatureStore store,
      List<FeatureValues> served,
      List<ReferenceFeatures.Answer> expected) {
    FeatureSet<Question> set = one.set;
    TrainingSet training = store.trainingSet(set, one.questions, LABEL);
    List<List<Object>> rows = rows(training.dataset());
    assertThat(rows).hasSize(one.questions.size());
    for (int row = 0; row < rows.size(); row++) {
      assertThat(rows.get(row))
          .as("%s, %s, %s, trained on", what, one, one.questions.get(row))
          .isEqualTo(expectedRow(one, one.questions.get(row), expected.get(row)));
    }
    List<List<Object>> batched = new ArrayList<>();
    int batchRows = 1 + one.random.nextInt(10);
    store.trainingRows(
        set,
        one.questions,
        LABEL,
        clock.instant(),
        batchRows,
        batch -> batched.addAll(rows(batch)));
    assertThat(batched).as(what).isEqualTo(rows);
    Vectorizer<Question> vectorizer = set.bind(training.signature());
    double[] vectors = training.vectors();
    int width = training.signature().width();
    for (int row = 0; row < served.size(); row++) {
      if (served.get(row) == null) {
        continue; // beyond the retention since
      }
      double[] vector =
          vectorizer.vector(one.questions.get(row), new FeatureValues[] {served.get(row)});
      for (int i = 0; i < width; i++) {
        assertThat(Double.doubleToLongBits(vectors[row * width + i]))
            .as("%s, vector of %s", what, one.questions.get(row))
            .isEqualTo(Double.doubleToLongBits(vector[i]));
      }
    }
    vectorizer.check(training.goldenSamples());
  }

  /** The row as a dataset has it: truth is 0 or 1, NaN is missing. */
  private static List<Object> expectedRow(
      RandomCase one, Question question, ReferenceFeatures.Answer answer) {
    Map<String, Object> cells = new HashMap<>();
    for (int i = 0; i < answer.found().size(); i++) {
      Object value = answer.found().get(i).value();
      String name = one.view.features().get(i).name();
      if (value instanceof Floats vector) {
        putElements(cells, name, vector);
        continue;
      }
      double number = FeatureValues.number(value);
      Object cell = value instanceof String ? value : Double.isNaN(number) ? null : number;
      cells.put("v." + name, cell);
    }
    if (answer.eventTime() != null) {
      cells.put("age", Duration.between(answer.eventTime(), question.at()).toNanos() / 1e3);
    }
    cells.put("origin", question.a());
    cells.put("label", question.label());
    cells.put(TrainingSet.ASKED_AT, question.at());
    List<Object> row = new ArrayList<>();
    for (String feature : one.set.features()) {
      row.add(cells.get(feature));
    }
    row.add(cells.get("label"));
    row.add(cells.get(TrainingSet.ASKED_AT));
    return row;
  }

  /** Each element is a column of its own, NaN is missing; and what is computed of the array. */
  private static void putElements(Map<String, Object> cells, String name, Floats vector) {
    double squares = 0;
    for (int i = 0; i < vector.length(); i++) {
      double element = vector.at(i);
      squares += element * element;
      cells.put("v." + name + "_" + i, Double.isNaN(element) ? null : element);
    }
    if (name.equals("vector")) {
      cells.put("norm", Double.isNaN(squares) ? null : Math.sqrt(squares));
    }
  }

  private static List<List<Object>> rows(Dataset dataset) {
    List<List<Object>> rows = new ArrayList<>();
    for (int row = 0; row < dataset.rowCount(); row++) {
      List<Object> cells = new ArrayList<>();
      for (String column : dataset.schema().names()) {
        cells.add(dataset.column(column).get(row));
      }
      rows.add(cells);
    }
    return rows;
  }

  private FeatureStore inMemory(int seed) {
    return FeatureStore.inMemoryBuilder(clock).history(limits(seed)).open();
  }

  /** In odd cases the history is in files, seven events a run, whose reading is in small pages. */
  private HistoryLimits limits(int number) {
    return number % 2 == 0
        ? HistoryLimits.of(Long.MAX_VALUE, directory)
        : new HistoryLimits(Long.MAX_VALUE, 7, 100, 3, directory.resolve("spilled"));
  }

  private Workspace workspace(String name) {
    return Workspace.at(directory.resolve(name)).clock(clock).open();
  }
}
