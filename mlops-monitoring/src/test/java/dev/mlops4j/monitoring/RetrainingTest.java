package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class RetrainingTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private final List<String> ran = new ArrayList<>();
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Retraining retraining(Function<RetrainingTrigger, String> work) {
    return Retraining.of(TestData.MODEL)
        .in(workspace)
        .on(AlertKind.CALIBRATION)
        .coolDown(Duration.ofDays(14))
        .run(work)
        .build();
  }

  private Retraining retraining() {
    return retraining(
        trigger -> {
          ran.add(trigger.id());
          return "version " + ran.size();
        });
  }

  private static Alert alert(String id, AlertKind kind, int repeats) {
    Verdict verdict =
        new Verdict(
            "x", kind, Verdict.Status.ALERT, Aspect.SHARE, null, 0.3, 0.001, 0.01, 9, 9, "more");
    Instant start = TestData.SERVING;
    Instant end = start.plus(TestData.WEEK);
    return new Alert(
        id, TestData.MODEL, 1, List.of(1), kind, "x", start, end, end, repeats, verdict, end);
  }

  @Test
  void itRunsForTheKindsThatCountAndRemembersWhatCameOfIt() {
    Retraining retraining = retraining();
    retraining.alert(alert("a", AlertKind.FEATURE_DRIFT, 0));
    assertThat(ran).isEmpty();
    retraining.alert(alert("b", AlertKind.CALIBRATION, 0));
    assertThat(ran).hasSize(1);
    RetrainingRecord record = retraining.history().get(0);
    assertThat(record.id()).isEqualTo(ran.get(0));
    assertThat(record.alertId()).isEqualTo("b");
    assertThat(record.state()).isEqualTo(State.DONE);
    assertThat(record.result()).contains("version 1");
    assertThat(record.endedAt()).contains(clock.instant());
  }

  @Test
  void theSameDeliveryRunsOnceAndTheCoolDownHolds() {
    Retraining retraining = retraining();
    Alert alert = alert("a", AlertKind.CALIBRATION, 0);
    retraining.alert(alert);
    retraining.alert(alert);
    clock.set(clock.instant().plus(Duration.ofDays(13)));
    retraining.repeated(alert("a", AlertKind.CALIBRATION, 1));
    assertThat(ran).hasSize(1);
    clock.set(clock.instant().plus(Duration.ofDays(1)));
    retraining.alert(alert);
    assertThat(ran).as("delivered again").hasSize(1);
    retraining.repeated(alert("a", AlertKind.CALIBRATION, 2));
    assertThat(ran).hasSize(2).doesNotHaveDuplicates();
  }

  @Test
  void aFailureIsRemembered() {
    Retraining retraining =
        retraining(
            trigger -> {
              throw new IllegalStateException("no data");
            });
    retraining.alert(alert("a", AlertKind.CALIBRATION, 0));
    assertThat(retraining.history().get(0).state()).isEqualTo(State.FAILED);
    assertThat(retraining.history().get(0).result().orElseThrow()).contains("no data");
    retraining().repeated(alert("a", AlertKind.CALIBRATION, 1));
    assertThat(ran).as("a failure does not count for the cool-down").hasSize(1);
  }

  @Test
  void anErrorIsAFailureTooAndDoesNotBlockTheNext() {
    Retraining retraining =
        retraining(
            trigger -> {
              throw new UnsatisfiedLinkError("no libgomp");
            });
    retraining.alert(alert("a", AlertKind.CALIBRATION, 0));
    assertThat(retraining.history().get(0).state()).isEqualTo(State.FAILED);
    assertThat(retraining.history().get(0).result().orElseThrow()).contains("no libgomp");
    retraining().repeated(alert("a", AlertKind.CALIBRATION, 1));
    assertThat(ran).hasSize(1);
  }

  @Test
  void itNeverRunsTwiceAtOnce() {
    List<Retraining> self = new ArrayList<>();
    self.add(
        retraining(
            trigger -> {
              ran.add(trigger.id());
              self.get(0).alert(alert("b", AlertKind.CALIBRATION, 0));
              retraining().alert(alert("c", AlertKind.CALIBRATION, 0));
              return "done";
            }));
    self.get(0).alert(alert("a", AlertKind.CALIBRATION, 0));
    assertThat(ran).hasSize(1);
  }

  @Test
  void whatADeadProcessLeftIsRunAgainWithItsId() {
    clock.set(TestData.SERVING.plus(TestData.WEEK));
    Alert alert = alert("a", AlertKind.CALIBRATION, 0);
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    new JdbcWindows(stored)
        .record(
            new JdbcWindows.Evaluated(
                new EvaluationKey("", 1),
                1,
                1,
                true,
                clock.instant(),
                List.of(),
                List.of(alert),
                Map.of(),
                List.of(),
                RuleScope.NOTHING),
            0);
    new JdbcRetrainings(stored)
        .begin(
            new RetrainingTrigger(
                "retrain-a-0", List.of("alert a"), alert, clock.instant(), Instant.EPOCH),
            List.of(),
            Instant.now().plus(Duration.ofHours(1)));
    assertThat(retraining().resume()).as("its process lives").isFalse();
    die();
    Retraining retraining = retraining();
    assertThat(retraining.history().get(0).state()).isEqualTo(State.RUNNING);
    assertThat(retraining.resume()).isTrue();
    assertThat(ran).containsExactly("retrain-a-0");
    assertThat(retraining.history()).hasSize(1);
    assertThat(retraining.history().get(0).state()).isEqualTo(State.DONE);
    assertThat(retraining.resume()).isFalse();
  }

  @Test
  void whatKillsItsProcessEachTimeFailsAfterThreeAttemptsAndIsToldOfLikeAnyFailure() {
    List<Alert> told = new ArrayList<>();
    Retraining dying =
        Retraining.of(TestData.MODEL)
            .in(workspace)
            .on(AlertKind.CALIBRATION)
            .coolDown(Duration.ZERO)
            .executor(task -> {}) // a process that dies of it
            .alertTo(told::add)
            .run(trigger -> "never")
            .build();
    for (String id : List.of("a", "b")) {
      dying.alert(alert(id, AlertKind.CALIBRATION, 0));
      for (int attempt = 2; attempt <= 3; attempt++) {
        die();
        assertThat(dying.resume()).as("attempt " + attempt).isTrue();
      }
      die();
      assertThat(dying.resume()).isFalse();
    }

    assertThat(dying.history())
        .extracting(RetrainingRecord::state)
        .containsExactly(State.FAILED, State.FAILED);
    RetrainingRecord first = dying.history().get(0);
    assertThat(first.result().orElseThrow()).contains("died, 3 times");
    assertThat(first.endedAt()).contains(clock.instant());
    assertThat(told).extracting(Alert::kind).containsExactly(AlertKind.RETRAINING);
  }

  /** One whose executor takes nothing. */
  private Retraining refusing() {
    return Retraining.of(TestData.MODEL)
        .in(workspace)
        .on(AlertKind.CALIBRATION)
        .executor(
            task -> {
              throw new RejectedExecutionException("shut down");
            })
        .run(trigger -> "never")
        .build();
  }

  @Test
  void whatIsGivenBackWasNotAttempted() {
    Retraining refusing = refusing();
    refusing.alert(alert("a", AlertKind.CALIBRATION, 0));
    for (int i = 0; i < 5; i++) {
      assertThat(refusing.resume()).isTrue();
    }
    assertThat(refusing.history().get(0).state()).isEqualTo(State.PENDING);
    assertThat(retraining().resume()).isTrue();
    assertThat(ran).hasSize(1);
  }

  private void die() {
    ProcessIdentity here = ProcessIdentity.current();
    String dead = String.join("\n", here.host(), here.space(), "999999999", "0");
    workspace.database(Area.LEDGER).write(tx -> tx.update("UPDATE retraining SET owner = ?", dead));
  }

  @Test
  void aLeaseThatIsLostLeavesTheThreadOfItsCallerUninterrupted() {
    List<Retraining> self = new ArrayList<>();
    self.add(
        retraining(
            trigger -> {
              workspace
                  .database(Area.LEDGER)
                  .write(tx -> tx.update("UPDATE retraining SET token = 9"));
              self.get(0).beat();
              ran.add("interrupted: " + Thread.interrupted());
              throw new IllegalStateException(new InterruptedException());
            }));

    self.get(0).alert(alert("a", AlertKind.CALIBRATION, 0));

    assertThat(Thread.interrupted()).isFalse();
    assertThat(ran).containsExactly("interrupted: true");
  }

  @Test
  void anEndThatCannotBeStoredIsStoredLater() {
    Retraining retraining =
        retraining(
            trigger -> {
              refuseEnds();
              return "version 7";
            });
    retraining.alert(alert("a", AlertKind.CALIBRATION, 0));
    assertThat(retraining.history().get(0).state()).isEqualTo(State.RUNNING);
    retraining.beat();
    assertThat(retraining.history().get(0).state()).isEqualTo(State.RUNNING);
    assertThat(retraining().resume()).as("its process lives").isFalse();
    workspace.database(Area.LEDGER).write(tx -> tx.update("DROP TRIGGER refusing"));

    retraining.beat();

    assertThat(retraining.history().get(0).state()).isEqualTo(State.DONE);
    assertThat(retraining.history().get(0).result()).contains("version 7");
  }

  private void refuseEnds() {
    workspace
        .database(Area.LEDGER)
        .write(
            tx ->
                tx.update(
                    "CREATE TRIGGER refusing BEFORE UPDATE ON retraining"
                        + " WHEN NEW.ended_at IS NOT NULL"
                        + " BEGIN SELECT RAISE(ABORT, 'refused'); END"));
  }

  @Test
  void whatAnExecutorRefusesWaits() {
    Retraining refused = refusing();
    refused.alert(alert("a", AlertKind.CALIBRATION, 0));
    assertThat(refused.history().get(0).state()).isEqualTo(State.PENDING);
  }

  @Test
  void badSettingsAreRefusedAllAtOnce() {
    assertThatThrownBy(() -> Retraining.of("m").coolDown(Duration.ofDays(-1)).build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("in(workspace) is missing")
        .hasMessageContaining("run(function) is missing")
        .hasMessageContaining("on(kinds) is missing")
        .hasMessageContaining("coolDown(PT-24H)");
    assertThatThrownBy(
            () ->
                Retraining.of("m")
                    .in(workspace)
                    .on(AlertKind.CALIBRATION)
                    .lease(Duration.ofMillis(99))
                    .run(trigger -> "one")
                    .pipeline(trigger -> null)
                    .build())
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("lease(PT0.099S)")
        .hasMessageContaining("pipeline(launch) is not accepted beside");
  }
}
