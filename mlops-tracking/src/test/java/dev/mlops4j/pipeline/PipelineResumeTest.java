package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.tracking.NoSuchRunException;
import dev.mlops4j.tracking.RunNotResumableException;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on after a failure. */
class PipelineResumeTest {

  @TempDir Path directory;
  private final AtomicInteger firsts = new AtomicInteger();
  private final AtomicInteger items = new AtomicInteger();
  private volatile boolean broken = true;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Pipeline pipeline(String version) {
    Pipeline.Builder p = Pipeline.named("resumed");
    Parameter<Integer> n = p.parameter("n", 3);
    Step<List<Integer>> first =
        p.step("first")
            .version(version)
            .from(n)
            .gives(
                Outputs.jsonList(Integer.class),
                (step, it) -> {
                  firsts.incrementAndGet();
                  return List.of(1, 2, it);
                });
    Step<List<Integer>> each =
        p.forEach("each", first, i -> "i" + i)
            .gives(
                Outputs.json(Integer.class),
                (step, i) -> {
                  items.incrementAndGet();
                  if (i == 2 && broken) {
                    throw new IOException("two is broken");
                  }
                  return i * i;
                });
    p.step("sum")
        .from(each)
        .gives(
            Outputs.json(Integer.class),
            (step, all) -> all.stream().mapToInt(Integer::intValue).sum());
    return p.build();
  }

  @Test
  void whatIsDoneIsKeptAndTheRestIsDoneInTheSameRun() {
    Pipeline pipeline = pipeline("1");
    PipelineRun failed = pipeline.in(workspace).parameter("n", "5").run();
    assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
    assertThat(failed.failures().get("each")).isInstanceOf(ItemsFailedException.class);
    broken = false;
    PipelineRun resumed = pipeline.in(workspace).resume(failed.id()).orThrow();

    assertThat(resumed.id()).isEqualTo(failed.id());
    assertThat(resumed.steps())
        .extracting(StepResult::status)
        .containsExactly(StepStatus.KEPT, StepStatus.FINISHED, StepStatus.FINISHED);
    assertThat(resumed.output(pipeline.step("sum"))).isEqualTo(1 + 4 + 25);
    assertThat(firsts).hasValue(1);
    assertThat(items).hasValue(3 + 1);
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(failed.id()).status()).isEqualTo(RunStatus.FINISHED);
      assertThat(tracking.run(failed.id()).resumes()).hasSize(1);
    }
    assertThatThrownBy(() -> pipeline.in(workspace).resume(failed.id()))
        .isInstanceOf(RunNotResumableException.class);
  }

  @Test
  void aChangedPipelineIsRefusedWithWhatHasChangedUnlessThatIsAllowed() {
    PipelineRun failed = pipeline("1").in(workspace).run();
    broken = false;
    Pipeline changed = pipeline("2");
    assertThatThrownBy(() -> changed.in(workspace).resume(failed.id()))
        .isInstanceOf(PipelineChangedException.class)
        .hasMessageContaining("step \"first\" has another version")
        .hasMessageContaining("allowChangedCode()");
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(failed.id()).status()).isEqualTo(RunStatus.FAILED);
    }
    PipelineRun resumed = changed.in(workspace).allowChangedCode().resume(failed.id());
    assertThat(resumed.orThrow().step("first").status()).isEqualTo(StepStatus.FINISHED);
    assertThat(firsts).hasValue(2);
  }

  @Test
  void otherCodeIsSeenToo() {
    StepBody.Zero<Integer> failing =
        step -> {
          throw new IOException("broken");
        };
    PipelineRun failed = ofCode(failing).in(workspace).run();
    assertThatThrownBy(() -> ofCode(new Fixed()).in(workspace).resume(failed.id()))
        .isInstanceOf(PipelineChangedException.class)
        .hasMessageContaining("the code of step \"code\" has changed");
    assertThat(ofCode(new Fixed()).in(workspace).allowChangedCode().resume(failed.id()).status())
        .isEqualTo(RunStatus.FINISHED);
  }

  private static Pipeline ofCode(StepBody.Zero<Integer> code) {
    Pipeline.Builder p = Pipeline.named("code");
    p.step("code").gives(Outputs.json(Integer.class), code);
    return p.build();
  }

  private static final class Fixed implements StepBody.Zero<Integer> {
    @Override
    public Integer run(StepContext step) {
      return 1;
    }
  }

  @Test
  void theParametersOfARunStay() {
    Pipeline pipeline = pipeline("1");
    PipelineRun failed = pipeline.in(workspace).parameter("n", "5").run();
    broken = false;
    assertThatThrownBy(() -> pipeline.in(workspace).parameter("n", "6").resume(failed.id()))
        .isInstanceOf(InvalidParameterException.class)
        .hasMessageContaining("has 5 for parameter \"n\"");
    assertThat(pipeline.in(workspace).parameter("n", "5").resume(failed.id()).status())
        .isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void aRunThatGoesOnIsUnknownOrAnotherPipelinesIsRefused() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    Pipeline slow =
        ofCode(
            step -> {
              entered.countDown();
              release.await();
              return 1;
            });
    RunningPipeline running = slow.in(workspace).start();
    entered.await();
    assertThatThrownBy(() -> slow.in(workspace).resume(running.id()))
        .isInstanceOf(PipelineRunningException.class);
    assertThatThrownBy(() -> pipeline("1").in(workspace).resume(running.id()))
        .isInstanceOf(PipelineChangedException.class)
        .hasMessageContaining("no run of pipeline \"resumed\"");
    assertThatThrownBy(() -> slow.in(workspace).resume("4711"))
        .isInstanceOf(NoSuchRunException.class);
    release.countDown();
    assertThat(running.await().status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void aRunOfOneStepGoesOnWithThatStepAloneAlsoBesideOthers() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch release = new CountDownLatch(1);
    AtomicInteger promoted = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("one-step");
    Step<Integer> first =
        p.step("first")
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  if (firsts.incrementAndGet() == 2) {
                    entered.countDown();
                    release.await();
                  }
                  return 7;
                });
    Step<Integer> second =
        p.step("second")
            .from(first)
            .gives(
                Outputs.json(Integer.class),
                (step, n) -> {
                  if (broken) {
                    throw new IOException("broken");
                  }
                  return n + 1;
                });
    p.step("promote")
        .from(second)
        .gives(Outputs.json(Integer.class), (step, n) -> promoted.incrementAndGet());
    Pipeline pipeline = p.build();
    String before = pipeline.in(workspace).run().id();
    PipelineRun last = pipeline.in(workspace).only("second").run();
    PipelineRun ofRun = pipeline.in(workspace).only("second", before).run();
    broken = false;
    RunningPipeline other = pipeline.in(workspace).start();
    entered.await();

    for (PipelineRun failed : List.of(last, ofRun)) {
      PipelineRun resumed = pipeline.in(workspace).resume(failed.id()).orThrow();
      assertThat(resumed.output(second)).isEqualTo(8);
      assertThat(resumed.steps())
          .extracting(StepResult::status)
          .containsExactly(StepStatus.KEPT, StepStatus.FINISHED);
      assertThat(resumed.step(first).reason()).isEqualTo("from run " + before);
    }
    assertThat(promoted).hasValue(0);
    release.countDown();
    assertThat(other.await().status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void settingsThatOnlyARunThatBeginsCanFollowAreRefused() {
    String id = pipeline("1").in(workspace).run().id();
    PipelineLaunch launch =
        pipeline("1").in(workspace).tag("why", "test").refresh("first").refreshAll().only("each");
    assertThatThrownBy(() -> launch.resume(id))
        .isInstanceOf(SettingNotForResumeException.class)
        .hasMessageContaining("tag why, refresh of first, refresh of all steps, step each only");
  }

  @Test
  void aChangeOfAPipelineWithVeryManyStepsIsSeen() {
    String id = many(new Fixed()).in(workspace).run().id();
    assertThatThrownBy(() -> many(step -> 2).in(workspace).resume(id))
        .isInstanceOf(PipelineChangedException.class);
    assertThat(PipelineGraph.changes(PipelineGraph.of(many(new Fixed())), many(new Fixed())))
        .isEmpty();
  }

  /** More than a tag of a run has room for; the first step fails, so that no other is done. */
  private static Pipeline many(StepBody.Zero<Integer> code) {
    Pipeline.Builder p = Pipeline.named("many");
    Step<Integer> first =
        p.step("first")
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  throw new IOException("no");
                });
    for (int i = 0; i < 400; i++) {
      p.step("step-" + i + "-" + "x".repeat(150))
          .when(first, it -> true, "never")
          .gives(Outputs.json(Integer.class), code);
    }
    return p.build();
  }
}
