package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Served.week;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Monitors of one model with different references or windows. */
class TwoMonitorsTest {

  @TempDir Path directory;
  private final References references = TestData.references(TestData.byWeek(7));
  private final List<Alert> heard = new ArrayList<>();
  private final List<Alert> heardByOther = new ArrayList<>();
  private Served served;

  @BeforeEach
  void open() {
    served = new Served(directory, references, b -> b.spans(1).alertTo(heard::add));
    for (int week = 0; week < 4; week++) {
      served.serve(week, week < 2 ? 0 : 3);
    }
  }

  @AfterEach
  void close() {
    served.close();
  }

  @Test
  void theyEvaluateAndAlertIndependently() {
    Monitor<Object, Boolean> other =
        served.another(
            references,
            b -> b.reference(MonitorReference.previousWindow()).alertTo(heardByOther::add));
    assertThat(served.evaluate(3)).hasSize(4);
    assertThat(heardByOther).isEmpty();
    assertThat(other.evaluate()).hasSize(4);
    assertThat(other.evaluate()).isEmpty();
    assertThat(served.monitor.evaluate()).isEmpty();

    assertThat(served.monitor.alerts())
        .singleElement()
        .satisfies(alert -> assertThat(alert.end()).isEqualTo(week(4)));
    assertThat(other.alerts())
        .singleElement()
        .satisfies(alert -> assertThat(alert.end()).isEqualTo(week(3)));
    assertThat(served.monitor.report().openAlerts()).isEqualTo(served.monitor.alerts());
    assertThat(other.report().openAlerts()).isEmpty();
    assertThat(other.report().pastAlerts()).isEqualTo(other.alerts());
    assertThat(heard).extracting(Alert::id).containsOnly(served.monitor.alerts().get(0).id());
    assertThat(heardByOther).extracting(Alert::id).containsExactly(other.alerts().get(0).id());
    assertThat(other.alerts().get(0).id()).isNotEqualTo(served.monitor.alerts().get(0).id());
  }

  @Test
  void rulesOfTheSameNameRememberEachForThemselves() {
    AlertRule rule = AlertRule.drift(AlertKind.FEATURE_DRIFT).named("drift").windows(2);
    Monitor<Object, Boolean> one = served.another(references, b -> b.spans(1).rule(rule));
    Monitor<Object, Boolean> other =
        served.another(references, b -> b.reference(MonitorReference.previousWindow()).rule(rule));
    served.clock.set(week(4).plusSeconds(24 * 3600));
    served.monitor.flush();
    one.evaluate();
    other.evaluate();
    assertThat(one.alerts()).extracting(Alert::rule).containsExactly("drift");
    assertThat(other.alerts()).as("it changed once alone").isEmpty();
  }

  @Test
  void eachTellsItsOwnSinksOfWindowsOfItsLength() {
    AlertRule few = AlertRule.predictions().below(100_000);
    Monitor<Object, Boolean> weekly =
        served.another(references, b -> b.spans(1).rule(few).alertTo(heard::add));
    Monitor<Object, Boolean> longer =
        served.another(
            references,
            b -> b.spans(1).window(Duration.ofDays(14)).rule(few).alertTo(heardByOther::add));
    served.clock.set(week(4).plusSeconds(24 * 3600));
    AtomicBoolean fails = new AtomicBoolean(true);
    Monitor<Object, Boolean> failing =
        served.another(
            references,
            b ->
                b.spans(1)
                    .rule(few)
                    .alertTo(
                        alert -> {
                          if (fails.get()) {
                            throw new IllegalStateException("the pager is out of order");
                          }
                        }));
    served.monitor.flush();
    failing.evaluate();
    longer.evaluate();
    assertThat(heardByOther).as("not of the weeks that wait").isNotEmpty();
    assertThat(heardByOther).allMatch(a -> a.length().equals(Duration.ofDays(14)));
    weekly.evaluate();
    assertThat(heard).filteredOn(a -> a.rule().equals("predictions")).hasSize(1);
    assertThat(heard).allMatch(a -> a.length().equals(TestData.WEEK));
  }

  @Test
  void aReportHasNoAlertsOfWindowsOfAnotherLength() {
    served.evaluate(3);
    Monitor<Object, Boolean> longer =
        served.another(references, b -> b.spans(1).window(Duration.ofDays(14)));
    longer.evaluate();
    assertThat(longer.alerts()).isEqualTo(served.monitor.alerts());
    assertThat(longer.report().windows()).isNotEmpty();
    assertThat(longer.report().openAlerts()).isEmpty();
    assertThat(longer.report().pastAlerts()).isEmpty();
  }

  @Test
  void aLongerGraceSeesOutcomesThatCameAfterTheShorterOne() {
    Monitor<Object, Boolean> patient =
        served.another(references, b -> b.spans(1).outcomeGrace(Duration.ofDays(7)));
    Monitor<Object, Boolean> other =
        served.another(
            references,
            b -> b.reference(MonitorReference.previousWindow()).outcomeGrace(Duration.ofDays(7)));
    ask("late", 0);
    assertThat(labelled(served.evaluate(3), 0)).isEqualTo(201);
    patient.outcome("late", true);
    patient.flush();
    served.clock.set(week(4).plus(Duration.ofDays(8)));
    assertThat(labelled(other.evaluate(), 0)).as("it counts for itself").isEqualTo(202);
    assertThat(other.evaluate()).isEmpty();
    patient.outcome("late", false);
    patient.flush();
    List<WindowReport> again = served.monitor.evaluate();
    assertThat(again).hasSize(1).allMatch(WindowReport::restated);
    assertThat(labelled(again, 0)).isEqualTo(202);
  }

  @Test
  void aChangeToWindowsOfAnotherLengthIsMarkedAsWell() {
    Monitor<Object, Boolean> longer =
        served.another(references, b -> b.spans(1).window(Duration.ofDays(14)));
    ask("late", 2);
    served.evaluate(3);
    assertThat(longer.evaluate()).isNotEmpty();
    served.monitor.outcome("late", true);
    served.monitor.flush();
    assertThat(longer.evaluate()).hasSize(1).allMatch(WindowReport::restated);
    assertThat(served.monitor.evaluate()).hasSize(1).allMatch(WindowReport::restated);
  }

  @Test
  void whoIsSecondDoesNotSettleWhatTheFirstHasNotSeen() throws InterruptedException {
    CountDownLatch secondHasRead = new CountDownLatch(1);
    CountDownLatch firstIsDone = new CountDownLatch(1);
    AtomicReference<Runnable> whileFirstReads = new AtomicReference<>(() -> {});
    AtomicReference<Runnable> whileSecondReads = new AtomicReference<>(() -> {});
    Monitor<Object, Boolean> first = reading(whileFirstReads);
    Monitor<Object, Boolean> second = reading(whileSecondReads);
    ask("late", 0);
    served.clock.set(week(1).plusSeconds(24 * 3600));
    Thread thread = new Thread(second::evaluate);
    whileFirstReads.set(
        () -> {
          served.monitor.outcome("late", true);
          served.monitor.flush();
          thread.start();
          await(secondHasRead);
        });
    whileSecondReads.set(
        () -> {
          secondHasRead.countDown();
          await(firstIsDone);
        });
    first.evaluate();
    firstIsDone.countDown();
    thread.join();
    List<WindowReport> again = first.evaluate();
    assertThat(again).hasSize(1).allMatch(WindowReport::restated);
    assertThat(labelled(again, 0)).isEqualTo(202);
  }

  @Test
  void aFailureThatBothHearOfIsOne() {
    Monitor<Object, Boolean> other = served.another(references, b -> b.spans(1));
    for (int i = 0; i < 3; i++) {
      served.monitor.failed("f" + i, new IllegalStateException());
      other.failed("f" + i, new IllegalStateException());
    }
    String tooLong = "\u20ac".repeat(400);
    served.monitor.failed(tooLong, new IllegalStateException());
    served.monitor.failed("half a pair \ud83d", new IllegalStateException());
    served.monitor.flush();
    other.flush();
    long now = Timestamps.toMicros(served.clock.instant());
    assertThat(served.monitor.ledger().failures(now, now + 1_000_000)).isEqualTo(5);
    served.monitor.erase(List.of("f0"));
    served.monitor.ledger().removeBefore(now);
    assertThat(served.monitor.ledger().failures(now, now + 1_000_000)).isEqualTo(4);
    served.monitor.ledger().removeBefore(now + 1_000_000);
    assertThat(served.monitor.ledger().failures(now, now + 1_000_000)).isZero();
  }

  private void ask(String id, int week) {
    served.monitor.predicted(new TestData.Row(week(week), 0, 0, 0.25, true).prediction(id, 1));
    served.monitor.flush();
  }

  private static long labelled(List<WindowReport> reports, int week) {
    return reports.stream()
        .filter(report -> report.start().equals(week(week)) && report.outcomesIn())
        .findFirst()
        .orElseThrow()
        .performance()
        .labelled();
  }

  /** One that does something once, when it has counted a window and reads it for a metric. */
  private Monitor<Object, Boolean> reading(AtomicReference<Runnable> once) {
    return served.another(
        references,
        b ->
            b.spans(1)
                .metric(
                    "cost",
                    row -> {
                      once.getAndSet(() -> {}).run();
                      return 1;
                    }));
  }

  private static void await(CountDownLatch latch) {
    try {
      assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whatWasEvaluatedBeforeReferencesWereStoredIsOfTheTraining() {
    try (Workspace workspace = Workspace.open(directory.resolve("old"))) {
      Database plain = workspace.database(Area.LEDGER);
      Database old = plain.withSchema("monitoring", JdbcMonitoringSchema.STEPS.subList(0, 6));
      old.write(
          tx -> {
            tx.update("INSERT INTO monitored_model (name) VALUES ('m')");
            tx.update("INSERT INTO evaluated_window VALUES (1, 7, 40, 1, 5)");
            return tx.update(
                "INSERT INTO rule_state (model, rule, subject, length, period, streak)"
                    + " VALUES (1, 'r', 's', 7, 40, 3)");
          });
      Database now = JdbcMonitoringSchema.over(plain);
      JdbcWindows windows = new JdbcWindows(new JdbcMonitoringSchema.Model(now, "m"));
      assertThat(windows.lastEvaluated(new EvaluationKey("", 7), true)).hasValue(40);
      assertThat(windows.lastEvaluated(new EvaluationKey("the window before", 7), true)).isEmpty();
      assertThat(windows.versions(new EvaluationKey("", 7), 0, 99)).isEmpty();
      Optional<Long> due =
          now.read(tx -> tx.first("SELECT period FROM outcomes_due", row -> row.getLong(1)));
      assertThat(due).as("late changes to it leave a mark").contains(40L);
      List<String> memory =
          now.read(
              tx ->
                  tx.query(
                      "SELECT reference, streak FROM rule_memory",
                      row -> row.getString(1) + row.getInt(2)));
      assertThat(memory).containsExactly("3");
    }
  }
}
