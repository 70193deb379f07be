package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.PrintWriter;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a step is given, what of it is recorded, and that it ends whatever its failure is. */
@Timeout(value = 5, unit = TimeUnit.MINUTES, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StepMendTest {

  @TempDir Path directory;
  private final AtomicReference<Instant> now = new AtomicReference<>(Instant.now());
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(now::get).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  /** Cannot be recorded: its trace and its message are code of the user, and fail. */
  private static final class Unrecordable extends RuntimeException {

    private static final long serialVersionUID = 1L;

    @Override
    public void printStackTrace(PrintWriter out) {
      throw new StackOverflowError();
    }

    @Override
    public String getMessage() {
      throw new StackOverflowError();
    }

    @Override
    public String toString() {
      return "unrecordable";
    }
  }

  @Test
  void aFailureThatCannotBeRecordedEndsItsStepAllTheSame() {
    Pipeline.Builder p = Pipeline.named("unrecordable");
    p.step("one")
        .gives(
            Outputs.json(Integer.class),
            step -> {
              throw new Unrecordable();
            });
    Step<List<Integer>> list =
        p.step("list").gives(Outputs.jsonList(Integer.class), step -> List.of(1, 2));
    p.forEach("each", list, i -> "i" + i)
        .gives(
            Outputs.json(Integer.class),
            (step, i) -> {
              if (i == 1) {
                step.run();
              }
              throw new Unrecordable();
            });
    PipelineRun run = p.build().in(workspace).run();
    assertThat(run.step("one").status()).isEqualTo(StepStatus.FAILED);
    assertThat(run.step("one").reason()).isEqualTo("Unrecordable");
    assertThat(run.step("each").status()).isEqualTo(StepStatus.FAILED);
  }

  @Test
  void whatATakerDoesToAnOutputNoOtherSees() {
    List<Integer> made = new ArrayList<>(List.of(1, 2));
    Pipeline.Builder p = Pipeline.named("fresh");
    Step<List<Integer>> list = p.step("list").gives(Outputs.jsonList(Integer.class), step -> made);
    Step<Integer> first =
        p.step("first")
            .from(list)
            .gives(
                Outputs.json(Integer.class),
                (step, it) -> {
                  it.add(3);
                  return it == made ? -1 : it.size();
                });
    Step<Integer> second =
        p.step("second")
            .from(list, first)
            .gives(Outputs.json(Integer.class), (step, it, n) -> it.size());
    PipelineRun run = p.build().in(workspace).run().orThrow();

    assertThat(run.output(first)).isEqualTo(3);
    assertThat(run.output(second)).isEqualTo(2);
    assertThat(made).hasSize(2);
  }

  @Test
  void aLongCachedOutputOutlivesTheRunThatMadeIt() {
    AtomicInteger done = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("long");
    Step<String> text =
        p.step("text")
            .cached()
            .gives(Outputs.json(String.class), step -> "x".repeat(20_000) + done.incrementAndGet());
    Step<List<Integer>> list =
        p.step("list").gives(Outputs.jsonList(Integer.class), step -> List.of(1));
    Step<List<String>> texts =
        p.forEach("texts", list, i -> "i" + i)
            .cached()
            .gives(Outputs.json(String.class), (step, i) -> "y".repeat(20_000) + i);
    Pipeline pipeline = p.build();
    PipelineRun made = pipeline.in(workspace).run().orThrow();
    PipelineRun hit = pipeline.in(workspace).run().orThrow();
    assertThat(hit.step(text).status()).isEqualTo(StepStatus.CACHED);
    Duration grace = Duration.ofMinutes(1);
    now.updateAndGet(it -> it.plus(Duration.ofDays(1)));
    try (Tracking tracking = Tracking.in(workspace)) {
      tracking.delete(made.id());
      assertThat(tracking.purge(Duration.ZERO, grace).ids()).contains(made.id());
    }
    workspace.artifacts().collectGarbage(grace);

    PipelineRun after = pipeline.in(workspace).run().orThrow();
    assertThat(after.step(text).status()).isEqualTo(StepStatus.CACHED);
    assertThat(after.output(texts)).hasSize(1);
    assertThat(done).hasValue(1);
  }

  @Test
  void anElementOfOtherCodeSaysSoAndIsDoneAgainIfThatIsSet() {
    Pipeline first = ofCode(new Same(), false);
    first.in(workspace).run().orThrow();
    PipelineRun hit = ofCode(new Other(), false).in(workspace).run().orThrow();
    // The step is done, as its list is longer; of its elements one is from the cache.
    assertThat(hit.step("each").codeChanged()).isTrue();
    PipelineRun miss = ofCode(new Third(), true).in(workspace).run().orThrow();
    assertThat(miss.step("each").codeChanged()).isFalse();
  }

  private static Pipeline ofCode(StepBody.One<Integer, Integer> code, boolean misses) {
    Pipeline.Builder p = Pipeline.named("code");
    int longer = code instanceof Same ? 1 : code instanceof Other ? 2 : 3;
    Step<List<Integer>> list =
        p.step("list")
            .gives(
                Outputs.jsonList(Integer.class),
                step -> IntStream.range(0, longer).boxed().toList());
    ForEachBuilder<Integer> each = p.forEach("each", list, i -> "i" + i).cached();
    (misses ? each.missOnChangedCode() : each).gives(Outputs.json(Integer.class), code);
    return p.build();
  }

  private static final class Same implements StepBody.One<Integer, Integer> {
    @Override
    public Integer run(StepContext step, Integer element) {
      return 1;
    }
  }

  private static final class Other implements StepBody.One<Integer, Integer> {
    @Override
    public Integer run(StepContext step, Integer element) {
      return 2;
    }
  }

  private static final class Third implements StepBody.One<Integer, Integer> {
    @Override
    public Integer run(StepContext step, Integer element) {
      return 3;
    }
  }

  @Test
  void theElementsOfAResumedRunAreDoneAgainIfOtherCodeMadeThem() {
    AtomicInteger old = new AtomicInteger();
    AtomicInteger now = new AtomicInteger();
    String id = failing(new Counting(old, true)).in(workspace).run().id();
    Pipeline changed = failing(new CountingAgain(now));
    PipelineRun run = changed.in(workspace).allowChangedCode().resume(id).orThrow();
    assertThat(run.step("each").status()).isEqualTo(StepStatus.FINISHED);
    assertThat(old).hasValue(1);
    assertThat(now).hasValue(2);
  }

  private static Pipeline failing(StepBody.One<Integer, Integer> code) {
    Pipeline.Builder p = Pipeline.named("items");
    Step<List<Integer>> list =
        p.step("list").gives(Outputs.jsonList(Integer.class), step -> List.of(1, 2));
    p.forEach("each", list, i -> "i" + i)
        .missOnChangedCode()
        .gives(Outputs.json(Integer.class), code);
    return p.build();
  }

  private record Counting(AtomicInteger done, boolean fails)
      implements StepBody.One<Integer, Integer> {
    @Override
    public Integer run(StepContext step, Integer element) {
      if (fails && element == 2) {
        throw new IllegalStateException("two is broken");
      }
      return done.incrementAndGet();
    }
  }

  private record CountingAgain(AtomicInteger done) implements StepBody.One<Integer, Integer> {
    @Override
    public Integer run(StepContext step, Integer element) {
      return done.incrementAndGet();
    }
  }

  @Test
  void theThreadsOfARunHaveTheClassLoaderOfWhoStartedIt() throws Exception {
    ClassLoader before = Thread.currentThread().getContextClassLoader();
    try (URLClassLoader own = new URLClassLoader(new URL[0], before)) {
      Thread.currentThread().setContextClassLoader(own);
      Pipeline.Builder p = Pipeline.named("loader");
      Step<Boolean> step =
          p.step("step")
              .gives(
                  Outputs.json(Boolean.class),
                  it -> Thread.currentThread().getContextClassLoader() == own);
      assertThat(p.build().in(workspace).run().output(step)).isTrue();
    } finally {
      Thread.currentThread().setContextClassLoader(before);
    }
  }

  @Test
  void closingTheWorkspaceCancelsARunAndWaitsForItsEnd() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    AtomicInteger interrupted = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("closed");
    p.step("waits")
        .gives(
            Outputs.json(Integer.class),
            step -> {
              entered.countDown();
              try {
                new CountDownLatch(1).await();
                return 1;
              } finally {
                interrupted.incrementAndGet();
              }
            });
    RunningPipeline running = p.build().in(workspace).start();
    entered.await();
    workspace.close();
    assertThat(interrupted).hasValue(1);
    assertThat(running.await().status()).isEqualTo(RunStatus.KILLED);
    workspace = Workspace.open(directory);
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(tracking.run(running.id()).status()).isEqualTo(RunStatus.KILLED);
    }
  }
}
