package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.ServedLookup.Status;
import dev.mlops4j.model.Signature;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rules about verdicts on columns, and about what lookups found. */
class DriftRuleTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private final Random random = new Random(11);
  private final List<String> heard = new ArrayList<>();
  private Workspace workspace;
  private JdbcLedger ledger;
  private JdbcMonitoringSchema.Model stored;

  @BeforeEach
  void open() {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    ledger = new JdbcLedger(stored);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  private Monitor<Object, Boolean> monitor(AlertRule... rules) {
    return monitor(TestData.references(TestData.byWeek(7)), rules);
  }

  private Monitor<Object, Boolean> monitor(References references, AlertRule... rules) {
    MonitorBuilder<Object, Boolean> builder =
        Monitor.of(TestData.MODEL, TestData.LATE)
            .in(workspace)
            .spans(1)
            .alertTo(
                new AlertSink() {
                  @Override
                  public void alert(Alert alert) {
                    heard.add("new " + alert.rule() + " " + alert.column());
                  }

                  @Override
                  public void resolved(Alert alert) {
                    heard.add("over " + alert.rule() + " " + alert.column());
                  }
                });
    for (AlertRule rule : rules) {
      builder.rule(rule);
    }
    Monitor<Object, Boolean> monitor = builder.build(workspace, ledger, stored, references);
    workspace.onClose(monitor);
    return monitor;
  }

  private static Instant week(int number) {
    return TestData.SERVING.plus(TestData.WEEK.multipliedBy(number));
  }

  /** Serves and evaluates weeks whose sizes are of these levels. */
  private void weeks(Monitor<Object, Boolean> monitor, double... levels) {
    for (int week = 0; week < levels.length; week++) {
      week(monitor, week, levels[week]);
    }
  }

  private void week(Monitor<Object, Boolean> monitor, int week, double level) {
    for (int i = 0; i < TestData.ROWS; i++) {
      TestData.Row row = TestData.row(random, week(week), level);
      Instant at = i == 0 ? week(week) : row.at();
      monitor.predicted(
          new TestData.Row(at, row.size(), row.colour(), row.prediction(), row.late())
              .prediction("w" + week + "n" + i, 1));
    }
    clock.set(week(week + 1));
    monitor.evaluate();
  }

  @Test
  void driftAlertsAfterAsManyWindowsInARowAndIsOverWhenItIs() {
    Monitor<Object, Boolean> monitor =
        monitor(
            AlertRule.drift(AlertKind.FEATURE_DRIFT)
                .windows(2)
                .severity(Severity.CRITICAL)
                .named("features"));
    weeks(monitor, 3, 3, 0, 0, 0, 0, 0, 0);
    assertThat(heard).containsExactly("new features size", "over features size");
    Alert alert = monitor.alerts().get(0);
    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(alert.firstEnd()).as("not after the first week").isEqualTo(week(2));
    assertThat(alert.toString()).contains("feature \"size\" drifted");
  }

  @Test
  void driftOfAColumnThatTheNextVersionDoesNotHaveIsOver() {
    Signature colours =
        new Signature(List.of(TestData.SIGNATURE.inputs().get(1)), Signature.Output.binary("late"));
    References first = TestData.references(TestData.byWeek(7));
    Reference second = Reference.of(TestData.byWeek(7), colours);
    References references =
        new References() {
          @Override
          public Reference of(int version) {
            return version == 1 ? first.of(1) : second;
          }

          @Override
          public Signature signature(int version) {
            return of(version).signature();
          }
        };
    Monitor<Object, Boolean> monitor =
        monitor(references, AlertRule.drift(AlertKind.FEATURE_DRIFT).named("features"));
    weeks(monitor, 3);
    assertThat(heard).containsExactly("new features size");
    for (int i = 0; i < TestData.ROWS; i++) {
      TestData.Row row = TestData.row(random, week(1), 0);
      monitor.predicted(
          new Prediction(
              "c" + i,
              TestData.MODEL,
              2,
              i == 0 ? week(1) : row.at(),
              colours,
              new double[] {row.colour()},
              new double[] {row.prediction()}));
    }
    clock.set(week(2));
    monitor.evaluate();
    assertThat(heard).containsExactly("new features size", "over features size");
    Alert alert = monitor.alerts().get(0);
    assertThat(alert.resolvedAt()).contains(week(2));
    assertThat(alert.verdict().words()).endsWith("(no longer watched: there is no such column)");
  }

  @Test
  void aRuleThatFoundNothingInAWindowWasNotPassedOver() {
    boolean[] unreadable = {false};
    References readable = TestData.references(TestData.byWeek(7));
    References references =
        new References() {
          @Override
          public Reference of(int version) {
            if (unreadable[0]) {
              throw new MonitoringException("the package cannot be read");
            }
            return readable.of(version);
          }

          @Override
          public Signature signature(int version) {
            return readable.signature(version);
          }
        };
    AlertRule drift = AlertRule.drift(AlertKind.FEATURE_DRIFT).named("features");
    AlertRule other = AlertRule.predictions().below(1);
    Monitor<Object, Boolean> with = monitor(references, drift, other);
    Monitor<Object, Boolean> without = monitor(references, other);
    week(with, 0, 3);
    unreadable[0] = true;
    week(with, 1, 3);
    unreadable[0] = false;
    week(without, 2, 3);
    assertThat(heard).contains("new features size").doesNotContain("over features size");
    week(without, 3, 3);
    assertThat(heard).as("the second one without it").contains("over features size");
  }

  @Test
  void driftThatNoRuleIsAboutAlertsAtOnce() {
    Monitor<Object, Boolean> monitor =
        monitor(AlertRule.drift(AlertKind.LABEL_DRIFT), AlertRule.predictions().below(10));
    weeks(monitor, 3);
    assertThat(heard).containsExactly("new default size");
    assertThat(monitor.alerts().get(0).severity()).isEqualTo(Severity.WARNING);
  }

  @Test
  void staleAndUnansweredLookupsAreAShareOfTheLoggedOnes() throws IOException {
    List<LedgerEntry> entries = new ArrayList<>();
    Status[] statuses = {Status.PRESENT, Status.STALE, Status.MISSING, Status.UNANSWERED};
    for (int i = 0; i < 40; i++) {
      Prediction prediction =
          new TestData.Row(week(0).plusSeconds(i), 0, 0, 0.2, false).prediction("p" + i, 1);
      byte[] lookups =
          LookupBytes.of(
              List.of(
                  new ServedLookup("weather", statuses[i % 4], null),
                  new ServedLookup("traffic", Status.PRESENT, week(0))));
      long at = 1_000_000 * (week(0).getEpochSecond() + i);
      FeatureLog.Logged logged =
          new FeatureLog.Logged(new byte[0], i == 39 ? new byte[] {1, 2} : lookups);
      entries.add(LedgerEntry.Asked.of(prediction, at, at, logged));
    }
    ledger.write(entries);
    long from = 1_000_000 * week(0).getEpochSecond();
    Performance none = new Performance(40, 0, Double.NaN, Double.NaN, null);
    RuleFacts facts = new RuleFacts(ledger, from, from + 7L * 86_400_000_000L, none);
    RuleValue weather = facts.of(AlertRule.staleness("weather").signal());
    assertThat(weather.rows()).as("one is damaged").isEqualTo(39);
    assertThat(weather.value()).isEqualTo(19 / 39.0);
    assertThat(facts.of(AlertRule.staleness("traffic").signal()).value()).isZero();
    assertThat(facts.of(AlertRule.staleness("unknown").signal()).value()).isNaN();
  }

  @Test
  void aWindowWithoutDataBreaksNoRuleOfAShare() {
    Performance empty = new Performance(0, 0, Double.NaN, Double.NaN, null);
    RuleFacts facts = new RuleFacts(ledger, 0, 1, empty);
    for (AlertRule rule :
        List.of(
            AlertRule.failures().above(0),
            AlertRule.latency(0.5).above(0),
            AlertRule.unlabelled().above(0),
            AlertRule.performance("auc").below(1))) {
      RuleValue value = facts.of(rule.signal());
      assertThat(value.value()).as(rule.toString()).isNaN();
      assertThat(rule.limit().find(value, Double.NaN)).isEqualTo(RuleLimit.Finding.UNKNOWN);
    }
  }
}
