package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Served.week;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
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
