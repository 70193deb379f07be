package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An index in files has what one in memory has, to the bit, in whatever order events come. */
class SpilledIndexTest {

  private static final int CASES = 400;
  private static final int TIMES = 6;

  @TempDir private Path directory;

  @Test
  void eventsOfASourceInAnyOrderAreTheSameInFiles() {
    int inFilesCount = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Case one = new Case(random);
      List<Dataset> batches = one.batches(random);
      try (EventIndex inMemory = ofSource(one.view, batches, unlimited());
          EventIndex inFiles = ofSource(one.view, batches, tiny(random))) {
        inFilesCount += inFiles instanceof DiskIndex ? 1 : 0;
        compare("case " + seed, one, inMemory, inFiles);
      }
    }
    assertThat(inFilesCount).isGreaterThan(CASES * 9 / 10);
  }

  @Test
  void ofAKeysEventsOfOneStatedIdTheFirstInTheirOrderCounts() {
    int dropped = 0;
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Case one = new Case(random);
      List<Dataset> batches = one.batches(random);
      if (one.view.eventId().isEmpty()) {
        continue;
      }
      Map<EntityKey, List<FeatureEvent>> byKey = new HashMap<>();
      for (Dataset batch : batches) {
        for (FeatureEvent event : new EventReader(one.view).events(batch)) {
          byKey.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
        }
      }
      try (EventIndex index = ofSource(one.view, batches, unlimited())) {
        assertThat(index.keyCount()).isEqualTo(byKey.size());
        for (Map.Entry<EntityKey, List<FeatureEvent>> entry : byKey.entrySet()) {
          List<FeatureEvent> events = entry.getValue();
          dropped += events.size();
          Collections.sort(events);
          Set<String> seen = new HashSet<>();
          events.removeIf(event -> !seen.add(event.id()));
          dropped -= events.size();
          int number = index.numbers(new @Nullable EntityKey[] {entry.getKey()})[0];
          assertThat(rows(one.view, index.events(number)))
              .as("case %s, key %s", seed, entry.getKey())
              .isEqualTo(rows(one.view, EventTable.of(events)));
        }
      }
    }
    assertThat(dropped).as("events of an id that the key had").isGreaterThan(CASES);
  }

  @Test
  void eventsOfAHistoryKeyByKeyAreTheSameInFiles() {
    for (int seed = 0; seed < CASES; seed++) {
      Random random = new Random(seed);
      Case one = new Case(random);
      // Of one time and known time, in an order that ids alone say.
      Map<EntityKey, List<FeatureEvent>> byKey = new HashMap<>();
      for (Dataset batch : one.batches(random)) {
        for (FeatureEvent event : new EventReader(one.view).events(batch)) {
          byKey.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
        }
      }
      byKey.values().forEach(Collections::sort);
      List<EntityKey> order = new ArrayList<>(byKey.keySet());
      if (random.nextBoolean()) {
        order.sort((a, b) -> Arrays.compareUnsigned(a.toBytes(), b.toBytes()));
      }
      try (EventIndex inMemory = ofHistory(one.view, order, byKey, unlimited());
          EventIndex inFiles = ofHistory(one.view, order, byKey, tiny(random))) {
        compare("case " + seed, one, inMemory, inFiles);
      }
    }
  }

  @Test
  void aBatchOfFewKeysOfManyIsAnsweredAsOneOfAll() {
    FeatureView view = Case.view(new Random(3), false, false);
    Random random = new Random(1);
    try (EventIndex index = ofSource(view, new Case(random).wide(random), tiny(random))) {
      Evaluator evaluator = new Evaluator(view, 1000);
      @Nullable EntityKey[] keys = new @Nullable EntityKey[400];
      long[] times = new long[keys.length];
      for (int row = 0; row < keys.length; row++) {
        keys[row] = row % 10 == 0 ? null : Case.wideKey(view, random.nextInt(250));
        times[row] = random.nextInt(TIMES);
      }
      assertThat(index.keyCount()).isEqualTo(200);
      PointInTimeAnswers all =
          PointInTimeAnswers.of(evaluator, index, keys, times, Long.MIN_VALUE, true);
      for (int row = 0; row < keys.length; row += 5) {
        PointInTimeAnswers few =
            PointInTimeAnswers.of(
                evaluator,
                index,
                Arrays.copyOfRange(keys, row, row + 5),
                Arrays.copyOfRange(times, row, row + 5),
                Long.MIN_VALUE,
                true);
        for (int i = 0; i < 5; i++) {
          assertThat(few.values(i).value(0)).isEqualTo(all.values(row + i).value(0));
          assertThat(few.values(i).status(0)).isEqualTo(all.values(row + i).status(0));
        }
      }
      assertThat(IntStream.range(0, keys.length).filter(row -> all.values(row).value(0) != null))
          .isNotEmpty();
    }
  }

  private static void compare(String what, Case one, EventIndex inMemory, EventIndex inFiles) {
    assertThat(inFiles.keyCount()).as(what).isEqualTo(inMemory.keyCount());
    List<@Nullable EntityKey> asked = new ArrayList<>(one.allKeys());
    asked.add(null);
    asked.addAll(one.allKeys());
    Collections.shuffle(asked, new Random(1));
    @Nullable EntityKey[] keys = asked.toArray(new @Nullable EntityKey[0]);
    int[] there = inMemory.numbers(keys);
    int[] here = inFiles.numbers(keys);
    for (int i = 0; i < keys.length; i++) {
      assertThat(here[i] < 0).as(what).isEqualTo(there[i] < 0);
      assertThat(inFiles.numbers(new @Nullable EntityKey[] {keys[i]})).containsExactly(here[i]);
      if (here[i] >= 0) {
        assertThat(rows(one.view, inFiles.events(here[i])))
            .as("%s, key %s", what, keys[i])
            .isEqualTo(rows(one.view, inMemory.events(there[i])));
      }
    }
  }

  /** All that a table says, looked at in an order that goes back and forth. */
  private static List<List<@Nullable Object>> rows(FeatureView view, EventTable table) {
    List<List<@Nullable Object>> rows = new ArrayList<>(Collections.nCopies(table.size(), null));
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < table.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(2));
    for (int position : order) {
      List<@Nullable Object> row = new ArrayList<>();
      row.add(table.eventTime(position));
      row.add(table.known(position));
      for (int column = 0; column < view.columns().size(); column++) {
        Object value = table.value(position, column);
        row.add(table.isNull(position, column));
        row.add(value instanceof Double number ? Double.doubleToRawLongBits(number) : value);
        if (value instanceof Number || value instanceof Boolean) {
          row.add(Double.doubleToRawLongBits(table.number(position, column)));
        }
      }
      rows.set(position, row);
    }
    return rows;
  }

  private static EventIndex ofSource(
      FeatureView view, List<Dataset> batches, HistoryLimits limits) {
    try (EventIndex.Builder builder = new EventIndex.Builder(view, limits)) {
      builder.addAll((from, to, rows) -> batches.forEach(rows));
      return builder.build();
    }
  }

  private static EventIndex ofHistory(
      FeatureView view,
      List<EntityKey> order,
      Map<EntityKey, List<FeatureEvent>> byKey,
      HistoryLimits limits) {
    try (EventIndex.Builder builder = new EventIndex.Builder(view, limits)) {
      order.forEach(key -> byKey.get(key).forEach(builder::add));
      return builder.build();
    }
  }

  private HistoryLimits unlimited() {
    return HistoryLimits.of(Long.MAX_VALUE, directory);
  }

  /** At most a handful of events a run, some hundred bytes a page and three keys a block. */
  /** Often with so little memory that runs are merged in several passes. */
  private HistoryLimits tiny(Random random) {
    return new HistoryLimits(
        random.nextBoolean() ? Long.MAX_VALUE : 20_000L * (1 + random.nextInt(4)),
        1 + random.nextInt(7),
        1 + random.nextInt(200),
        1 + random.nextInt(3),
        directory);
  }

  /** A random view, and rows of it of which many are alike. */
  private static final class Case {

    private final FeatureView view;
    private final boolean numbersAsIds;

    Case(Random random) {
      this.numbersAsIds = random.nextBoolean();
      this.view = view(random, random.nextBoolean(), random.nextBoolean());
    }

    static FeatureView view(Random random, boolean ids, boolean known) {
      FeatureView.Builder view =
          FeatureView.named("v")
              .key("a", STRING)
              .key("b", INT64)
              .key("c", BOOLEAN)
              .eventTime("time")
              .feature("number", FLOAT64)
              .column("whole", INT64);
      if (random.nextInt(3) > 0) {
        view.column("text", STRING).column("moment", TIMESTAMP).column("truth", BOOLEAN);
        for (int i = 0; i < 8; i++) {
          view.column("more_" + i, INT64);
        }
      }
      if (ids) {
        view.eventId("id");
      }
      if (known) {
        view.knownTime("known");
      }
      return view.build();
    }

    List<EntityKey> allKeys() {
      List<EntityKey> keys = new ArrayList<>();
      for (String a : List.of("", "1", "12", "\uD83D\uDE00", "absent")) {
        for (long b : new long[] {3, 23, -1}) {
          keys.add(EntityKey.of(view, a, b, true));
          keys.add(EntityKey.of(view, a, b, false));
        }
      }
      return keys;
    }

    List<Dataset> batches(Random random) {
      List<Object[]> rows = new ArrayList<>();
      int size = random.nextInt(130);
      for (int i = 0; i < size; i++) {
        rows.add(row(random));
      }
      if (random.nextInt(3) == 0) {
        // A table that has the order of a run, but for the ids.
        rows.sort(
            (one, other) -> {
              int byKey = Arrays.compareUnsigned(key(one).toBytes(), key(other).toBytes());
              int byTime = ((Instant) one[3]).compareTo((Instant) other[3]);
              return byKey != 0
                  ? byKey
                  : byTime != 0 ? byTime : ((Instant) one[4]).compareTo((Instant) other[4]);
            });
      }
      List<Dataset> batches = new ArrayList<>();
      for (int from = 0; from < size; ) {
        int to = Math.min(size, from + 7 + random.nextInt(6));
        DatasetBuilder batch = Dataset.builder(schema());
        rows.subList(from, to).forEach(batch::add);
        batches.add(batch.build());
        from = to;
      }
      return batches;
    }

    private EntityKey key(Object[] row) {
      return EntityKey.of(view, row[0], row[1], row[2]);
    }

    private Schema schema() {
      return Schema.builder()
          .required("a", STRING)
          .required("b", INT64)
          .required("c", BOOLEAN)
          .required("time", TIMESTAMP)
          .required("known", TIMESTAMP)
          .required("id", numbersAsIds ? INT64 : STRING)
          .optional("number", FLOAT64)
          .optional("whole", INT64)
          .optional("text", STRING)
          .optional("moment", TIMESTAMP)
          .optional("truth", BOOLEAN)
          .optional("more_0", INT64)
          .optional("more_1", INT64)
          .optional("more_2", INT64)
          .optional("more_3", INT64)
          .optional("more_4", INT64)
          .optional("more_5", INT64)
          .optional("more_6", INT64)
          .optional("more_7", INT64)
          .build();
    }

    private @Nullable Object[] row(Random random) {
      int id = random.nextInt(12);
      @Nullable Object[] row = new @Nullable Object[19];
      row[0] = List.of("", "1", "12", "\uD83D\uDE00").get(random.nextInt(4));
      row[1] = new long[] {3, 23, -1}[random.nextInt(3)];
      row[2] = random.nextInt(4) == 0;
      row[3] = Timestamps.fromMicros(random.nextInt(TIMES) - 2);
      row[4] = Timestamps.fromMicros(random.nextInt(2));
      row[5] = numbersAsIds ? (Object) (long) id : "id" + id;
      row[6] = List.of(Double.NaN, -0.0, 0.0, 1e300, 0.1).get(random.nextInt(5));
      row[7] = (long) random.nextInt(2);
      row[8] = List.of("", "t", "\u00e4\u6f22", "x".repeat(400)).get(random.nextInt(4));
      row[9] = Timestamps.fromMicros(random.nextInt(2) - 1L);
      row[10] = random.nextBoolean();
      for (int i = 6; i < row.length; i++) {
        row[i] = i > 10 ? Long.valueOf(7) : row[i];
        if (random.nextInt(6) == 0) {
          row[i] = null;
        }
      }
      return row;
    }

    static EntityKey wideKey(FeatureView view, int number) {
      return EntityKey.of(view, "k", (long) number, true);
    }

    /** Some rows of each of 200 keys. */
    List<Dataset> wide(Random random) {
      List<Dataset> batches = new ArrayList<>();
      for (int key = 0; key < 200; key++) {
        DatasetBuilder rows = Dataset.builder(schema());
        for (int i = 0; i < 7; i++) {
          @Nullable Object[] row = row(random);
          row[0] = "k";
          row[1] = (long) (key * 37 % 200);
          row[2] = true;
          rows.add(row);
        }
        batches.add(rows.build());
      }
      return batches;
    }
  }
}
