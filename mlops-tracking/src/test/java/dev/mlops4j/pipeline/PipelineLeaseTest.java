package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Of one pipeline one run goes on, by hand or by a schedule. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineLeaseTest {

  @TempDir Path directory;
  private Workspace workspace;
  private final CountDownLatch entered = new CountDownLatch(1);
  private final CountDownLatch release = new CountDownLatch(1);
  private volatile boolean fails;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    release.countDown();
    workspace.close();
  }

  private Pipeline pipeline(String name) {
    Pipeline.Builder p = Pipeline.named(name);
    Step<Integer> first = p.step("first").gives(Outputs.json(Integer.class), step -> 1);
    p.step("slow")
        .from(first)
        .gives(
            Outputs.json(Integer.class),
            (step, n) -> {
              entered.countDown();
              release.await();
              if (fails) {
                throw new IllegalStateException("no");
              }
              return n;
            });
    return p.build();
  }

  @Test
  void aRunIsRefusedWhileAnotherOneOfThePipelineGoesOnUnlessThatIsAllowed() throws Exception {
    Pipeline pipeline = pipeline("one");
    RunningPipeline running = pipeline.in(workspace).start();
    entered.await();
    try (Workspace other = Workspace.open(directory.resolve("workspace"))) {
      assertThatThrownBy(() -> pipeline.in(other).run())
          .isInstanceOf(PipelineRunningException.class)
          .hasMessageContaining("\"one\"")
          .hasMessageContaining(running.id());
    }
    RunningPipeline beside = pipeline.in(workspace).allowOverlap().start();
    RunningPipeline another = pipeline("two").in(workspace).start();
    assertThat(pipeline.in(workspace).only("first").run().status()).isEqualTo(RunStatus.FINISHED);
    release.countDown();
    for (RunningPipeline each : List.of(running, beside, another)) {
      assertThat(each.await().status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  void howeverARunEndsOrFailsToBeginTheNextOneBegins() {
    fails = true;
    release.countDown();
    Pipeline pipeline = pipeline("ends");
    String failed = pipeline.in(workspace).run().id();
    assertThatThrownBy(() -> pipeline.in(workspace).only("slow", "4711").run()).isNotNull();
    Pipeline.Builder p = Pipeline.named("ends");
    p.parameter("missing", String.class);
    p.step("one").gives(Outputs.json(Integer.class), step -> 1);
    assertThatThrownBy(() -> p.build().in(workspace).run())
        .isInstanceOf(InvalidParameterException.class);
    fails = false;
    assertThat(pipeline.in(workspace).resume(failed).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(pipeline.in(workspace).run().status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void aRunWhosePipelineAnotherTookOverIsCancelledAtItsNextSignOfLife() throws Exception {
    Pipeline pipeline = pipeline("lost");
    LaunchSettings settings = pipeline.in(workspace).settings();
    RunningPipeline running =
        RunningPipeline.start(pipeline, workspace, settings, null, Duration.ofMillis(20));
    entered.await();
    takeOver("lost");
    assertThat(running.await().status()).isEqualTo(RunStatus.KILLED);
    assertThat(running.wasTakenOver()).isTrue();
    assertThat(claims().isHeld("pipeline lost", "another")).isTrue();
  }

  @Test
  void aRunThatIsCancelledByHandWasNotTakenOver() throws Exception {
    RunningPipeline running = pipeline("by-hand").in(workspace).start();
    entered.await();
    running.cancel();
    takeOver("by-hand");
    running.beat();
    assertThat(running.await().status()).isEqualTo(RunStatus.KILLED);
    assertThat(running.wasTakenOver()).isFalse();
  }

  @Test
  void workWhosePipelineAnotherTookOverWaitsForItAndGoesOnWithItsRun() throws Exception {
    Pipeline pipeline = pipeline("resumed");
    List<String> begun = new CopyOnWriteArrayList<>();
    AttemptedRun attempted =
        new AttemptedRun(
            pipeline,
            workspace,
            pipeline.in(workspace).settings(),
            null,
            id -> {
              begun.add(id);
              takeOver("resumed");
            },
            Duration.ofMillis(20));
    CompletableFuture<PipelineReport> end = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                end.complete(attempted.run());
              } catch (Throwable e) {
                end.completeExceptionally(e);
              }
            });
    thread.start();
    while (begun.isEmpty() || !isKilled(begun.get(0))) {
      Thread.onSpinWait();
    }
    release.countDown();
    claims().release("pipeline resumed", "another");
    PipelineReport report = end.get();
    assertThat(report.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(begun).containsExactly(report.runId());
  }

  private boolean isKilled(String runId) {
    try (Tracking tracking = Tracking.in(workspace)) {
      return tracking.run(runId).status() == RunStatus.KILLED;
    }
  }

  private void takeOver(String pipeline) {
    Instant later = Instant.now().plus(JdbcStepCache.LIVING_CLAIM_LIFE).plusSeconds(1);
    assertThat(claims().claim("pipeline " + pipeline, "another", later)).isTrue();
  }

  private JdbcStepCache claims() {
    return new JdbcStepCache(workspace.database(Area.METADATA));
  }

  @Test
  void aScheduledRunWaitsForTheOneThatGoesOn() throws Exception {
    Pipeline pipeline = pipeline("scheduled");
    RunningPipeline byHand = pipeline.in(workspace).start();
    entered.await();
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = define(scheduler, pipeline);
    scheduler.start();
    schedule.runNow();
    while (schedule.history(1).get(0).state() != FiringRecord.State.RUNNING) {
      Thread.onSpinWait();
    }
    release.countDown();
    Instant end = Optional.ofNullable(byHand.await().report().endedAt()).orElseThrow();
    FiringRecord done = awaited(schedule, FiringRecord.State.DONE);
    PipelineReport report = reported(String.valueOf(done.runId()));
    assertThat(report.startedAt()).isAfterOrEqualTo(end);
    assertThat(done.text()).isEqualTo(report.runId());
  }

  @Test
  void whatASchedulerThatClosesHasCancelledTheNextOneGoesOnWith() throws Exception {
    Pipeline pipeline = pipeline("given-back");
    Scheduler first = Scheduler.in(workspace);
    Schedule schedule = define(first, pipeline);
    first.start();
    schedule.runNow();
    entered.await();
    first.close();
    release.countDown();
    Scheduler second = Scheduler.in(workspace);
    Schedule again = define(second, pipeline);
    assertThat(second.runDue()).isEqualTo(1);
    FiringRecord done = again.history(1).get(0);
    assertThat(done.state()).isEqualTo(FiringRecord.State.DONE);
    PipelineReport report = reported(String.valueOf(done.runId()));
    assertThat(report.steps())
        .extracting(StepResult::status)
        .containsExactly(StepStatus.KEPT, StepStatus.FINISHED);
  }

  @Test
  void whatTheCloseOfItsWorkspaceCutsOffHasNotFailedAndTheNextSchedulerGoesOnWithIt()
      throws Exception {
    Pipeline pipeline = pipeline("cut-off");
    JdbcScheduleStore store = new JdbcScheduleStore(workspace.database(Area.METADATA));
    Scheduler first = Scheduler.in(workspace);
    Schedule schedule = define(first, pipeline);
    // Between the close of the pipeline and that of the scheduler.
    workspace.onClose(
        () -> {
          while (store.history("cut-off", 1).get(0).state() == FiringRecord.State.RUNNING) {
            Thread.onSpinWait();
          }
        });
    first.start();
    schedule.runNow();
    entered.await();
    workspace.close();
    release.countDown();
    open();
    Scheduler second = Scheduler.in(workspace);
    Schedule again = define(second, pipeline);
    assertThat(again.history(1).get(0).state()).isEqualTo(FiringRecord.State.WAITING);
    assertThat(second.runDue()).isEqualTo(1);
    FiringRecord done = again.history(1).get(0);
    assertThat(done.state()).isEqualTo(FiringRecord.State.DONE);
    assertThat(done.attempts()).isEqualTo(1);
    assertThat(reported(String.valueOf(done.runId())).steps())
        .extracting(StepResult::status)
        .containsExactly(StepStatus.KEPT, StepStatus.FINISHED);
  }

  @Test
  void whatIsGivenBackIsNotRunAgainAtOnceByTheSchedulerThatRanIt() throws Exception {
    Pipeline pipeline = pipeline("elsewhere");
    Workspace other = Workspace.open(directory.resolve("other"));
    other.close();
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule =
        scheduler
            .schedule("elsewhere")
            .every(Duration.ofDays(365))
            .run(firing -> pipeline.in(other).run(firing).runId());
    schedule.runNow();
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(schedule.history(1).get(0).state()).isEqualTo(FiringRecord.State.WAITING);
  }

  @Test
  void anAttemptAfterTheRunHadEndedFindsItAndOneAfterAChangeBeginsAnew() throws Exception {
    release.countDown();
    Pipeline pipeline = pipeline("again");
    String finished = pipeline.in(workspace).run().id();
    assertThat(pipeline.in(workspace).run(firing(finished)).runId()).isEqualTo(finished);

    fails = true;
    String failed = pipeline.in(workspace).run().id();
    fails = false;
    Pipeline.Builder changed = Pipeline.named("again");
    changed.step("other").gives(Outputs.json(Integer.class), step -> 1);
    PipelineReport anew = changed.build().in(workspace).run(firing(failed));
    assertThat(anew.runId()).isNotEqualTo(failed);
    assertThat(anew.steps()).extracting(StepResult::name).containsExactly("other");
    assertThat(pipeline.in(workspace).run(firing(failed)).runId()).isEqualTo(failed);
  }

  @Test
  void anAttemptBeginsAnewIfTheRunIsGoneOrHadAnotherParameterAndDoesNothingIfItIsDone()
      throws Exception {
    AtomicInteger done = new AtomicInteger();
    Pipeline.Builder p = Pipeline.named("parameter");
    var n = p.parameter("n", 1);
    p.step("one")
        .from(n)
        .gives(
            Outputs.json(Integer.class),
            (step, it) -> {
              if (fails) {
                throw new IllegalStateException("no");
              }
              return done.incrementAndGet();
            });
    Pipeline pipeline = p.build();
    fails = true;
    String failed = pipeline.in(workspace).run().id();
    String deleted = pipeline.in(workspace).run().id();
    try (Tracking tracking = Tracking.in(workspace)) {
      tracking.delete(deleted);
    }
    fails = false;
    PipelineReport other = pipeline.in(workspace).parameter("n", "2").run(firing(failed));
    assertThat(other.runId()).isNotEqualTo(failed);
    assertThat(pipeline.in(workspace).run(firing(deleted)).runId()).isNotEqualTo(deleted);
    assertThat(pipeline.in(workspace).run(firing("4711")).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(done).hasValue(3);

    RunningPipeline byHand = pipeline("parameter").in(workspace).start();
    entered.await();
    PipelineReport same = pipeline.in(workspace).parameter("n", "2").run(firing(other.runId()));
    assertThat(same.runId()).as("waits for nobody").isEqualTo(other.runId());
    release.countDown();
    assertThat(byHand.await().status()).isEqualTo(RunStatus.FINISHED);
    assertThat(done).hasValue(3);
  }

  private Firing firing(String earlierRun) {
    JdbcScheduleStore store = new JdbcScheduleStore(workspace.database(Area.METADATA));
    Instant now = Instant.now();
    String name = "s" + System.nanoTime();
    ScheduleState seen = store.define(name, "every PT1H", now);
    FiringRecord due = FiringRecord.due(name, now, 0).begun(now, now.plusSeconds(60));
    FiringRecord begun = store.advance(seen, now, due).orElseThrow();
    assertThat(store.track(begun, earlierRun)).isTrue();
    FiringRecord tracked = store.find(name).orElseThrow().open().get(0);
    return new Firing(store, Instant::now, Duration.ofMinutes(1), tracked);
  }

  private Schedule define(Scheduler scheduler, Pipeline pipeline) {
    return scheduler
        .schedule(pipeline.name())
        .every(Duration.ofDays(365))
        .run(firing -> pipeline.in(workspace).run(firing).runId());
  }

  private PipelineReport reported(String runId) {
    try (Tracking tracking = Tracking.in(workspace)) {
      return PipelineReport.read(tracking, runId);
    }
  }

  private static FiringRecord awaited(Schedule schedule, FiringRecord.State state) {
    FiringRecord last = schedule.history(1).get(0);
    while (last.state() != state) {
      Thread.onSpinWait();
      last = schedule.history(1).get(0);
    }
    return last;
  }
}
