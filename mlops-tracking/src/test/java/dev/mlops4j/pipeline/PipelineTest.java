package dev.mlops4j.pipeline;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a user declares and runs, from the outside. */
class PipelineTest {

  private static final Schema SCHEMA =
      Schema.builder()
          .required("origin", ColumnType.STRING)
          .optional("delay", ColumnType.FLOAT64)
          .build();

  @TempDir Path directory;
  private Workspace workspace;

  /** What a model scored. */
  record Score(String fold, double auc, LocalDate day) {}

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private static Dataset rows(int count) {
    var builder = Dataset.builder(SCHEMA);
    for (int i = 0; i < count; i++) {
      builder.add(i % 2 == 0 ? "JFK" : "", i % 3 == 0 ? null : i / 7.0);
    }
    return builder.build();
  }

  @Test
  void stepsGetTheOutputsOfOthersAndParametersAndAreChildrenOfATrackedRun() {
    Pipeline.Builder p = Pipeline.named("flight-delay");
    Parameter<Integer> depth = p.parameter("depth", 6);
    Parameter<LocalDate> until = p.parameter("until", LocalDate.class);
    Step<Dataset> flights =
        p.step("ingest")
            .from(until)
            .gives(Outputs.dataset(), (step, day) -> rows(day.getDayOfMonth()));
    Step<Score> score =
        p.step("train")
            .from(flights, depth, Input.of("fold 1"))
            .gives(
                Outputs.json(Score.class),
                (step, rows, d, fold) -> {
                  step.metric("rows", rows.rowCount());
                  return new Score(fold, d / 10.0, LocalDate.of(2026, 1, 2));
                });
    PipelineRun run =
        p.build().in(workspace).parameter("depth", "8").parameter("until", "2026-01-05").run();

    assertThat(run.orThrow().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.output(score)).isEqualTo(new Score("fold 1", 0.8, LocalDate.of(2026, 1, 2)));
    assertThat(run.output(flights).digest()).isEqualTo(rows(5).digest());
    assertThat(run.output(flights).schema()).isEqualTo(SCHEMA);
    try (Tracking tracking = Tracking.in(workspace)) {
      RunRecord parent = tracking.run(run.id());
      assertThat(parent.experiment()).isEqualTo("flight-delay");
      assertThat(parent.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(parent.params()).containsEntry("depth", "8").containsEntry("until", "2026-01-05");
      List<RunRecord> children = tracking.children(run.id());
      assertThat(children).extracting(RunRecord::name).containsExactly("ingest", "train");
      assertThat(children).extracting(RunRecord::status).containsOnly(RunStatus.FINISHED);
      RunRecord train = children.get(1);
      assertThat(train.metric("rows")).isEqualTo(5);
      assertThat(train.params())
          .containsEntry("depth", "8")
          .containsEntry("input.ingest", run.step(flights).output().hex());
      assertThat(children.get(0).artifacts()).containsOnlyKeys("pipeline/data.csv");
    }
  }

  @Test
  void filesAndDirectoriesAreKeptAndGivenBackWithTheirNames() throws IOException {
    Pipeline.Builder p = Pipeline.named("files");
    Step<Path> file =
        p.step("file")
            .gives(
                Outputs.file(),
                step -> Files.writeString(step.directory().resolve("a b.txt"), "text"));
    Step<Path> tree =
        p.step("directory")
            .from(file)
            .gives(
                Outputs.directory(),
                (step, from) -> {
                  Path made = Files.createDirectories(step.directory().resolve("out/deep"));
                  Files.copy(from, made.resolve("copy.txt"));
                  return made.getParent();
                });
    PipelineRun run = p.build().in(workspace).run().orThrow();

    assertThat(run.output(file)).hasFileName("a b.txt").hasContent("text");
    assertThat(run.output(tree).getFileName()).hasToString("out");
    assertThat(run.output(tree).resolve("deep/copy.txt")).hasContent("text");
  }

  @Test
  void aFailingStepStopsItsDependantsAndLeavesTheOthersToFinish() {
    Pipeline.Builder p = Pipeline.named("failing");
    Step<Integer> bad =
        p.step("bad")
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  throw new IOException("no data");
                });
    Step<Integer> after =
        p.step("after").from(bad).gives(Outputs.json(Integer.class), (step, n) -> n);
    Step<Integer> last =
        p.step("last").from(after).gives(Outputs.json(Integer.class), (step, n) -> n);
    Step<Integer> good = p.step("good").gives(Outputs.json(Integer.class), step -> 3);
    Step<Integer> worse =
        p.step("worse")
            .from(good)
            .gives(
                Outputs.json(Integer.class),
                (step, n) -> {
                  throw new UncheckedIOException(new IOException("none either"));
                });
    PipelineRun run = p.build().in(workspace).run();

    assertThat(run.status()).isEqualTo(RunStatus.FAILED);
    assertThat(run.step(bad).status()).isEqualTo(StepStatus.FAILED);
    assertThat(run.step(after).status()).isEqualTo(StepStatus.BLOCKED);
    assertThat(run.step(after).reason()).isEqualTo("step \"bad\" failed");
    assertThat(run.step(last).status()).isEqualTo(StepStatus.BLOCKED);
    assertThat(run.output(good)).isEqualTo(3);
    assertThat(run.failures()).containsOnlyKeys("bad", "worse");
    assertThatThrownBy(run::orThrow)
        .isInstanceOf(PipelineFailedException.class)
        .hasMessageContaining("[bad, worse]")
        .hasRootCauseMessage("no data")
        .satisfies(e -> assertThat(e.getSuppressed()).hasSize(1));
    assertThatThrownBy(() -> run.output(after))
        .isInstanceOf(NoOutputException.class)
        .hasMessageContaining("BLOCKED");
    assertThat(run.step(worse).runId()).isNotNull();
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FAILED);
      assertThat(tracking.run(String.valueOf(run.step(bad).runId())).failure()).contains("no data");
    }
  }

  @Test
  void aConditionThatDoesNotHoldSkipsTheStepWithItsReasonAndThoseAfterIt() {
    Pipeline.Builder p = Pipeline.named("conditional");
    Step<Double> auc = p.step("auc").gives(Outputs.json(Double.class), step -> 0.6);
    Step<Integer> register =
        p.step("register")
            .when(auc, a -> a > 0.7, "auc too low")
            .gives(Outputs.json(Integer.class), step -> 1);
    Step<Integer> notify =
        p.step("notify").from(register).gives(Outputs.json(Integer.class), (step, n) -> n);
    PipelineRun run = p.build().in(workspace).run().orThrow();

    assertThat(run.step(register).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(run.step(register).reason()).isEqualTo("auc too low");
    assertThat(run.step(notify).reason()).isEqualTo("step \"register\" was skipped");
  }

  @Test
  void whatIsDeclaredWronglyIsRefusedAtOnceAndNamesWhatIsWrong() {
    Pipeline.Builder p = Pipeline.named("bad");
    Step<Integer> one = p.step("one").gives(Outputs.json(Integer.class), step -> 1);
    assertThatThrownBy(() -> p.step("one"))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("two steps \"one\"");
    Parameter<Integer> depth = p.parameter("depth", 6);
    assertThatThrownBy(() -> p.parameter("depth", "x"))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("two parameters \"depth\"");
    assertThatThrownBy(() -> p.parameter("list", List.class))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("java.util.List");
    assertThatThrownBy(() -> p.step(" ")).isInstanceOf(InvalidPipelineException.class);
    Pipeline.Builder other = Pipeline.named("other");
    assertThatThrownBy(() -> other.step("two").from(one))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("another pipeline");
    assertThatThrownBy(() -> other.step("three").from(depth))
        .isInstanceOf(InvalidPipelineException.class);
    assertThatThrownBy(() -> other.step("four").retry(Retry.times(2)))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("on(...)");
    assertThatThrownBy(() -> other.step("five").timeout(java.time.Duration.ZERO))
        .isInstanceOf(InvalidPipelineException.class);
    assertThatThrownBy(() -> Pipeline.named("none").build())
        .isInstanceOf(InvalidPipelineException.class);
    StepBuilder unused = p.step("begun");
    assertThatThrownBy(p::build)
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("[begun]");
  }

  @Test
  void aParameterThatIsUnknownMissingOrOfAWrongTypeIsRefused() {
    Pipeline.Builder p = Pipeline.named("parameters");
    Parameter<Integer> depth = p.parameter("depth", Integer.class);
    Parameter<Boolean> fast = p.parameter("fast", false);
    Parameter<RunStatus> status = p.parameter("status", RunStatus.FAILED);
    p.step("one")
        .from(depth, fast, status)
        .gives(Outputs.json(Integer.class), (step, d, f, s) -> d);
    PipelineLaunch launch = p.build().in(workspace);

    assertThatThrownBy(() -> launch.parameter("depth", "deep"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessage("parameter \"depth\" is a Integer, found \"deep\"");
    assertThatThrownBy(() -> launch.parameter("fast", "yes"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("true or false");
    assertThatThrownBy(() -> launch.parameter("status", "GONE"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("FINISHED");
    assertThatThrownBy(() -> launch.parameter("dept", "1"))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("[depth, fast, status]");
    assertThatThrownBy(launch::run)
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("[depth]");
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.runs("parameters")).isEmpty();
    }
  }

  @Test
  void anOutputThatIsNotTheSameWhenItIsReadAgainFailsItsStep() {
    Pipeline.Builder p = Pipeline.named("unstorable");
    Step<Object> object = p.step("object").gives(Outputs.json(Object.class), step -> new Object());
    Step<Long> nothing = p.step("null").gives(Outputs.json(Long.class), step -> null);
    Step<Path> gone =
        p.step("file").gives(Outputs.file(), step -> step.directory().resolve("gone"));
    Step<Dataset> empty =
        p.step("dataset")
            .gives(Outputs.dataset(), step -> Dataset.builder(Schema.builder().build()).build());
    PipelineRun run = p.build().in(workspace).run();

    for (Step<?> step : List.of(object, nothing, gone, empty)) {
      assertThat(run.step(step).status()).as(step.name()).isEqualTo(StepStatus.FAILED);
      assertThat(run.failures().get(step.name())).isInstanceOf(UnstorableOutputException.class);
    }
    assertThatThrownBy(() -> Input.of(new Object())).isInstanceOf(UnstorableOutputException.class);
  }

  @Test
  void replacedStepsAreNotDoneNorThoseThatOnlyTheyNeed() {
    Pipeline.Builder p = Pipeline.named("replaced");
    Step<Integer> source =
        p.step("source")
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  throw new IllegalStateException("the real source is not for tests");
                });
    Step<Dataset> read =
        p.step("read").from(source).gives(Outputs.dataset(), (step, n) -> rows(1_000));
    Step<Integer> count =
        p.step("count")
            .from(read)
            .gives(Outputs.json(Integer.class), (step, rows) -> rows.rowCount());
    PipelineRun run = p.build().in(workspace).replace(read, rows(4)).run().orThrow();

    assertThat(run.output(count)).isEqualTo(4);
    assertThat(run.step(read).status()).isEqualTo(StepStatus.REPLACED);
    assertThat(run.step(source).status()).isEqualTo(StepStatus.SKIPPED);
    assertThat(run.output(read).digest()).isEqualTo(rows(4).digest());
  }

  @Test
  void oneStepAloneTakesWhatTheStepsBeforeItGaveLast() {
    Pipeline.Builder p = Pipeline.named("alone");
    Parameter<Integer> n = p.parameter("n", 2);
    Step<Integer> first =
        p.step("first").from(n).gives(Outputs.json(Integer.class), (step, it) -> it);
    Step<Integer> second =
        p.step("second").from(first).gives(Outputs.json(Integer.class), (step, it) -> it * 10);
    Pipeline pipeline = p.build();

    assertThatThrownBy(() -> pipeline.in(workspace).only("second").run())
        .isInstanceOf(MissingOutputException.class)
        .hasMessageContaining("[first]");
    pipeline.in(workspace).parameter("n", "5").only("first").run().orThrow();
    PipelineRun before = pipeline.in(workspace).parameter("n", "6").run().orThrow();
    assertThatThrownBy(() -> pipeline.in(workspace).only("second").run())
        .as("no run had n = 2")
        .isInstanceOf(MissingOutputException.class);
    PipelineRun run = pipeline.in(workspace).parameter("n", "5").only("second").run().orThrow();
    PipelineRun other = pipeline.in(workspace).only("second", before.id()).run().orThrow();
    assertThat(other.output(second)).isEqualTo(60);
    assertThat(other.step(first).reason()).isEqualTo("from run " + before.id());
    assertThatThrownBy(() -> pipeline.in(workspace).only("second", run.id()).run())
        .isInstanceOf(MissingOutputException.class)
        .hasMessageContaining(run.id());

    assertThat(run.output(second)).isEqualTo(50);
    assertThat(run.steps())
        .extracting(StepResult::status)
        .containsExactly(StepStatus.KEPT, StepStatus.FINISHED);
    assertThatThrownBy(() -> pipeline.in(workspace).only("third"))
        .isInstanceOf(NoSuchStepException.class);
  }

  @Test
  void oneStepAloneTakesAnOlderOutputIfTheLastOneCannotBeUsed() throws IOException {
    AtomicInteger made = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("unusable");
    Step<Path> first =
        p.step("first")
            .gives(
                Outputs.file(),
                step ->
                    Files.writeString(
                        step.directory().resolve("out.txt"), "made " + made.incrementAndGet()));
    Step<String> second =
        p.step("second")
            .from(first)
            .gives(Outputs.json(String.class), (step, file) -> Files.readString(file));
    Pipeline pipeline = p.build();
    PipelineRun older = pipeline.in(workspace).run().orThrow();
    PipelineRun newer = pipeline.in(workspace).run().orThrow();
    deleteFile("made 2");

    assertThat(pipeline.in(workspace).only("second").plan().step("first").reason())
        .isEqualTo("from run " + older.id());
    PipelineRun run = pipeline.in(workspace).only("second").run().orThrow();
    assertThat(run.output(second)).isEqualTo("made 1");
    assertThatThrownBy(() -> pipeline.in(workspace).only("second", newer.id()).run())
        .isInstanceOf(MissingOutputException.class)
        .hasMessageContaining(newer.id());
    deleteFile("made 1");
    assertThatThrownBy(() -> pipeline.in(workspace).only("second").run())
        .isInstanceOf(MissingOutputException.class);
  }

  /** Of the artifacts the one with this content. */
  private void deleteFile(String content) throws IOException {
    try (Stream<Path> all = Files.walk(workspace.directory().resolve("artifacts"))) {
      for (Path each : all.filter(Files::isRegularFile).toList()) {
        if (Arrays.equals(Files.readAllBytes(each), content.getBytes(UTF_8))) {
          Files.delete(each);
        }
      }
    }
  }

  @Test
  void whatAStepKeepsItselfDoesNotStandInThePlaceOfItsOutputAndLog() {
    Pipeline.Builder p = Pipeline.named("own");
    Step<Dataset> data =
        p.step("data")
            .gives(
                Outputs.dataset(),
                step -> {
                  step.run().artifact("data.csv", "mine");
                  step.run().artifact("log.txt", "mine");
                  step.log().info("done");
                  return rows(4);
                });
    PipelineRun run = p.build().in(workspace).run().orThrow();

    String id = String.valueOf(run.step(data).runId());
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(id).artifacts())
          .containsOnlyKeys("data.csv", "log.txt", "pipeline/data.csv", "pipeline/log.txt");
      assertThat(tracking.artifact(id, "data.csv")).isEqualTo("mine".getBytes(UTF_8));
    }
    assertThat(run.output(data).rowCount()).isEqualTo(4);
  }
}
