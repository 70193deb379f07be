package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs that go on, here and in another workspace object on the same directory. */
class RunResumeTest {

  private static final Duration LONG = Tracking.ABANDONED_AFTER.plusSeconds(1);

  @TempDir Path directory;
  private final MovableClock clock = new MovableClock();
  private Workspace workspace;
  private Workspace second;
  private Tracking tracking;
  private Tracking other;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory).systemClock(clock).open();
    second = Workspace.at(directory).systemClock(clock).open();
    tracking = Tracking.in(workspace);
    other = Tracking.in(second);
  }

  @AfterEach
  void close() {
    second.close();
    workspace.close();
  }

  @Test
  void anEndedRunGoesOnUnlessItIsFinished() {
    Run failed = tracking.start("delay");
    failed.fail(new IllegalStateException("no data"));
    Run killed = tracking.start("delay");
    killed.kill("too slow");
    Run abandoned = tracking.start("delay");
    clock.advance(LONG);
    Run finished = tracking.start("delay");
    finished.close();

    for (Run run : List.of(failed, killed, abandoned)) {
      RunStatus before = tracking.run(run.id()).status();
      try (Run again = other.resume(run.id())) {
        assertThat(again.isLeading()).isTrue();
        again.param("resumed", true);
        RunRecord seen = tracking.run(run.id());
        assertThat(seen.status()).isEqualTo(RunStatus.RUNNING);
        assertThat(seen.failure()).isNull();
        assertThat(seen.resumes()).extracting(RunResume::before).containsExactly(before);
      }
      assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.FINISHED);
    }
    assertThat(tracking.run(failed.id()).resumes().get(0).failure()).contains("no data");
    assertThat(tracking.run(killed.id()).resumes().get(0).failure()).isEqualTo("too slow");
    assertThatThrownBy(() -> other.resume(finished.id()))
        .isInstanceOfSatisfying(
            RunNotResumableException.class, e -> assertThat(e.runId()).isEqualTo(finished.id()))
        .hasMessageContaining("Tracking.reopen lets it");
    assertThat(tracking.run(finished.id()).resumes()).isEmpty();
  }

  @Test
  void aFinishedRunIsReopenedWhenThatIsAskedFor() {
    Run run = tracking.start("delay");
    run.param("depth", 6);
    run.metric("auc", 1, 0.5);
    run.close();
    try (Run again = other.reopen(run.id())) {
      assertThatThrownBy(() -> again.param("depth", 7)).isInstanceOf(ParamConflictException.class);
      again.metric("auc", 2, 0.6);
    }
    assertThat(tracking.series(run.id(), "auc")).hasSize(2);
    assertThat(tracking.run(run.id()).resumes())
        .extracting(RunResume::before)
        .containsExactly(RunStatus.FINISHED);
  }

  @Test
  void whatIsNotThereOrDeletedIsNotResumed() {
    Run run = tracking.start("delay");
    run.kill("x");
    tracking.delete(run.id());
    assertThatThrownBy(() -> other.resume(run.id())).isInstanceOf(DeletedRunException.class);
    assertThatThrownBy(() -> other.reopen("4711")).isInstanceOf(NoSuchRunException.class);
  }

  @Test
  void whoJoinsARunLogsToItAndLeavesItRunning() {
    Run run = tracking.start("delay");
    try (Run joined = other.resume(run.id())) {
      assertThat(joined.isLeading()).isFalse();
      assertThat(run.isLeading()).isTrue();
      joined.param("from", "another");
      joined.metric("loss", 1, 0.5);
      run.metric("loss", 2, 0.4);
    }
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(tracking.run(run.id()).resumes()).isEmpty();
    run.close();
    assertThat(tracking.series(run.id(), "loss")).hasSize(2);
    assertThat(tracking.run(run.id()).params()).containsKey("from");
  }

  @Test
  void aJoinedRunThatFailsOrIsKilledOrWhoseTrackingIsClosedGoesOn() {
    Run run = tracking.start("delay");
    Run failing = other.resume(run.id());
    failing.fail(new IllegalStateException("here only"));
    other.resume(run.id()).kill("here only");
    other.resume(run.id());
    other.close();
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    assertThatThrownBy(() -> failing.param("a", "b"))
        .isInstanceOf(RunEndedException.class)
        .hasMessageContaining("run " + run.id() + " was left by")
        .hasMessageContaining("goes on elsewhere");
    run.param("c", "d");
  }

  @Test
  void aRunThatOnlyJoinedAnotherDoesNotKeepItAlive() {
    Run run = tracking.start("delay");
    other.resume(run.id());
    clock.advance(LONG);
    other.beat();
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.ABANDONED);
    tracking.beat();
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  void whatJoinedARunThatHasEndedHearsOfItAndIsDoneWithIt() {
    Run run = tracking.start("delay");
    Run joined = other.resume(run.id());
    joined.metric("loss", 1, 0.5);
    run.close();
    assertThatThrownBy(() -> joined.param("a", "b")).isInstanceOf(RunEndedException.class);
    assertThatThrownBy(joined::close)
        .isInstanceOfSatisfying(
            RunEndedException.class, e -> assertThat(e.status()).isEqualTo(RunStatus.FINISHED));
    joined.close();
    assertThatThrownBy(() -> joined.metric("loss", 2, 0.4)).isInstanceOf(RunEndedException.class);
    assertThat(tracking.series(run.id(), "loss")).isEmpty();
  }

  @Test
  void whoWasTakenForDeadLogsOnButDoesNotEndTheRun() {
    Run suspended = tracking.start("delay");
    suspended.metric("loss", 1, 0.5);
    clock.advance(LONG);
    Run leader = other.resume(suspended.id());
    suspended.param("from", "the first");
    assertThatThrownBy(suspended::close)
        .isInstanceOf(RunTakenOverException.class)
        .hasMessageContaining("was resumed elsewhere while this process seemed dead");
    suspended.close();
    assertThat(tracking.run(leader.id()).status()).isEqualTo(RunStatus.RUNNING);
    assertThat(tracking.series(leader.id(), "loss")).hasSize(1);
    leader.close();
    assertThat(tracking.run(leader.id()).status()).isEqualTo(RunStatus.FINISHED);
  }

  @Test
  void whoWasTakenForDeadDoesNotKeepTheRunAliveWhenItsNewLeaderDies() {
    Run suspended = tracking.start("delay");
    clock.advance(LONG);
    other.resume(suspended.id());
    clock.advance(LONG);
    tracking.beat();
    assertThat(tracking.run(suspended.id()).status()).isEqualTo(RunStatus.ABANDONED);
    other.beat();
    assertThat(tracking.run(suspended.id()).status()).isEqualTo(RunStatus.RUNNING);
  }

  @Test
  void ofThoseThatResumeAtTheSameTimeOneLeadsAndAllLog() {
    Run run = tracking.start("delay");
    run.kill("x");
    List<CompletableFuture<Run>> all = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      Tracking own = i % 2 == 0 ? tracking : other;
      String key = "param " + i;
      all.add(
          CompletableFuture.supplyAsync(
              () -> {
                Run resumed = own.resume(run.id());
                resumed.param(key, "x");
                resumed.metric("loss", 1, 0.5);
                return resumed;
              },
              task -> new Thread(task).start()));
    }
    List<Run> runs = all.stream().map(CompletableFuture::join).toList();
    assertThat(runs.stream().filter(Run::isLeading)).hasSize(1);
    runs.stream().filter(each -> !each.isLeading()).forEach(Run::close);
    assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
    runs.forEach(Run::close);
    RunRecord seen = tracking.run(run.id());
    assertThat(seen.status()).isEqualTo(RunStatus.FINISHED);
    assertThat(seen.params()).hasSize(8);
    assertThat(tracking.series(run.id(), "loss")).hasSize(8);
    assertThat(seen.resumes()).hasSize(1);
  }
}
