package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.pipeline.FiringRecord.State;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchedulerTest {

  private static final String HOURLY = "0 * * * *";

  @TempDir Path directory;

  private final MovableClock clock = new MovableClock("2026-01-01T00:30:00Z");
  private final List<Firing> ran = new ArrayList<>();
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).systemClock(clock).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Schedule hourly(Scheduler scheduler, Misfire misfire) {
    return hourly(scheduler, misfire, this::note);
  }

  private static Schedule hourly(Scheduler scheduler, Misfire misfire, ScheduledWork work) {
    return scheduler.schedule("train").cron(HOURLY, ZoneOffset.UTC).misfire(misfire).run(work);
  }

  private String note(Firing firing) {
    ran.add(firing);
    return "run " + ran.size();
  }

  private List<String> ranPlanned() {
    return ran.stream().map(firing -> firing.planned().toString()).toList();
  }

  @Test
  void whatIsDueIsRunOnceAndRemembered() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.runOnce());

    assertThat(scheduler.runDue()).as("nothing before its definition is missed").isZero();
    clock.set("2026-01-01T01:00:00Z");
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(scheduler.runDue()).isZero();

    FiringRecord record = schedule.history(10).get(0);
    assertThat(record.id()).isEqualTo("train@2026-01-01T01:00:00Z");
    assertThat(record.state()).isEqualTo(State.DONE);
    assertThat(record.text()).isEqualTo("run 1");
    assertThat(record.startedAt()).isEqualTo(clock.instant());
    assertThat(record.endedAt()).isEqualTo(clock.instant());
    assertThat(record.attempts()).isEqualTo(1);
    assertThat(record.token()).isEqualTo(1);
    assertThat(schedule.state().next(clock.instant()))
        .contains(Instant.parse("2026-01-01T02:00:00Z"));
  }

  @Test
  void ofSeveralMissedTimesTheLastIsRunOnceAndTheOthersAreCounted() {
    Scheduler scheduler = Scheduler.in(workspace);
    hourly(scheduler, Misfire.runOnce());
    clock.set("2026-01-01T05:10:00Z");

    assertThat(scheduler.runDue()).isEqualTo(1);

    assertThat(ranPlanned()).containsExactly("2026-01-01T05:00:00Z");
    assertThat(ran.get(0).passedOver()).isEqualTo(4);
  }

  @Test
  void timesMissedForLongAreCountedUpToABound() {
    Scheduler scheduler = Scheduler.in(workspace);
    hourly(scheduler, Misfire.runOnce());
    clock.set("2027-01-01T00:00:00Z");

    scheduler.runDue();

    assertThat(ran.get(0).passedOver()).isEqualTo(FiringRecord.MOST_COUNTED);
  }

  @Test
  void whatIsTooLateIsSkippedAndTheNextIsRun() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.skip());
    clock.set("2026-01-01T02:02:00Z");
    assertThat(scheduler.runDue()).isZero();
    clock.set("2026-01-01T03:00:30Z");
    assertThat(scheduler.runDue()).isEqualTo(1);

    assertThat(schedule.history(10))
        .extracting(FiringRecord::state)
        .containsExactly(State.DONE, State.SKIPPED);
    assertThat(schedule.history(10).get(1).text()).contains("too late");
    assertThat(schedule.history(10).get(1).passedOver()).isEqualTo(1);
  }

  @Test
  void allMissedTimesAreRunInTheirOrderUpToABound() {
    Scheduler scheduler = Scheduler.in(workspace);
    hourly(scheduler, Misfire.runAll(3));
    clock.set("2026-01-01T05:10:00Z");

    assertThat(scheduler.runDue()).isEqualTo(3);

    assertThat(ranPlanned())
        .containsExactly("2026-01-01T03:00:00Z", "2026-01-01T04:00:00Z", "2026-01-01T05:00:00Z");
    assertThat(ran).extracting(Firing::passedOver).containsExactly(2L, 0L, 0L);
    assertThat(ran).extracting(Firing::token).containsExactly(1L, 2L, 3L);
  }

  @Test
  void whileOneRunsNoOtherBeginsAnywhere() throws Exception {
    Scheduler one = Scheduler.in(workspace);
    try (Workspace again = Workspace.at(workspace.directory()).systemClock(clock).open()) {
      Scheduler other = Scheduler.in(again);
      List<Integer> meanwhile = new ArrayList<>();
      hourly(
          one,
          Misfire.runOnce(),
          firing -> {
            if (meanwhile.isEmpty()) {
              clock.advance(Duration.ofSeconds(20));
              meanwhile.add(other.runDue());
            }
            return "done";
          });
      hourly(other, Misfire.runOnce());
      clock.set("2026-01-01T01:59:45Z");

      assertThat(one.runDue()).isEqualTo(1);

      assertThat(meanwhile).containsExactly(0);
      assertThat(other.runDue()).as("what came due meanwhile").isEqualTo(1);
      assertThat(ranPlanned()).containsExactly("2026-01-01T02:00:00Z");
    }
  }

  @Test
  void whatAHolderThatSeemsDeadRanIsTakenOverAndItsEndIsRefused() {
    Scheduler one = Scheduler.in(workspace);
    Scheduler other = Scheduler.in(workspace);
    AtomicReference<Firing> first = new AtomicReference<>();
    hourly(
        one,
        Misfire.runOnce(),
        firing -> {
          first.set(firing);
          firing.trackedAs("run-1");
          clock.advance(Duration.ofSeconds(29));
          assertThat(firing.isHeld()).isTrue();
          assertThat(other.runDue()).as("the lease holds").isZero();
          clock.advance(Duration.ofSeconds(1));
          assertThat(firing.isHeld()).isFalse();
          assertThat(other.runDue()).as("the lease ran out").isEqualTo(1);
          assertThatThrownBy(() -> firing.trackedAs("run-2"))
              .isInstanceOf(LeaseLostException.class)
              .hasMessageContaining("train@2026-01-01T01:00:00Z");
          assertThatThrownBy(firing::requireHeld).isInstanceOf(LeaseLostException.class);
          return "too late";
        });
    hourly(other, Misfire.runOnce());
    clock.set("2026-01-01T01:00:00Z");

    one.runDue();

    Firing second = ran.get(0);
    assertThat(second.id()).isEqualTo(first.get().id());
    assertThat(second.attempt()).isEqualTo(2);
    assertThat(second.token()).isGreaterThan(first.get().token());
    assertThat(second.earlierRun()).contains("run-1");
    assertThat(one.history("train", 10)).hasSize(1);
    assertThat(one.history("train", 10).get(0).text()).isEqualTo("run 1");
    assertThat(one.history("train", 10).get(0).runId()).isEqualTo("run-1");
  }

  @Test
  void aHolderThatAsksKeepsItsLease() {
    Scheduler one = Scheduler.in(workspace);
    Scheduler other = Scheduler.in(workspace);
    hourly(
        one,
        Misfire.runOnce(),
        firing -> {
          for (int i = 0; i < 4; i++) {
            clock.advance(Duration.ofSeconds(25));
            firing.requireHeld();
          }
          assertThat(other.runDue()).isZero();
          return "slow";
        });
    hourly(other, Misfire.runOnce());
    clock.set("2026-01-01T01:00:00Z");

    one.runDue();

    assertThat(one.history("train", 10).get(0).text()).isEqualTo("slow");
  }

  @Test
  void whatKillsItsProcessEachTimeFailsAfterAllAttempts() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.runOnce());
    clock.set("2026-01-01T01:00:00Z");
    for (int attempt = 1; attempt <= 3; attempt++) {
      leave(schedule);
      clock.advance(Duration.ofSeconds(31));
    }

    assertThat(scheduler.runDue()).isZero();

    FiringRecord record = schedule.history(10).get(0);
    assertThat(record.state()).isEqualTo(State.FAILED);
    assertThat(record.attempts()).isEqualTo(3);
    assertThat(record.text()).contains("died, 3 times");
  }

  @Test
  void whatDiedInAPauseDoesNotHoldUpWhatAPersonAsksForAndIsRunAfterIt() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.runOnce());
    clock.set("2026-01-01T01:00:00Z");
    leave(schedule);
    schedule.pause("a reason");
    FiringRecord asked = schedule.runNow();
    assertThat(scheduler.runDue()).as("the lease holds").isZero();
    clock.advance(Duration.ofSeconds(31));

    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(ran.get(0).id()).isEqualTo(asked.id());
    schedule.resume();
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(ran.get(1).planned()).isEqualTo("2026-01-01T01:00:00Z");
    assertThat(ran.get(1).attempt()).isEqualTo(2);
  }

  @Test
  void restartsInGoodOrderUseUpNoAttempts() {
    clock.set("2026-01-01T00:59:00Z");
    Scheduler first = Scheduler.in(workspace);
    hourly(first, Misfire.runOnce());
    clock.set("2026-01-01T01:00:00Z");
    for (int restart = 0; restart < 5; restart++) {
      Scheduler restarted = Scheduler.in(workspace);
      hourly(
          restarted,
          Misfire.runOnce(),
          firing -> {
            ran.add(firing);
            restarted.close();
            throw new InterruptedException("closed");
          });
      restarted.runDue();
    }
    assertThat(first.runDue()).isEqualTo(1);

    assertThat(ran).hasSize(6).extracting(Firing::attempt).containsOnly(1);
    assertThat(first.history("train", 1).get(0).state()).isEqualTo(State.DONE);
  }

  @Test
  void aPlannedTimeThatRanIsNotRunAgainForAClockThatIsSetBack() {
    clock.set("2027-06-01T00:30:00Z");
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.runOnce());
    clock.set("2026-01-01T01:00:00Z");
    assertThat(scheduler.runDue()).as("settled by a clock far ahead").isZero();
    scheduler.settle("train", Instant.parse("2026-01-01T00:30:00Z"));
    assertThat(scheduler.runDue()).isEqualTo(1);
    scheduler.settle("train", Instant.parse("2026-01-01T00:30:00Z"));
    assertThat(scheduler.runDue()).isZero();

    assertThat(schedule.history(10)).extracting(FiringRecord::text).containsExactly("run 1");
  }

  @Test
  void aScheduleThatCannotBeLookedAtDoesNotStopTheOthers() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Scheduler scheduler = Scheduler.in(workspace);
    scheduler.schedule("rare").every(Duration.ofDays(365)).run(firing -> "never");
    workspace
        .database(Area.METADATA)
        .write(tx -> tx.update("DELETE FROM schedule WHERE name = ?", "rare"));
    Schedule schedule =
        hourly(
            scheduler,
            Misfire.runOnce(),
            firing -> {
              done.countDown();
              return "ran";
            });
    scheduler.start();
    schedule.runNow();

    assertThat(done.await(50, TimeUnit.SECONDS)).isTrue();
  }

  /** Begins what is due and never ends it, as a process that dies. */
  private void leave(Schedule schedule) {
    ScheduleStore store = new JdbcScheduleStore(workspace.database(Area.METADATA));
    ScheduleState seen = schedule.state();
    Instant now = clock.instant();
    Turn turn = Turn.next(seen, schedule.rules(SchedulerOptions.DEFAULT), now, now).orElseThrow();
    assertThat(store.advance(seen, turn.plannedTo(), turn.firing())).isPresent();
  }

  @Test
  void aFailureIsRememberedAndTheNextTimeIsRun() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule =
        hourly(
            scheduler,
            Misfire.runOnce(),
            firing -> {
              ran.add(firing);
              if (ran.size() == 1) {
                throw new UnsatisfiedLinkError("no libgomp");
              }
              return "well";
            });
    clock.set("2026-01-01T01:00:00Z");
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(scheduler.runDue()).as("it is not tried again").isZero();
    clock.set("2026-01-01T02:00:00Z");
    assertThat(scheduler.runDue()).isEqualTo(1);

    assertThat(schedule.history(10))
        .extracting(FiringRecord::state)
        .containsExactly(State.DONE, State.FAILED);
    assertThat(schedule.history(10).get(1).text()).contains("no libgomp");
    assertThat(schedule.history(1)).hasSize(1);
  }

  @Test
  void aPauseHoldsEverywhereAndItsTimesAreNotMissed() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.runAll(10));
    Scheduler.in(workspace).pause("train", "the data are late");
    scheduler.pause("train", "another reason");
    clock.set("2026-01-01T03:10:00Z");

    assertThat(scheduler.runDue()).isZero();
    assertThat(schedule.state().isPaused()).isTrue();
    assertThat(schedule.state().pauseReason()).isEqualTo("the data are late");
    assertThat(schedule.state().next(clock.instant())).isEmpty();
    schedule.runNow();
    assertThat(scheduler.runDue()).as("what a person asks for").isEqualTo(1);

    schedule.resume();
    assertThat(scheduler.runDue()).isZero();
    clock.set("2026-01-01T04:00:00Z");
    schedule.resume();
    assertThat(scheduler.runDue()).as("resuming again settles nothing").isEqualTo(1);
  }

  @Test
  void whatAPersonAsksForIsRunOnceBesideThePlan() {
    Scheduler scheduler = Scheduler.in(workspace);
    Schedule schedule = hourly(scheduler, Misfire.runOnce());

    FiringRecord asked = Scheduler.in(workspace).runNow("train");
    assertThat(schedule.runNow().id()).as("asked again").isEqualTo(asked.id());
    assertThat(scheduler.runDue()).isEqualTo(1);
    assertThat(scheduler.runDue()).isZero();

    assertThat(ran.get(0).requested()).isTrue();
    assertThat(ran.get(0).id()).isEqualTo(asked.id());
    assertThat(schedule.runNow().id()).isNotEqualTo(asked.id());
    assertThatThrownBy(() -> scheduler.runNow("trian"))
        .isInstanceOf(NoSuchScheduleException.class)
        .hasMessageContaining("there are: train");
  }

  @Test
  void aNewTimingCountsFromItsDefinitionAndTheOldIsLeft() {
    Scheduler old = Scheduler.in(workspace);
    hourly(old, Misfire.runOnce());
    clock.set("2026-01-01T02:10:00Z");
    Scheduler renewed = Scheduler.in(workspace);
    renewed.schedule("train").every(Duration.ofMinutes(20)).run(this::note);

    assertThat(renewed.runDue()).as("nothing before is missed").isZero();
    clock.set("2026-01-01T03:05:00Z");
    assertThat(old.runDue()).as("the old one stands back").isZero();
    assertThat(renewed.runDue()).isEqualTo(1);
    assertThat(ranPlanned()).containsExactly("2026-01-01T03:00:00Z");
  }

  @Test
  void aStartedSchedulerRunsWhatIsAskedForAndClosesWithTheWorkspace() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    Scheduler scheduler = Scheduler.in(workspace);
    hourly(
        scheduler,
        Misfire.runOnce(),
        firing -> {
          begun.countDown();
          try {
            new CountDownLatch(1).await();
          } catch (InterruptedException e) {
            interrupted.countDown();
            throw e;
          }
          return "never";
        });
    scheduler.start();
    scheduler.start();
    scheduler.runNow("train");
    begun.await();
    workspace.close();

    assertThat(interrupted.getCount()).isZero();
    assertThatThrownBy(scheduler::start).isInstanceOf(IllegalStateException.class);
    open();
    Scheduler next = Scheduler.in(workspace);
    hourly(next, Misfire.runOnce());
    assertThat(next.runDue()).as("what was cut off is run again").isEqualTo(1);
    assertThat(ran.get(0).attempt()).as("nothing died").isEqualTo(1);
    assertThat(ran.get(0).token()).isEqualTo(2);
    assertThat(next.history("train", 10)).hasSize(1);
  }

  @Test
  void anotherProcesssRequestIsSeenAtTheNextLook() throws Exception {
    CountDownLatch done = new CountDownLatch(1);
    Scheduler scheduler =
        Scheduler.in(workspace, SchedulerOptions.DEFAULT.withLookEvery(Duration.ofMillis(100)));
    hourly(
        scheduler,
        Misfire.runOnce(),
        firing -> {
          done.countDown();
          return "done";
        });
    scheduler.start();
    Scheduler.in(workspace).runNow("train");

    assertThat(done.await(30, TimeUnit.SECONDS)).isTrue();
  }

  @Test
  void wrongDescriptionsAreRefusedAllAtOnce() {
    Scheduler scheduler = Scheduler.in(workspace);
    assertThatThrownBy(() -> scheduler.schedule("a b").run(this::note))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("the name is")
        .hasMessageContaining("is missing: say when");
    assertThatThrownBy(
            () ->
                scheduler
                    .schedule("train")
                    .every(Duration.ofHours(1))
                    .cron(HOURLY, ZoneOffset.UTC)
                    .run(this::note))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("planned once");
    hourly(scheduler, Misfire.runOnce());
    assertThatThrownBy(() -> hourly(scheduler, Misfire.runOnce()))
        .isInstanceOf(InvalidScheduleException.class)
        .hasMessageContaining("define it once");
    assertThatThrownBy(() -> Misfire.runAll(0)).isInstanceOf(InvalidScheduleException.class);
    assertThatThrownBy(() -> Misfire.skip(Duration.ofSeconds(-1)))
        .isInstanceOf(InvalidScheduleException.class);
    assertThatThrownBy(() -> SchedulerOptions.DEFAULT.withAttempts(0))
        .isInstanceOf(InvalidScheduleException.class);
    assertThatThrownBy(() -> SchedulerOptions.DEFAULT.withLease(Duration.ZERO))
        .isInstanceOf(InvalidScheduleException.class);
    assertThat(scheduler.schedules()).extracting(ScheduleState::name).containsExactly("train");
  }
}
