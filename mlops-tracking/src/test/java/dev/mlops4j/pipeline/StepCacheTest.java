package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When the output of a step is taken from an earlier run, and when it is not. */
class StepCacheTest {

  @TempDir Path directory;
  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-03-01T00:00:00Z"));
  private final InstantSource clock = now::get;
  private final AtomicInteger reads = new AtomicInteger();
  private final AtomicInteger trainings = new AtomicInteger();
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).systemClock(clock).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  /** Two cached steps; the first reads the outside world, of which it sees {@code world}. */
  private Pipeline pipeline(int world, String version) {
    Pipeline.Builder p = Pipeline.named("cached");
    Parameter<Integer> depth = p.parameter("depth", 6);
    Step<Integer> read =
        p.step("read")
            .readsOutside(Duration.ofHours(1))
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  reads.incrementAndGet();
                  return world;
                });
    p.step("train")
        .version(version)
        .cached()
        .from(read, depth)
        .gives(
            Outputs.json(Integer.class),
            (step, rows, d) -> {
              trainings.incrementAndGet();
              return rows * d;
            });
    return p.build();
  }

  private Object train(PipelineRun run, Pipeline pipeline) {
    return run.output(pipeline.step("train"));
  }

  private static List<StepStatus> statuses(PipelineRun run) {
    return run.steps().stream().map(StepResult::status).toList();
  }

  @Test
  void theSameStepsWithTheSameInputsAreDoneOnce() {
    Pipeline pipeline = pipeline(7, "1");
    PipelineRun first = pipeline.in(workspace).run().orThrow();
    PipelineRun second = pipeline.in(workspace).run().orThrow();

    assertThat(statuses(second)).containsOnly(StepStatus.CACHED);
    assertThat(train(second, pipeline)).isEqualTo(42);
    assertThat(second.step("train").output()).isEqualTo(first.step("train").output());
    assertThat(second.step("train").reason()).isEqualTo("from run " + first.step("train").runId());
    assertThat(List.of(reads.get(), trainings.get())).containsExactly(1, 1);
  }

  @Test
  void anotherParameterOrVersionIsAMissAndTheFirstIsAHitStill() {
    pipeline(7, "1").in(workspace).run().orThrow();
    PipelineRun deeper = pipeline(7, "1").in(workspace).parameter("depth", "8").run().orThrow();
    PipelineRun newer = pipeline(7, "2").in(workspace).run().orThrow();
    PipelineRun again = pipeline(7, "1").in(workspace).run().orThrow();

    assertThat(statuses(deeper)).containsExactly(StepStatus.CACHED, StepStatus.FINISHED);
    assertThat(statuses(newer)).containsExactly(StepStatus.CACHED, StepStatus.FINISHED);
    assertThat(statuses(again)).containsOnly(StepStatus.CACHED);
    assertThat(trainings).hasValue(3);
  }

  @Test
  void whatReadsTheOutsideIsReadAgainWhenItIsTooOldAndTheRestGoesByWhatItGives() {
    pipeline(7, "1").in(workspace).run().orThrow();
    now.updateAndGet(it -> it.plus(Duration.ofHours(1)));
    assertThat(statuses(pipeline(7, "1").in(workspace).run())).containsOnly(StepStatus.CACHED);
    now.updateAndGet(it -> it.plusMillis(1));

    PipelineRun same = pipeline(7, "1").in(workspace).run().orThrow();
    assertThat(statuses(same)).containsExactly(StepStatus.FINISHED, StepStatus.CACHED);
    now.updateAndGet(it -> it.plus(Duration.ofHours(2)));
    PipelineRun changed = pipeline(8, "1").in(workspace).run().orThrow();
    assertThat(statuses(changed)).containsOnly(StepStatus.FINISHED);
  }

  @Test
  void refreshDoesStepsAgainAndKeepsTheNewOutput() {
    pipeline(7, "1").in(workspace).run().orThrow();
    now.updateAndGet(it -> it.plusSeconds(1));
    PipelineRun run = pipeline(8, "1").in(workspace).refresh("read").run().orThrow();
    assertThat(statuses(run)).containsOnly(StepStatus.FINISHED);
    assertThat(statuses(pipeline(8, "1").in(workspace).run())).containsOnly(StepStatus.CACHED);
    now.updateAndGet(it -> it.plusSeconds(1));
    assertThat(statuses(pipeline(8, "1").in(workspace).refreshAll().run()))
        .containsOnly(StepStatus.FINISHED);
  }

  @Test
  void anOutputThatWasAlteredOrIsGoneIsMadeAgain() throws IOException {
    Pipeline.Builder p = Pipeline.named("corrupt");
    Step<Path> file =
        p.step("file")
            .cached()
            .gives(
                Outputs.file(),
                step -> Files.writeString(step.directory().resolve("out.txt"), "content"));
    Pipeline pipeline = p.build();
    pipeline.in(workspace).run().orThrow();
    Path kept = artifactWith("content");
    Files.writeString(kept, "confent");

    PipelineRun altered = pipeline.in(workspace).run().orThrow();
    assertThat(altered.step(file).status()).isEqualTo(StepStatus.FINISHED);
    assertThat(altered.output(file)).hasContent("content");
    Files.delete(artifactWith("content"));
    assertThat(pipeline.in(workspace).plan().step("file").action()).isEqualTo(PlannedAction.RUN);
    PipelineRun gone = pipeline.in(workspace).run().orThrow();
    assertThat(gone.step(file).status()).isEqualTo(StepStatus.FINISHED);
    assertThat(pipeline.in(workspace).run().step(file).status()).isEqualTo(StepStatus.CACHED);
  }

  private Path artifactWith(String content) throws IOException {
    try (Stream<Path> all = Files.walk(directory.resolve("workspace/artifacts"))) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        if (Files.readString(file).equals(content)) {
          return file;
        }
      }
    }
    throw new AssertionError("no artifact with " + content);
  }

  @Test
  void aHitOnWhatOtherCodeMadeSaysSoAndIsAMissIfThatIsSet() {
    Pipeline first = ofCode(new One(), false);
    first.in(workspace).run().orThrow();
    PipelineRun hit = ofCode(new Two(), false).in(workspace).run().orThrow();

    assertThat(hit.step("code").status()).isEqualTo(StepStatus.CACHED);
    assertThat(hit.step("code").codeChanged()).isTrue();
    assertThat(ofCode(new Two(), false).in(workspace).plan().step("code").reason())
        .endsWith("its code has changed since");
    assertThat(ofCode(new One(), true).in(workspace).run().step("code").status())
        .isEqualTo(StepStatus.CACHED);
    PipelineRun miss = ofCode(new Two(), true).in(workspace).run().orThrow();
    assertThat(miss.step("code").status()).isEqualTo(StepStatus.FINISHED);
    assertThat(miss.step("code").codeChanged()).isFalse();
  }

  private static Pipeline ofCode(StepBody.Zero<Integer> code, boolean misses) {
    Pipeline.Builder p = Pipeline.named("code");
    StepBuilder step = p.step("code").cached();
    (misses ? step.missOnChangedCode() : step).gives(Outputs.json(Integer.class), code);
    return p.build();
  }

  private static final class One implements StepBody.Zero<Integer> {
    @Override
    public Integer run(StepContext step) {
      return 1;
    }
  }

  private static final class Two implements StepBody.Zero<Integer> {
    @Override
    public Integer run(StepContext step) {
      return 2;
    }
  }

  @Test
  void thePlanSaysWhatWouldBeDoneAndWhatHasChanged() {
    Pipeline pipeline = pipeline(7, "1");
    PipelinePlan before = pipeline.in(workspace).plan();
    assertThat(before.step("read").reason()).isEqualTo("it was never done");
    assertThat(before.step("train").action()).isEqualTo(PlannedAction.DEPENDS);
    pipeline.in(workspace).run().orThrow();

    assertThat(pipeline.in(workspace).plan().steps())
        .extracting(PlannedStep::action)
        .containsOnly(PlannedAction.CACHED);
    PlannedStep deeper = pipeline.in(workspace).parameter("depth", "8").plan().step("train");
    assertThat(deeper.action()).isEqualTo(PlannedAction.RUN);
    assertThat(deeper.reason()).isEqualTo("parameter depth was 6 and is 8 since it was done last");
    assertThat(pipeline(7, "2").in(workspace).plan().step("train").reason())
        .isEqualTo("version was 1 and is 2 since it was done last");
    assertThat(pipeline.in(workspace).refresh("read").plan().step("read").reason())
        .isEqualTo("it is to be refreshed");
    now.updateAndGet(it -> it.plus(Duration.ofHours(2)));
    assertThat(pipeline.in(workspace).plan().step("read").reason()).contains("older than PT1H");
    assertThat(pipeline.in(workspace).plan().toText()).contains("train", "DEPENDS");
    assertThat(pipeline.in(workspace).plan().toMermaid()).contains("s0 --> s1");
    assertThat(List.of(reads.get(), trainings.get())).containsExactly(1, 1);
  }

  @Test
  void twoRunsAtOnceDoACachedStepOnce() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger done = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("claimed");
    Step<Integer> slow =
        p.step("slow")
            .cached()
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  entered.countDown();
                  release.await();
                  return done.incrementAndGet();
                });
    Pipeline pipeline = p.build();
    RunningPipeline one = pipeline.in(workspace).allowOverlap().start();
    entered.await();
    RunningPipeline two = pipeline.in(workspace).allowOverlap().start();
    assertThat(two.report().steps().get(0).status()).isEqualTo(StepStatus.WAITING);
    release.countDown();

    assertThat(one.await().step(slow).status()).isEqualTo(StepStatus.FINISHED);
    assertThat(two.await().step(slow).status()).isEqualTo(StepStatus.CACHED);
    assertThat(done).hasValue(1);
  }

  @Test
  void twoRunsAtOnceDoAnElementThatBothHaveOnce() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch third = new CountDownLatch(1);
    Map<Integer, Integer> done = new ConcurrentHashMap<>();
    Pipeline.Builder p = Pipeline.named("elements");
    Parameter<Integer> first = p.parameter("first", 1);
    Step<List<Integer>> list =
        p.step("list")
            .from(first)
            .gives(Outputs.jsonList(Integer.class), (step, n) -> List.of(n, n + 1));
    Step<List<Integer>> each =
        p.forEach("each", list, i -> "element " + i)
            .cached()
            .gives(
                Outputs.json(Integer.class),
                (step, i) -> {
                  if (i == 2) {
                    entered.countDown();
                    release.await();
                  } else if (i == 3) {
                    third.countDown();
                  }
                  done.merge(i, 1, Integer::sum);
                  return 10 * i;
                });
    Pipeline pipeline = p.build();
    RunningPipeline one = pipeline.in(workspace).allowOverlap().start();
    entered.await();
    // On one thread: the element that waits comes first and does not hold it.
    RunningPipeline two =
        pipeline.in(workspace).parameter(first, 2).threads(1).allowOverlap().start();
    assertThat(third.await(1, TimeUnit.MINUTES)).isTrue();
    release.countDown();

    assertThat(one.await().orThrow().output(each)).containsExactly(10, 20);
    assertThat(two.await().orThrow().output(each)).containsExactly(20, 30);
    assertThat(done).containsExactlyInAnyOrderEntriesOf(Map.of(1, 1, 2, 1, 3, 1));
  }

  @Test
  void aClaimIsGivenUpWhenTheStepFails() {
    AtomicInteger tries = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("claim");
    p.step("once")
        .cached()
        .gives(
            Outputs.json(Integer.class),
            step -> {
              if (tries.incrementAndGet() == 1) {
                throw new IOException("not yet");
              }
              return 1;
            });
    Pipeline pipeline = p.build();
    assertThat(statuses(pipeline.in(workspace).run())).containsOnly(StepStatus.FAILED);
    assertThat(statuses(pipeline.in(workspace).run())).containsOnly(StepStatus.FINISHED);
  }

  @Test
  void outputsOfACertainAgeAreCountedAndForgottenAndMadeAgain() {
    MovableClock clock = new MovableClock("2026-01-01T00:00:00Z");
    try (Workspace moved = Workspace.at(directory.resolve("moved")).systemClock(clock).open()) {
      Pipeline.Builder p = Pipeline.named("aged");
      Parameter<Integer> n = p.parameter("n", 1);
      Step<Integer> made =
          p.step("made").cached().from(n).gives(Outputs.json(Integer.class), (step, i) -> i);
      Pipeline pipeline = p.build();
      pipeline.in(moved).run().orThrow();
      clock.set("2026-01-08T00:00:00Z");
      pipeline.in(moved).parameter(n, 2).run().orThrow();
      assertThat(Pipeline.countOutputs(moved, Duration.ofDays(8))).isZero();
      assertThat(Pipeline.countOutputs(moved, Duration.ofDays(5))).isEqualTo(1);
      assertThat(Pipeline.forgetOutputs(moved, Duration.ofDays(5))).isEqualTo(1);
      assertThat(Pipeline.countOutputs(moved, Duration.ofDays(5))).isZero();
      assertThat(pipeline.in(moved).parameter(n, 2).run().step(made).status())
          .isEqualTo(StepStatus.CACHED);
      assertThat(pipeline.in(moved).run().step(made).status()).isEqualTo(StepStatus.FINISHED);
    }
  }
}
