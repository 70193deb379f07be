package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowable;

import dev.mlops4j.storage.StorageException;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.lang.ref.WeakReference;
import java.nio.file.Path;
import java.time.Duration;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TrackingTest {

  private static final Duration MOMENT = Duration.ofMillis(1);

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(clock).open();
    tracking = Tracking.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aRunIsSeenAsRunningFromItsStartAndAsFinishedAfterItsClose() {
    try (Run run = tracking.start("delay", "first try")) {
      RunRecord seen = tracking.run(run.id());
      assertThat(seen.status()).isEqualTo(RunStatus.RUNNING);
      assertThat(seen.name()).isEqualTo("first try");
      assertThat(seen.experiment()).isEqualTo("delay");
      assertThat(seen.startedAt()).isEqualTo(clock.instant());
      assertThat(seen.endedAt()).isNull();
      clock.advance(MOMENT);
    }
    RunRecord ended = tracking.runs("delay").get(0);
    assertThat(ended.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(ended.endedAt()).isEqualTo(clock.instant());
    assertThat(ended.failure()).isNull();
  }

  @Test
  void aRunWithoutANameGetsOneOfItsExperimentAndId() {
    try (Run run = tracking.start("delay")) {
      assertThat(run.name()).isEqualTo("delay-" + run.id().substring(0, 8));
    }
  }

  @Test
  void theLambdaFormGivesTheFinishedRun() {
    RunRecord run = tracking.run("delay", r -> r.metric("auc", 0.7));
    assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(run.metric("auc")).isEqualTo(0.7);
  }

  @Test
  void theLambdaFormEndsTheRunFailedWithTheStackTraceAndThrowsOn() {
    IOException cause = new IOException("the file is gone");

    Throwable thrown =
        catchThrowable(
            () ->
                tracking.run(
                    "delay",
                    r -> {
                      r.metric("auc", 0.7);
                      throw cause;
                    }));

    assertThat(thrown).isSameAs(cause);
    RunRecord run = tracking.runs("delay", RunStatus.FAILED).get(0);
    assertThat(run.failure())
        .startsWith("java.io.IOException: the file is gone")
        .contains("at " + TrackingTest.class.getName());
    assertThat(run.metric("auc")).isEqualTo(0.7);
  }

  @Test
  void theFormThatGivesSomethingBackEndsTheRunAsItWent() throws IOException {
    IOException cause = new IOException("the file is gone");
    RunFunction<Integer, IOException> failing =
        r -> {
          throw cause;
        };
    int rows =
        tracking.call(
            "delay",
            "n",
            r -> {
              r.metric("auc", 0.7);
              return 7;
            });
    assertThat(rows).isEqualTo(7);
    assertThat(tracking.runs("delay").get(0).status()).isEqualTo(RunStatus.FINISHED);
    assertThat(tracking.runs("delay").get(0).metric("auc")).isEqualTo(0.7);
    assertThat(catchThrowable(() -> tracking.call("delay", "m", failing))).isSameAs(cause);
    assertThat(tracking.runs("delay", RunStatus.FAILED).get(0).failure())
        .startsWith("java.io.IOException: the file is gone");
  }

  @Test
  void aFailedRunStaysFailedWhenItIsClosed() {
    Run run = tracking.start("delay");
    run.fail(new IllegalStateException("no data"));
    run.close();
    run.close();
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void theRunsOfAnExperimentAreListedNewestFirst() {
    Run first = tracking.start("delay");
    clock.advance(MOMENT);
    Run second = tracking.start("delay");
    Run third = tracking.start("delay");
    tracking.start("other");
    third.close();

    assertThat(tracking.runs("delay"))
        .extracting(RunRecord::id)
        .containsExactly(third.id(), second.id(), first.id());
    assertThat(tracking.runs("delay", RunStatus.RUNNING))
        .extracting(RunRecord::id)
        .containsExactly(second.id(), first.id());
    assertThat(tracking.experiments()).containsExactly("delay", "other");
    assertThat(tracking.runs("unknown")).isEmpty();
  }

  @Test
  void anUnknownRunIsAnErrorThatNamesIt() {
    assertThatThrownBy(() -> tracking.run("4711"))
        .isInstanceOf(NoSuchRunException.class)
        .hasMessageContaining("no run \"4711\"")
        .hasMessageContaining("Tracking.runs(experiment) lists");
    assertThatThrownBy(() -> tracking.series("4711", "auc")).isInstanceOf(NoSuchRunException.class);
  }

  @Test
  void aRunWithoutHeartbeatIsAbandonedAfterTheStatedTimeAndNotBefore() {
    Run run = tracking.start("delay");
    clock.advance(Tracking.ABANDONED_AFTER);
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    clock.advance(MOMENT);
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.ABANDONED);
    assertThat(tracking.runs("delay", RunStatus.ABANDONED)).hasSize(1);
  }

  @Test
  void aHeartbeatKeepsARunRunningAndBringsItBack() {
    Run run = tracking.start("delay");
    clock.advance(Tracking.ABANDONED_AFTER.plus(MOMENT));
    tracking.beat();
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(tracking.run(run.id()).seenAt()).isEqualTo(clock.instant());
  }

  @Test
  void anErrorDoesNotEndTheHeartbeats() {
    FailingStore store = new FailingStore(store());
    Heartbeat heartbeat = new Heartbeat(store.proxy(), clock);
    heartbeat.add(tracking.start("delay"));
    store.breakDown();

    assertThatCode(heartbeat::beat).doesNotThrowAnyException();
    heartbeat.close();
  }

  @Test
  void aClosedTrackingIsNotHeldByItsWorkspace() {
    WeakReference<Tracking> closed = closedTracking();

    for (int i = 0; i < 100 && closed.get() != null; i++) {
      System.gc();
    }

    assertThat(closed.get()).isNull();
  }

  private WeakReference<Tracking> closedTracking() {
    Tracking other = Tracking.in(workspace);
    other.close();
    return new WeakReference<>(other);
  }

  @Test
  void aClosedTrackingStartsAndResumesNothing() {
    Tracking other = Tracking.in(workspace);
    Run run = tracking.start("delay");
    Run ended = tracking.start("delay");
    ended.fail(new IllegalStateException());
    other.close();

    assertThatThrownBy(() -> other.start("late"))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("this tracking is closed");
    assertThatThrownBy(() -> other.startChild(run.id(), "late", "a"))
        .isInstanceOf(IllegalStateException.class);
    assertThatThrownBy(() -> other.resume(ended.id())).isInstanceOf(IllegalStateException.class);
    assertThat(tracking.experiments()).containsExactly("delay");
    assertThat(tracking.run(ended.id()).status()).isEqualTo(RunStatus.FAILED);
  }

  @Test
  void anEndedRunGetsNoHeartbeat() {
    Run run = tracking.start("delay");
    run.close();
    RunRecord ended = tracking.run(run.id());
    clock.advance(MOMENT);
    tracking.beat();
    assertThat(tracking.run(run.id())).isEqualTo(ended);
  }

  @Test
  void aRunWhoseProcessHasEndedOnThisHostIsAbandonedAtOnce() {
    ProcessIdentity here = ProcessIdentity.current();
    ProcessIdentity earlier =
        new ProcessIdentity(here.host(), here.space(), here.pid(), here.started() + "0");
    store().create(new RunStart("r1", "delay", "a", clock.instant(), earlier, new TreeMap<>()));

    assertThat(tracking.run("r1").status()).isEqualTo(RunStatus.ABANDONED);
  }

  @Test
  void aRunOfAnotherHostIsRunningUntilItsHeartbeatIsMissed() {
    ProcessIdentity elsewhere = new ProcessIdentity("elsewhere", "elsewhere", 1, "1");
    store().create(new RunStart("r1", "delay", "a", clock.instant(), elsewhere, new TreeMap<>()));

    assertThat(tracking.run("r1").status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  void closingTheWorkspaceKeepsTheMetricsOfOpenRunsAndEndsThemAbandoned() {
    Run run = tracking.start("delay");
    run.metric("auc", 0.7);
    workspace.close();

    try (Workspace again = Workspace.open(directory)) {
      RunRecord seen = Tracking.in(again).run(run.id());
      assertThat(seen.status()).isEqualTo(RunStatus.ABANDONED);
      assertThat(seen.metric("auc")).isEqualTo(0.7);
    }
    assertThatThrownBy(() -> run.metric("auc", 1)).isInstanceOf(RunEndedException.class);
  }

  @Test
  void theProcessAndItsEnvironmentAreStoredWithTheRun() {
    Run run = tracking.start("delay");
    RunRecord seen = tracking.run(run.id());
    assertThat(seen.start().process()).isEqualTo(ProcessIdentity.current());
    assertThat(seen.environment())
        .containsKeys("java", "os", "processors")
        .anySatisfy((key, value) -> assertThat(key).startsWith("class path: "))
        .isEqualTo(RunEnvironment.current(TrackingOptions.DEFAULT));
  }

  @Test
  void namesThatAreNotAcceptedAreErrorsAndStartNothing() {
    for (String name : new String[] {"", "  ", "a\nb", "x".repeat(256)}) {
      assertThatThrownBy(() -> tracking.start(name))
          .isInstanceOf(InvalidNameException.class)
          .hasMessageContaining("experiment \"")
          .hasMessageContaining("1 to 255 characters");
      assertThatThrownBy(() -> tracking.start("delay", name))
          .isInstanceOf(InvalidNameException.class)
          .hasMessageContaining("run name \"");
    }
    assertThat(tracking.experiments()).isEmpty();
  }

  @Test
  void twoInstancesOnOneWorkspaceSeeEachOthersRuns() {
    Run run = tracking.start("delay");
    try (Workspace second = Workspace.at(directory).systemClock(clock).open()) {
      Tracking other = Tracking.in(second);
      assertThat(other.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
      run.close();
      assertThat(other.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    }
  }

  @Test
  void aRunOfAnIdThatIsThereIsRefusedAndTheFirstStays() {
    Run run = tracking.start("delay", "first");
    RunStart again =
        new RunStart(
            run.id(), "x", "second", clock.instant(), ProcessIdentity.current(), new TreeMap<>());
    assertThatThrownBy(() -> store().create(again)).isInstanceOf(StorageException.class);
    assertThat(tracking.run(run.id()).name()).isEqualTo("first");
  }

  private TrackingStore store() {
    return new JdbcTrackingStore(workspace.database(Area.METADATA));
  }
}
