package dev.mlops4j.feature;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static dev.mlops4j.feature.Aggregation.sum;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is killed while it materializes a view, time after time. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class KilledMaterializationTest {

  private static final int KILLS = 5;
  private static final int KEYS = 40;
  private static final int HALTED = 9;
  private static final Duration STEP = Duration.ofHours(1);
  private static final Instant START = Instant.parse("2013-01-01T00:00:00Z");

  /** A step of a few rows is one transaction. */
  private static final Load SMALL = new Load(240, 80);

  /** A step of many rows is written in parts, each of whole keys. */
  private static final Load LARGE = new Load(6, 120_000);

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", STRING)
          .required("time", TIMESTAMP)
          .required("delay", FLOAT64)
          .build();
  private static final FeatureView VIEW =
      FeatureView.named("departures")
          .key("origin", STRING)
          .eventTime("time")
          .feature("delay", FLOAT64)
          .feature("sum_3h", sum("delay").over(Duration.ofHours(3)))
          .build();

  @TempDir private Path directory;

  /**
   * What is materialized.
   *
   * @param steps how many steps
   * @param rows of a step, the same number of each key
   */
  record Load(int steps, int rows) {

    Instant end() {
      return START.plus(STEP.multipliedBy(steps));
    }
  }

  record Question(String origin, Instant at, boolean label) {}

  @Test
  void itIsTakenUpAgainAndEndsAsIfNothingHadHappened() throws Exception {
    Path killed = directory.resolve("killed");
    Instant reached = START;
    for (int kill = 0; kill < KILLS; kill++) {
      Process child = child(killed, SMALL);
      try (BufferedReader steps = child.inputReader(StandardCharsets.UTF_8)) {
        for (int step = 0; step < 1 + 7 * kill; step++) {
          assertThat(steps.readLine()).startsWith("up to ");
        }
        child.destroyForcibly().waitFor();
      }
      reached = requireWholeSteps(killed, reached);
    }
    assertThat(reached).as("killed on its way").isBefore(SMALL.end());
    requireSameAsUndisturbed(killed, SMALL);
  }

  @Test
  void ofALargeStepThereAreWholeKeysUntilItIsDoneAgain() throws Exception {
    Path killed = directory.resolve("killed");
    for (int kill = 0; kill < KILLS; kill++) {
      assertThat(child(killed, LARGE).waitFor()).isEqualTo(HALTED);
      requireSomeWholeKeys(killed);
    }
    requireSameAsUndisturbed(killed, LARGE);
  }

  private void requireSameAsUndisturbed(Path killed, Load load) {
    Path undisturbed = directory.resolve("undisturbed");
    assertThat(materialized(killed, load)).isEqualTo(materialized(undisturbed, load));
  }

  /** The child's program. */
  public static void main(String[] args) {
    Load load = new Load(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
    if (load.equals(LARGE)) {
      Thread halts = new Thread(() -> haltWithinAStep(Path.of(args[0])));
      halts.setDaemon(true);
      halts.start();
    }
    materialize(
        Path.of(args[0]),
        load,
        done -> {
          System.out.println("up to " + done.upTo());
          System.out.flush();
        });
  }

  /** Ends this process like a kill, once some parts of a step are there and others are not. */
  private static void haltWithinAStep(Path workspace) {
    try (Workspace opened = open(workspace)) {
      FeatureStore store = FeatureStore.in(opened);
      long before = events(store);
      long events = before;
      while (events == before || events % LARGE.rows == 0) {
        events = events(store);
      }
      Runtime.getRuntime().halt(HALTED);
    }
  }

  private static long events(FeatureStore store) {
    return store.views().stream().mapToLong(ViewInfo::events).sum();
  }

  private static void materialize(Path workspace, Load load, Consumer<Materialized> progress) {
    try (Workspace opened = open(workspace)) {
      FeatureStore store = FeatureStore.builder(opened).source(VIEW, source(load)).open();
      Materialization run = store.materialize(VIEW).to(load.end()).step(STEP).onProgress(progress);
      // The first run alone says where to begin; one that was killed early may not have.
      boolean begun = store.views().stream().anyMatch(view -> view.materialized() != null);
      (begun ? run : run.from(START)).run();
    }
  }

  /** The digest of a training set of all that is there once a run has come to its end. */
  private static Digest materialized(Path workspace, Load load) {
    materialize(workspace, load, done -> {});
    FeatureSet<Question> set =
        FeatureSet.named("set", Question.class)
            .at(Question::at)
            .lookup(VIEW.as("v"), Question::origin)
            .build();
    List<Question> questions = new ArrayList<>();
    for (int step = 0; step <= load.steps; step++) {
      Instant at = START.plus(STEP.multipliedBy(step));
      for (int key = 0; key < KEYS; key++) {
        questions.add(new Question("K" + key, at.plusSeconds(key), key % 2 == 0));
      }
    }
    try (Workspace opened = open(workspace)) {
      FeatureStore store = FeatureStore.in(opened);
      assertThat(store.views().get(0).events()).isEqualTo((long) load.steps * load.rows);
      return store.trainingSet(set, questions, Target.binary("label", Question::label)).digest();
    }
  }

  /** All events of the steps up to the watermark are there, and none beyond. */
  private static Instant requireWholeSteps(Path workspace, Instant reachedBefore) {
    try (Workspace opened = open(workspace)) {
      ViewInfo view = FeatureStore.in(opened).views().get(0);
      Instant reached = view.materialized();
      assertThat(reached).isNotNull().isAfterOrEqualTo(reachedBefore);
      long steps = Duration.between(START, reached).dividedBy(STEP);
      assertThat(view.events()).isEqualTo(steps * SMALL.rows);
      return reached;
    }
  }

  /** Of some keys all events of a step, of others none. */
  private static void requireSomeWholeKeys(Path workspace) {
    try (Workspace opened = open(workspace)) {
      int ofKey = LARGE.rows / KEYS;
      List<Integer> counts = new ArrayList<>();
      JdbcOnlineStore.in(opened.database(Area.FEATURES))
          .forEachKey(VIEW, (key, events) -> counts.add(events.size()));
      assertThat(counts).allMatch(count -> count % ofKey == 0);
      assertThat(counts.stream().mapToInt(Integer::intValue).sum() % LARGE.rows).isPositive();
    }
  }

  private static RowSource source(Load load) {
    return (from, to, batches) -> {
      DatasetBuilder rows = Dataset.builder(SCHEMA);
      Duration gap = STEP.dividedBy(load.rows);
      int row = 0;
      for (Instant time = from; time.isBefore(to); time = time.plus(gap)) {
        rows.add("K" + row++ % KEYS, time, Math.floorMod(time.hashCode(), 1009) / 7.0);
      }
      batches.accept(rows.build());
    };
  }

  private static Workspace open(Path workspace) {
    return Workspace.at(workspace).clock(() -> SMALL.end().plus(Duration.ofDays(1))).open();
  }

  private static Process child(Path workspace, Load load) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-cp",
            System.getProperty("java.class.path"),
            KilledMaterializationTest.class.getName(),
            workspace.toString(),
            "" + load.steps,
            "" + load.rows)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
