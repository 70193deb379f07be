package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.monitoring.RetrainingRecord.State;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.pipeline.Timing;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.ProcessIdentity;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What calls for a retraining, and what stands against it. */
class RetrainingPolicyTest {

  private static final Timing MONDAYS = Timing.cron("0 3 * * MON", ZoneOffset.UTC);
  private static final Timing FIRST_OF_MONTH = Timing.cron("0 3 1 * *", ZoneOffset.UTC);

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private final List<RetrainingTrigger> ran = new ArrayList<>();
  private final List<Alert> alerted = new ArrayList<>();
  private Workspace workspace;
  private boolean fails;
  private long rows;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    at("2026-01-01T12:00:00Z"); // a Thursday
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private void at(String instant) {
    clock.set(Instant.parse(instant));
  }

  private RetrainingBuilder policy() {
    return ledgerPolicy().rows((after, upTo) -> rows);
  }

  private RetrainingBuilder unstated() {
    return builder().rows((after, upTo) -> rows);
  }

  private RetrainingBuilder ledgerPolicy() {
    return builder().coolDown(Duration.ZERO);
  }

  private RetrainingBuilder builder() {
    return Retraining.of(TestData.MODEL)
        .in(workspace)
        .run(
            trigger -> {
              ran.add(trigger);
              if (fails) {
                throw new IllegalStateException("no data");
              }
              return "version " + ran.size();
            });
  }

  @Test
  void aPlannedTimeCallsForOneOnce() {
    Retraining retraining = policy().planned(MONDAYS).window(Duration.ofDays(90)).build();
    assertThat(retraining.check().runs()).as("nothing before the first check counts").isFalse();
    at("2026-01-05T02:59:00Z");
    assertThat(retraining.check().runs()).isFalse();
    at("2026-01-05T04:00:00Z");
    RetrainingDecision decision = retraining.check();
    assertThat(decision.runs()).isTrue();
    assertThat(decision.why()).containsExactly("planned for 2026-01-05T03:00:00Z");
    assertThat(retraining.check().runs()).isFalse();
    at("2026-01-19T04:00:00Z");
    assertThat(policy().planned(MONDAYS).build().check().runs()).isTrue();

    assertThat(ran).hasSize(2);
    assertThat(ran.get(0).from()).isEqualTo(Instant.parse("2025-10-07T04:00:00Z"));
    assertThat(ran.get(1).from()).isEqualTo(Instant.EPOCH);
    RetrainingRecord record = retraining.history().get(0);
    assertThat(record.why()).isEqualTo(decision.why());
    assertThat(record.alertId()).isNull();
    assertThat(record.state()).isEqualTo(State.DONE);
  }

  @Test
  void newRowsCallForOneAndTooFewStandAgainstIt() {
    Retraining retraining = policy().onNewRows(100).build();
    rows = 99;
    assertThat(retraining.check().runs()).isFalse();
    rows = 100;
    assertThat(retraining.check().why())
        .containsExactly("100 new labelled rows, 100 or more call for it");

    Retraining needing = policy().planned(MONDAYS).atLeastNewRows(500).build();
    at("2026-01-05T03:00:00Z");
    assertThat(needing.check().whyNot())
        .containsExactly("100 new labelled rows, at least 500 are needed");
    rows = 500;
    assertThat(needing.check().runs()).isTrue();
  }

  @Test
  void newRowsAreOutcomesThatBecameKnownSinceTheLastRetraining() {
    Retraining retraining = ledgerPolicy().onNewRows(2).build();
    retraining.check();
    outcome("a", "2026-01-01T12:00:00Z");
    outcome("b", "2026-01-02T00:00:00Z");
    outcome("b", "2026-01-02T01:00:00Z");
    at("2026-01-02T02:00:00Z");
    assertThat(retraining.check().runs()).as("one prediction has new outcomes").isFalse();
    outcome("c", "2026-01-02T02:00:00Z");
    assertThat(retraining.check().runs()).isTrue();
    assertThat(retraining.check().runs()).as("they are not new any more").isFalse();
  }

  private void outcome(String id, String knownAt) {
    long known = Instant.parse(knownAt).getEpochSecond() * 1_000_000;
    workspace
        .database(Area.LEDGER)
        .write(
            tx ->
                tx.update(
                    "INSERT INTO outcome (model, id, known_at, place, value)"
                        + " SELECT id, ?, ?, 0, 'true' FROM monitored_model WHERE name = ?",
                    id,
                    known,
                    TestData.MODEL));
  }

  @Test
  void anAlertThatComesInQuietHoursIsHeardAfterThem() {
    Retraining retraining =
        policy()
            .on(AlertKind.CALIBRATION)
            .quietHours(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneId.of("Europe/Berlin"))
            .build();
    retraining.check();
    at("2026-01-05T23:30:00Z"); // half past midnight in Berlin
    Alert alert = alert("a", "2026-01-05T23:00:00Z", 0);
    retraining.alert(alert);
    assertThat(ran).isEmpty();
    assertThat(retraining.check().whyNot())
        .containsExactly("these are quiet hours, 22:00 to 06:00 in Europe/Berlin");
    at("2026-01-06T04:59:59Z");
    assertThat(retraining.check().runs()).isFalse();
    at("2026-01-06T05:00:00Z");
    assertThat(retraining.check().runs()).isTrue();

    assertThat(ran.get(0).alert()).contains(alert);
    retraining.alert(alert);
    assertThat(ran).as("the same delivery again").hasSize(1);
  }

  @Test
  void anAlertThatDoesNotGoOnIsForgotten() {
    Retraining retraining = policy().on(AlertKind.CALIBRATION).build();
    retraining.check();
    alert("a", "2026-01-05T00:00:00Z", 0);
    at("2026-01-12T00:00:00Z");
    assertThat(retraining.plan().runs()).as("as long as no later window is evaluated").isTrue();
    evaluated("2026-01-12T00:00:00Z", List.of());
    assertThat(retraining.check().runs()).isFalse();
    at("2026-01-19T00:00:00Z");
    alert("b", "2026-01-19T00:00:00Z", 0);
    assertThat(retraining.check().runs()).isTrue();
  }

  /** An alert that is in the ledger. */
  private Alert alert(String id, String end, int repeats) {
    return alert(id, end, repeats, end);
  }

  private Alert alert(String id, String end, int repeats, String raisedAt) {
    Instant at = Instant.parse(end);
    Verdict verdict =
        new Verdict(
            "x",
            AlertKind.CALIBRATION,
            Verdict.Status.ALERT,
            Aspect.SHARE,
            null,
            0.3,
            0.001,
            0.01,
            9,
            9,
            "more");
    Alert alert =
        new Alert(
            id,
            TestData.MODEL,
            1,
            List.of(1),
            AlertKind.CALIBRATION,
            "x",
            at.minus(TestData.WEEK),
            at,
            at,
            repeats,
            verdict,
            Instant.parse(raisedAt));
    evaluated(end, List.of(alert));
    return alert;
  }

  /** Stores that the week that had ended by then was evaluated. */
  private void evaluated(String end, List<Alert> alerts) {
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    Periods weeks = Periods.of(TestData.WEEK);
    new JdbcWindows(stored)
        .record(
            new JdbcWindows.Evaluated(
                new EvaluationKey("", weeks.lengthMicros()),
                weeks.numberOf(Instant.parse(end)) - 1,
                1,
                true,
                clock.instant(),
                List.of(),
                alerts,
                Map.of(),
                List.of(),
                RuleScope.NOTHING),
            0);
  }

  @Test
  void atMostSoManyRunInSevenDays() {
    Retraining retraining = policy().onNewRows(1).atMostPerWeek(2).build();
    rows = 1;
    assertThat(retraining.check().runs()).isTrue();
    at("2026-01-02T12:00:00Z");
    assertThat(retraining.check().runs()).isTrue();
    at("2026-01-08T11:59:59Z");
    assertThat(retraining.check().whyNot())
        .containsExactly("2 ran in the last seven days, at most 2 may");
    at("2026-01-08T12:00:00Z");
    assertThat(retraining.check().runs()).isTrue();
  }

  @Test
  void theCoolDownStandsAgainstWhateverCallsForIt() {
    Retraining retraining =
        policy().onNewRows(1).planned(FIRST_OF_MONTH).coolDown(Duration.ofDays(14)).build();
    rows = 1;
    at("2026-01-20T12:00:00Z");
    retraining.check();
    at("2026-02-01T12:00:00Z");

    RetrainingDecision decision = retraining.check();

    assertThat(decision.why()).hasSize(2);
    assertThat(decision.whyNot()).containsExactly("the cool-down lasts until 2026-02-03T12:00:00Z");
    assertThat(decision.toString())
        .startsWith("does not retrain: planned for 2026-02-01T03:00:00Z; 1 new labelled rows");
  }

  @Test
  void unlessACoolDownIsStatedPlannedTimesAndNewRowsAreNotHeldBackAndAlertsAreForFourWeeks() {
    RetrainingBuilder builder = unstated().on(AlertKind.CALIBRATION);
    Retraining retraining = builder.planned(MONDAYS).onNewRows(1).build();
    retraining.check();
    for (String monday : List.of("2026-01-05T04:00:00Z", "2026-01-12T04:00:00Z")) {
      at(monday);
      assertThat(retraining.check().runs()).isTrue();
    }
    at("2026-01-13T00:00:00Z");
    rows = 1;
    assertThat(retraining.check().runs()).isTrue();
    rows = 0;
    alert("a", "2026-01-14T00:00:00Z", 0);
    at("2026-01-14T00:00:00Z");
    assertThat(retraining.check().runs()).as("what came up since is heard").isTrue();
    for (String monday : List.of("2026-01-19T04:00:00Z", "2026-01-26T04:00:00Z")) {
      at(monday);
      assertThat(retraining.check().runs()).as("planned").isTrue();
    }
    at("2026-02-01T00:00:00Z");
    alert("b", "2026-02-01T00:00:00Z", 0);
    assertThat(retraining.check().whyNot())
        .containsExactly("the cool-down lasts until 2026-02-11T00:00:00Z");
    at("2026-02-02T04:00:00Z");
    assertThat(retraining.check().why()).as("planned, beside the alert").hasSize(2);
  }

  @Test
  void anAlertThatWasThereBeforeAPlannedOneIsNotHeardAgainForFourWeeks() {
    Retraining retraining = unstated().on(AlertKind.CALIBRATION).planned(MONDAYS).build();
    retraining.check();
    alert("a", "2026-01-04T00:00:00Z", 0);
    at("2026-01-05T04:00:00Z");
    assertThat(retraining.check().why()).hasSize(2);
    alert("c", "2026-01-06T00:00:00Z", 0, "2026-01-04T00:00:00Z");
    at("2026-01-06T00:00:00Z");
    assertThat(retraining.check().whyNot())
        .containsExactly("the cool-down lasts until 2026-02-02T03:00:00Z");
  }

  @Test
  void aPlannedTimeIsNotAsLateAsAllChecksBeforeIt() {
    Retraining retraining =
        unstated().planned(MONDAYS).coolDown(Duration.ofDays(7)).atMostPerWeek(1).build();
    retraining.check();
    at("2026-01-05T03:50:00Z");
    assertThat(retraining.check().runs()).isTrue();
    at("2026-01-12T03:10:00Z");
    assertThat(retraining.check().runs()).isTrue();
    at("2026-01-19T03:00:00Z");
    assertThat(retraining.check().runs()).isTrue();
  }

  @Test
  void aCoolDownThatHoldsBackPlannedTimesIsRefusedButForAnHourWhenClocksGoForward() {
    RetrainingBuilder monthly =
        unstated().planned(FIRST_OF_MONTH).coolDown(Duration.ofDays(28).plusHours(2));
    assertThatThrownBy(monthly::build)
        .isInstanceOf(MonitorConfigurationException.class)
        .hasMessageContaining("coolDown(PT674H)")
        .hasMessageContaining("PT672H apart");
    Timing inNewYork = Timing.cron("0 3 * * MON", ZoneId.of("America/New_York"));
    RetrainingBuilder weekly = unstated().planned(inNewYork);
    assertThat(weekly.coolDown(Duration.ofDays(7)).build()).isNotNull();
    assertThatThrownBy(weekly.coolDown(Duration.ofDays(8))::build)
        .isInstanceOf(MonitorConfigurationException.class);
  }

  @Test
  void theLeastRowsOfTheFirstOneAreAllThereAreAlsoIfNobodyChecks() {
    Retraining retraining = ledgerPolicy().on(AlertKind.CALIBRATION).atLeastNewRows(2).build();
    at("2026-01-03T00:00:00Z");
    retraining.alert(alert("a", "2026-01-03T00:00:00Z", 0));
    outcome("a", "2026-01-01T12:00:00Z");
    retraining.repeated(alert("a", "2026-01-03T00:00:00Z", 1));
    assertThat(ran).isEmpty();
    outcome("b", "2026-01-02T00:00:00Z");
    retraining.repeated(alert("a", "2026-01-03T00:00:00Z", 2));
    assertThat(ran).hasSize(1);
    retraining.alert(alert("b", "2026-01-03T00:00:00Z", 0));
    assertThat(ran).as("they are not new any more").hasSize(1);
  }

  @Test
  void whatWasLeftUndoneIsNotRunInQuietHours() {
    Retraining retraining =
        policy()
            .onNewRows(1)
            .quietHours(LocalTime.of(22, 0), LocalTime.of(6, 0), ZoneOffset.UTC)
            .build();
    leave();
    at("2026-01-01T22:00:00Z");
    assertThat(retraining.resume()).isFalse();
    assertThat(retraining.check().runs()).isFalse();
    at("2026-01-02T06:00:00Z");
    assertThat(retraining.check().runs()).isTrue();
    assertThat(ran).hasSize(1);
  }

  @Test
  void aDryRunSaysWhatACheckWouldDoAndChangesNothing() {
    Retraining retraining = policy().onNewRows(1).build();
    assertThat(retraining.plan().toString()).isEqualTo("does not retrain: nothing calls for it");
    rows = 1;
    assertThat(retraining.plan()).isEqualTo(retraining.plan());
    assertThat(retraining.plan().runs()).isTrue();
    assertThat(ran).isEmpty();
    assertThat(retraining.history()).isEmpty();
  }

  @Test
  void repeatedFailuresWaitTwiceAsLongEachTimeAndAlertOnce() {
    List<Alert> repeated = new ArrayList<>();
    AlertSink sink =
        new AlertSink() {
          @Override
          public void alert(Alert alert) {
            alerted.add(alert);
          }

          @Override
          public void repeated(Alert alert) {
            repeated.add(alert);
          }
        };
    Retraining retraining =
        policy()
            .onNewRows(1)
            .backOff(Duration.ofHours(1))
            .alertTo(
                alert -> {
                  throw new IllegalStateException("a sink that is down");
                })
            .alertTo(sink)
            .build();
    rows = 1;
    fails = true;
    assertThat(retraining.check().runs()).isTrue();
    assertThat(alerted).isEmpty();
    assertThat(retraining.check().runs()).as("one failure may be chance").isTrue();
    assertThat(alerted).hasSize(1);
    assertThat(alerted.get(0).kind()).isEqualTo(AlertKind.RETRAINING);
    assertThat(alerted.get(0))
        .asString()
        .contains("parcels: its retraining failed 2 times in a row", "no data");

    assertThat(retraining.check().whyNot())
        .containsExactly("2 failed in a row, waits until 2026-01-01T13:00:00Z");
    at("2026-01-01T13:00:00Z");
    assertThat(retraining.check().runs()).isTrue();
    assertThat(alerted).as("it goes on").hasSize(1);
    assertThat(repeated).extracting(Alert::id).containsExactly(alerted.get(0).id());
    at("2026-01-01T14:59:59Z");
    assertThat(retraining.check().runs()).isFalse();
    at("2026-01-01T15:00:00Z");
    fails = false;
    assertThat(retraining.check().runs()).isTrue();
    assertThat(retraining.check().runs()).as("well again").isTrue();
  }

  @Test
  void whatADeadProcessLeftIsRunAgainByACheckWithoutAnAlertToo() {
    Retraining retraining = policy().planned(MONDAYS).window(Duration.ofDays(90)).build();
    RetrainingTrigger left = begin();
    assertThat(retraining.check().runs()).as("its process lives").isFalse();
    assertThat(retraining.plan().runs()).isFalse();
    die();

    assertThat(retraining.plan().why()).containsExactly("an earlier one was left undone");
    assertThat(ran).as("a dry run").isEmpty();
    assertThat(retraining.check().why()).containsExactly("an earlier one was left undone");

    assertThat(ran).containsExactly(left);
    assertThat(retraining.history())
        .extracting(RetrainingRecord::state)
        .containsExactly(State.DONE);
  }

  private void leave() {
    RetrainingTrigger unused = begin();
    die();
  }

  private RetrainingTrigger begin() {
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    RetrainingTrigger left =
        new RetrainingTrigger(
            "retrain-1",
            List.of("planned for Monday"),
            null,
            clock.instant(),
            clock.instant().minus(Duration.ofDays(90)));
    assertThat(
            new JdbcRetrainings(stored)
                .begin(left, List.of(), Instant.now().plus(Duration.ofHours(1))))
        .isPresent();
    return left;
  }

  private void die() {
    ProcessIdentity here = ProcessIdentity.current();
    String dead = String.join("\n", here.host(), here.space(), "999999999", "0");
    workspace.database(Area.LEDGER).write(tx -> tx.update("UPDATE retraining SET owner = ?", dead));
  }

  @Test
  void whatIsNotAcceptedIsSaidAllAtOnce() {
    try {
      policy()
          .onNewRows(0)
          .atLeastNewRows(-1)
          .atMostPerWeek(0)
          .window(Duration.ZERO)
          .backOff(Duration.ofSeconds(-1))
          .quietHours(LocalTime.NOON, LocalTime.NOON, ZoneOffset.UTC)
          .on(AlertKind.RETRAINING)
          .build();
    } catch (MonitorConfigurationException e) {
      assertThat(e.problems()).hasSize(7);
      return;
    }
    throw new AssertionError("it was accepted");
  }
}
