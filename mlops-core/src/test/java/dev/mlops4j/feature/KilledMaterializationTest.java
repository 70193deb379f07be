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
  private static final int STEPS = 240;
  private static final int ROWS_OF_A_STEP = 60;
  private static final Duration STEP = Duration.ofHours(1);
  private static final Instant START = Instant.parse("2013-01-01T00:00:00Z");
  private static final Instant END = START.plus(STEP.multipliedBy(STEPS));
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

  record Question(String origin, Instant at, boolean label) {}

  @Test
  void itIsTakenUpAgainAndEndsAsIfNothingHadHappened() throws Exception {
    Path killed = directory.resolve("killed");
    Instant reached = START;
    for (int kill = 0; kill < KILLS; kill++) {
      Process child = child(killed);
      try (BufferedReader steps = child.inputReader(StandardCharsets.UTF_8)) {
        for (int step = 0; step < 1 + 7 * kill; step++) {
          assertThat(steps.readLine()).startsWith("up to ");
        }
        child.destroyForcibly().waitFor();
      }
      reached = requireWholeSteps(killed, reached);
    }
    assertThat(reached).as("killed on its way").isBefore(END);

    Path undisturbed = directory.resolve("undisturbed");
    assertThat(materialized(killed)).isEqualTo(materialized(undisturbed));
  }

  /** The child's program. */
  public static void main(String[] args) {
    materialize(
        Path.of(args[0]),
        done -> {
          System.out.println("up to " + done.upTo());
          System.out.flush();
        });
  }

  private static void materialize(Path workspace, Consumer<Materialized> progress) {
    try (Workspace opened = open(workspace)) {
      FeatureStore store = FeatureStore.builder(opened).source(VIEW, source()).open();
      Materialization run = store.materialize(VIEW).to(END).step(STEP).onProgress(progress);
      // The first run alone says where to begin; one that was killed early may not have.
      boolean begun = store.views().stream().anyMatch(view -> view.materialized() != null);
      (begun ? run : run.from(START)).run();
    }
  }

  /** The digest of a training set of all that is there once a run has come to its end. */
  private static Digest materialized(Path workspace) {
    materialize(workspace, done -> {});
    FeatureSet<Question> set =
        FeatureSet.named("set", Question.class)
            .at(Question::at)
            .lookup(VIEW.as("v"), Question::origin)
            .build();
    List<Question> questions = new ArrayList<>();
    for (int step = 0; step <= STEPS; step++) {
      Instant at = START.plus(STEP.multipliedBy(step));
      questions.add(new Question("JFK", at, true));
      questions.add(new Question("LGA", at.plusSeconds(step), false));
    }
    try (Workspace opened = open(workspace)) {
      FeatureStore store = FeatureStore.in(opened);
      assertThat(store.views().get(0).events()).isEqualTo(STEPS * ROWS_OF_A_STEP);
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
      assertThat(view.events()).isEqualTo(steps * ROWS_OF_A_STEP);
      return reached;
    }
  }

  private static RowSource source() {
    return (from, to, batches) -> {
      DatasetBuilder rows = Dataset.builder(SCHEMA);
      long gap = STEP.toSeconds() / ROWS_OF_A_STEP;
      for (Instant time = from; time.isBefore(to); time = time.plusSeconds(gap)) {
        long second = time.getEpochSecond();
        rows.add(second / gap % 2 == 0 ? "JFK" : "LGA", time, second % 1009 / 7.0);
      }
      batches.accept(rows.build());
    };
  }

  private static Workspace open(Path workspace) {
    return Workspace.at(workspace).clock(() -> END.plus(Duration.ofDays(1))).open();
  }

  private static Process child(Path workspace) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            KilledMaterializationTest.class.getName(),
            workspace.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }
}
