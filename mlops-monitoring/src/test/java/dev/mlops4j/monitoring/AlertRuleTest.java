package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Watched.day;
import static dev.mlops4j.monitoring.Watched.due;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.monitoring.TestData.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AlertRuleTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private Watched watched;

  private void watch(AlertRule... rules) {
    watch(
        builder -> {
          for (AlertRule rule : rules) {
            builder.rule(rule);
          }
        });
  }

  private void watch(Consumer<MonitorBuilder<Object, Boolean>> settings) {
    close();
    watched = new Watched(directory, clock, settings);
  }

  @AfterEach
  void close() {
    if (watched != null) {
      watched.close();
    }
  }

  /** Days of 400 predictions, of which these shares are right; each evaluated when it is due. */
  private void days(int first, double... right) {
    for (int i = 0; i < right.length; i++) {
      watched.serve(first + i, 400, right[i]);
      watched.evaluateAt(due(first + i));
    }
  }

  @Test
  void aMetricBelowItsBoundIsOneAlertUntilItIsBack() {
    watch(AlertRule.performance("accuracy").below(0.7).clear(0.8).severity(Severity.CRITICAL));
    days(0, 0.9, 0.6, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy", "again accuracy");
    days(3, 0.75);
    assertThat(watched.heard()).as("neither broken nor back").isEmpty();
    days(4, 0.6);
    assertThat(watched.heard()).containsExactly("again accuracy");
    days(5, 0.85);
    assertThat(watched.heard()).containsExactly("over accuracy");
    Alert alert = watched.monitor.alerts().get(0);
    assertThat(watched.monitor.alerts()).hasSize(1);
    assertThat(alert.kind()).isEqualTo(AlertKind.PERFORMANCE);
    assertThat(alert.severity()).isEqualTo(Severity.CRITICAL);
    assertThat(alert.firstEnd()).isEqualTo(day(2));
    assertThat(alert.end()).isEqualTo(day(5));
    assertThat(alert.resolvedAt()).contains(due(5));
    assertThat(alert.toString())
        .contains("parcels: accuracy is 0.6 (95 %: 0.55", "below 0.7", "[CRITICAL]");
  }

  @Test
  void aValueWhoseIntervalReachesTheBoundAlertsNobody() {
    watch(
        AlertRule.performance("accuracy").below(0.7),
        AlertRule.performance("f1").below(0.7),
        AlertRule.performance("average_precision").below(0.65));
    watched.serve(0, 40, 0.65);
    watched.evaluateAt(due(0));
    assertThat(watched.heard()).isEmpty();
    watched.serve(1, 4_000, 0.65);
    watched.evaluateAt(due(1));
    assertThat(watched.heard())
        .containsExactlyInAnyOrder("new accuracy", "new f1", "new average_precision");
  }

  @Test
  void asManyWindowsInARowAsStatedMustBreakARule() {
    watch(AlertRule.performance("accuracy").below(0.7).windows(2));
    days(0, 0.6, 0.9, 0.6);
    assertThat(watched.heard()).isEmpty();
    days(3, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
  }

  @Test
  void aWindowWithTooFewRowsChangesNothing() {
    watch(AlertRule.performance("accuracy").below(0.7).windows(2));
    days(0, 0.6);
    watched.serve(1, 20, 1);
    watched.evaluateAt(due(1));
    days(2, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
    watched.serve(3, 20, 1);
    watched.evaluateAt(due(3));
    assertThat(watched.heard()).as("it is not over either").isEmpty();
  }

  @Test
  void theStateOfARuleSurvivesARestart() {
    AlertRule rule = AlertRule.performance("accuracy").below(0.7).windows(2);
    watch(rule);
    days(0, 0.6);
    watch(rule);
    days(1, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
    watch(rule);
    days(2, 0.9);
    assertThat(watched.heard()).containsExactly("over accuracy");
    watch(rule);
    watched.evaluateAt(due(2));
    assertThat(watched.heard()).isEmpty();
  }

  @Test
  void severalProcessesSendOneAlert() {
    AlertRule rule = AlertRule.performance("accuracy").below(0.7);
    watch(rule);
    watched.serve(0, 400, 0.6);
    watched.monitor.flush();
    try (Watched other = new Watched(directory, clock, builder -> builder.rule(rule))) {
      clock.set(due(0));
      assertThat(other.monitor.evaluate()).hasSize(1);
      assertThat(watched.monitor.evaluate()).isEmpty();
      assertThat(other.heard()).containsExactly("new accuracy");
      assertThat(watched.heard()).isEmpty();
    }
  }

  @Test
  void whatOneProcessIsTellingNoOtherTellsUntilItsLeaseRunsOut() {
    AlertRule rule = AlertRule.performance("accuracy").below(0.7);
    watch(
        builder ->
            builder
                .rule(rule)
                .alertTo(
                    alert -> {
                      try (Watched other = new Watched(directory, clock, b -> b.rule(rule))) {
                        other.monitor.evaluate();
                        assertThat(other.heard()).as("while it is told").isEmpty();
                        clock.set(due(0).plus(AlertBook.LEASE));
                        other.monitor.evaluate();
                        assertThat(other.heard()).containsExactly("new accuracy");
                      }
                    }));
    watched.serve(0, 400, 0.6);
    watched.evaluateAt(due(0));
    assertThat(watched.heard()).containsExactly("new accuracy");
    watched.evaluateAt(due(0).plus(AlertBook.LEASE.multipliedBy(2)));
    assertThat(watched.heard()).as("both have told it").isEmpty();
  }

  @Test
  void whenASinkOutlastsItsLeaseAnotherProcessTellsTheRest() {
    AlertRule rule = AlertRule.performance("accuracy").below(0.7);
    List<String> last = new ArrayList<>();
    watch(
        builder ->
            builder
                .rule(rule)
                .alertTo(
                    "slow",
                    alert -> {
                      clock.set(due(0).plus(AlertBook.LEASE));
                      try (Watched other =
                          new Watched(
                              directory,
                              clock,
                              b -> b.rule(rule).alertTo("last", a -> last.add("other")))) {
                        other.monitor.evaluate();
                      }
                    })
                .alertTo("last", alert -> last.add("this")));
    watched.serve(0, 400, 0.6);
    watched.evaluateAt(due(0));
    watched.evaluateAt(due(0).plus(AlertBook.LEASE.multipliedBy(2)));
    assertThat(last).containsExactly("other");
  }

  @Test
  void everySinkHasALeaseOfItsOwn() {
    AlertRule rule = AlertRule.performance("accuracy").below(0.7);
    List<String> last = new ArrayList<>();
    AlertSink slow = alert -> clock.set(clock.instant().plus(AlertBook.LEASE).minusSeconds(1));
    watch(
        builder ->
            builder
                .rule(rule)
                .alertTo("slow", slow)
                .alertTo("slow too", slow)
                .alertTo("last", alert -> last.add(alert.rule())));
    watched.serve(0, 400, 0.6);
    watched.evaluateAt(due(0));
    assertThat(last).containsExactly("accuracy");
  }

  @Test
  void anAlertThatASinkRefusedComesAgain() {
    watch(AlertRule.performance("accuracy").below(0.7));
    watched.sinkFails = true;
    days(0, 0.6);
    watched.sinkFails = false;
    watched.evaluateAt(due(0));
    assertThat(watched.heard()).containsExactly("new accuracy");
    watched.sinkFails = true;
    days(1, 0.9);
    watched.sinkFails = false;
    watched.evaluateAt(due(1));
    assertThat(watched.heard()).as("also that it is over").containsExactly("over accuracy");
    watched.evaluateAt(due(1));
    assertThat(watched.heard()).isEmpty();
  }

  @Test
  void aSinkThatFailsDoesNotWakeTheOthersAgain() {
    AtomicBoolean fails = new AtomicBoolean(true);
    List<String> mended = new ArrayList<>();
    Consumer<MonitorBuilder<Object, Boolean>> settings =
        builder ->
            builder
                .rule(AlertRule.performance("accuracy").below(0.7))
                .alertTo(
                    "pager",
                    new AlertSink() {
                      @Override
                      public void alert(Alert alert) {
                        throw new IllegalStateException("notices are taken whole");
                      }

                      @Override
                      public void notice(AlertNotice notice) {
                        if (fails.get()) {
                          throw new IllegalStateException("the pager is out of order");
                        }
                        mended.add(notice.raised().size() + "/" + notice.resolved().size());
                      }
                    });
    watch(settings);
    days(0, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
    watched.evaluateAt(due(0));
    assertThat(watched.heard()).isEmpty();
    days(1, 0.6);
    assertThat(watched.heard()).containsExactly("again accuracy");
    watch(settings);
    watched.evaluateAt(due(1));
    assertThat(watched.heard()).as("a named one, also after a restart").isEmpty();
    days(2, 0.9);
    assertThat(watched.heard()).containsExactly("over accuracy");
    fails.set(false);
    watched.evaluateAt(due(2));
    watched.evaluateAt(due(2));
    assertThat(watched.heard()).isEmpty();
    assertThat(mended).as("all that it has missed").containsExactly("1/1");
  }

  @Test
  void sinksThatCannotBeToldApartAreRefused() {
    AlertSink sink = alert -> {};
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE)
                    .alertTo("pager", sink)
                    .alertTo("pager", sink)
                    .alertTo(" ", sink)
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .contains("there are two sinks \"pager\": give each its own name")
                    .anyMatch(p -> p.startsWith("alertTo(\" \", sink) is not accepted")));
  }

  @Test
  void theAlertOfARuleThatIsNoLongerStatedIsWithdrawn() {
    watch(AlertRule.performance("accuracy").below(0.7));
    days(0, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
    watch(AlertRule.performance("accuracy").below(0.7).named("share that is right"));
    days(1, 0.6);
    assertThat(watched.heard()).containsExactly("new share that is right");
    days(2, 0.6);
    assertThat(watched.heard())
        .as("no window of two had such a rule")
        .containsExactly("again share that is right", "over accuracy");
    Alert over = watched.monitor.alerts().get(0);
    assertThat(over.resolvedAt()).contains(due(2));
    assertThat(over.verdict().words())
        .endsWith("(no longer watched: the monitor has no rule of this name)");
    watch(AlertRule.performance("f1").below(0.1).named("share that is right"));
    days(3, 0.6);
    assertThat(watched.heard()).containsExactly("over share that is right");
    assertThat(watched.monitor.alerts().get(1).verdict().words())
        .endsWith("(no longer watched: the rule looks at something else)");
  }

  /** Old and new processes evaluate by turns until all are new. */
  @Test
  void rulesThatAreRolledOutDoNotEndEachOthersAlerts() {
    AlertRule accuracy = AlertRule.performance("accuracy").below(0.7);
    AlertRule share = AlertRule.performance("accuracy").below(0.65).named("share that is right");
    watch(accuracy, share);
    days(0, 0.6);
    assertThat(watched.heard())
        .containsExactlyInAnyOrder("new accuracy", "new share that is right");
    watch(accuracy);
    days(1, 0.6);
    watch(accuracy, share);
    days(2, 0.6);
    watch(share);
    days(3, 0.6);
    watch(accuracy, share);
    days(4, 0.6);
    assertThat(watched.heard()).containsOnly("again accuracy", "again share that is right");
    days(5, 0.9);
    assertThat(watched.heard())
        .containsExactlyInAnyOrder("over accuracy", "over share that is right");
  }

  @Test
  void whatIsJudgedLaterIsNotWithdrawnBefore() {
    watch(AlertRule.performance("accuracy").below(0.7), AlertRule.predictions().below(1_000));
    days(0, 0.6);
    watched.heard();
    watched.serve(1, 400, 0.6);
    watched.evaluateAt(day(2));
    assertThat(watched.heard()).as("before outcomes are due").containsExactly("again predictions");
  }

  @Test
  void inItsCoolDownARuleIsNotHeardOf() {
    watch(AlertRule.performance("accuracy").below(0.7).coolDown(Duration.ofDays(3)));
    days(0, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
    days(1, 0.6);
    assertThat(watched.heard()).as("it goes on").isEmpty();
    days(2, 0.9);
    assertThat(watched.heard()).as("that it is over is told").containsExactly("over accuracy");
    watched.evaluateAt(due(3).minusSeconds(1));
    assertThat(watched.heard()).isEmpty();
    days(3, 0.6);
    assertThat(watched.heard()).as("three days after the last one").containsExactly("new accuracy");
  }

  @Test
  void whatIsOverBeforeItsCoolDownIsNeverHeardOf() {
    watch(AlertRule.performance("accuracy").below(0.7).coolDown(Duration.ofDays(4)));
    days(0, 0.6, 0.9, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy", "over accuracy");
    days(3, 0.9);
    assertThat(watched.heard()).isEmpty();
    watched.evaluateAt(due(9));
    assertThat(watched.heard()).isEmpty();
    assertThat(watched.monitor.alerts()).hasSize(2);
  }

  @Test
  void aCoolDownDoesNotPostponeWhatNobodyHasHeard() {
    watch(AlertRule.performance("accuracy").below(0.7).coolDown(Duration.ofDays(14)));
    watched.sinkFails = true;
    days(0, 0.6, 0.6);
    watched.sinkFails = false;
    days(2, 0.9);
    assertThat(watched.heard())
        .as("it is told, although it is over by then")
        .containsExactly("new accuracy", "over accuracy");
  }

  @Test
  void aCoolDownBeginsWhenARuleIsHeardOf() {
    watch(AlertRule.performance("accuracy").below(0.7).coolDown(Duration.ofDays(4)));
    watched.monitor.silence("accuracy", day(4), "a holiday");
    days(0, 0.6, 0.6);
    watched.evaluateAt(day(4));
    assertThat(watched.heard()).as("after the silence").containsExactly("new accuracy");
    days(4, 0.6);
    watched.evaluateAt(day(8).minusSeconds(1));
    assertThat(watched.heard()).isEmpty();
    watched.evaluateAt(day(8));
    assertThat(watched.heard()).containsExactly("again accuracy");
  }

  @Test
  void aCoolDownDoesNotPostponeARepeatThatIsDue() {
    watch(AlertRule.performance("accuracy").below(0.7).coolDown(Duration.ofDays(2)));
    days(0, 0.6, 0.6);
    assertThat(watched.heard()).containsExactly("new accuracy");
    watched.sinkFails = true;
    days(2, 0.6, 0.6);
    watched.sinkFails = false;
    watched.evaluateAt(due(3));
    assertThat(watched.heard()).containsExactly("again accuracy");
  }

  @Test
  void aSilenceKeepsWhatGoesOnForLater() {
    watch(AlertRule.performance("accuracy").below(0.7));
    watched.monitor.silence("accuracy", day(3), "the labels are known to be late");
    days(0, 0.6);
    assertThat(watched.heard()).isEmpty();
    watched.evaluateAt(day(3));
    assertThat(watched.heard()).containsExactly("new accuracy");
    watched.monitor.silence("accuracy", day(9), "again");
    days(3, 0.9, 0.6, 0.9);
    assertThat(watched.heard()).isEmpty();
    watched.monitor.silence("accuracy", day(6), "it is repaired");
    watched.evaluateAt(day(9));
    assertThat(watched.heard())
        .as("the end of what was heard, nothing of what came and went in silence")
        .containsExactly("over accuracy");
    watched.evaluateAt(day(9));
    assertThat(watched.heard()).isEmpty();
    assertThatThrownBy(() -> watched.monitor.silence("auc", day(3), "wrong name"))
        .isInstanceOf(MonitoringException.class)
        .hasMessage("there is no rule \"auc\" to silence, this monitor has [accuracy, default]");
  }

  @Test
  void aDropAgainstTheWindowsBeforeIsFound() {
    watch(AlertRule.performance("accuracy").worseThanBefore(4, 0.1));
    days(0, 0.9, 0.92, 0.88);
    assertThat(watched.heard()).isEmpty();
    days(3, 0.7);
    assertThat(watched.heard()).containsExactly("new accuracy");
    assertThat(watched.monitor.alerts().get(0).verdict().words())
        .contains("below 0.8, as the mean of 4 windows before is 0.9");
  }

  @Test
  void aDropAgainstAReferenceIsFoundOnTheSideThatIsWorse() {
    Evaluation holdout =
        Evaluation.binary(new double[] {0.9, 0.2, 0.8, 0.3}, new double[] {1, 0, 1, 0});
    watch(
        AlertRule.performance("accuracy").worseThan(holdout, 0.2),
        AlertRule.performance("log_loss").worseThan(holdout, 0.3));
    days(0, 0.9);
    assertThat(watched.heard()).isEmpty();
    days(1, 0.5);
    assertThat(watched.heard()).containsExactly("new accuracy", "new log_loss");
    assertThatThrownBy(() -> AlertRule.performance("rmse").worseThan(holdout, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("the reference has no metric \"rmse\", it has [auc,");
    assertThatThrownBy(() -> AlertRule.performance("cost").worseThanBefore(3, 1))
        .hasMessageContaining("whether a greater \"cost\" is better is not known");
  }

  @Test
  void aFunctionOfPredictionsIsAMetricLikeAnyOther() {
    watch(
        builder ->
            builder
                .metric(
                    "cost",
                    prediction ->
                        prediction.outcome().orElseThrow() && prediction.output()[0] < 0.5 ? 10 : 0)
                .rule(AlertRule.performance("cost").above(3)));
    days(0, 0.9, 0.2);
    assertThat(watched.heard()).containsExactly("new cost");
    List<WindowMetric> costs = watched.monitor.metricHistory("cost");
    assertThat(costs).extracting(WindowMetric::value).containsExactly(0.5, 4.0);
    assertThat(costs.get(1).interval().orElseThrow().contains(4)).isTrue();
    assertThat(costs.get(1).start()).isEqualTo(day(1));
  }

  @Test
  void missingPredictionsAreFoundWithoutAnyAndAtTheEndOfTheWindow() {
    watch(AlertRule.predictions().below(100).windows(2));
    days(0, 0.9);
    watched.evaluateAt(day(2));
    assertThat(watched.heard()).isEmpty();
    watched.evaluateAt(day(3));
    assertThat(watched.heard()).as("before outcomes are due").containsExactly("new predictions");
    days(3, 0.9);
    assertThat(watched.heard()).containsExactly("over predictions");
  }

  @Test
  void slowPredictionsAreFound() {
    watch(AlertRule.latency(0.99).above(Duration.ofMillis(50)));
    for (int i = 0; i < 200; i++) {
      watched.ask(0, i, 0.5, i < 197 ? 2_000_000 : 80_000_000);
    }
    for (int i = 0; i < 200; i++) {
      watched.ask(1, i, 0.5, i < 199 ? 2_000_000 : 80_000_000);
    }
    watched.evaluateAt(day(1));
    assertThat(watched.heard()).containsExactly("new latency_p99");
    assertThat(watched.monitor.alerts().get(0).verdict().effect()).isEqualTo(80);
    watched.evaluateAt(day(2));
    assertThat(watched.heard()).containsExactly("over latency_p99");
  }

  @Test
  void requestsThatNoModelAnsweredAreAShare() {
    watch(AlertRule.failures().above(0.05));
    watched.serve(0, 400, 0.9);
    clock.set(day(0).plusSeconds(7));
    for (int i = 0; i < 100; i++) {
      watched.monitor.failed("f" + i, new IllegalStateException("the store is down"));
    }
    watched.evaluateAt(day(1));
    assertThat(watched.heard()).containsExactly("new failure_share");
    assertThat(watched.monitor.alerts().get(0).verdict().effect()).isEqualTo(0.2);
  }

  @Test
  void outcomesThatDoNotComeAreFoundWhenTheyAreDue() {
    watch(AlertRule.unlabelled().above(0.2));
    watched.serve(0, 400, 0.9);
    for (int i = 400; i < 600; i++) {
      watched.ask(0, i, 0.5, 1);
    }
    watched.evaluateAt(day(1));
    assertThat(watched.heard()).isEmpty();
    watched.evaluateAt(due(0));
    assertThat(watched.heard()).containsExactly("new unlabelled_share");
  }

  @Test
  void alertsOfOneWindowAreOneNotice() {
    watch(
        AlertRule.performance("accuracy").below(0.7),
        AlertRule.performance("auc").below(0.7).severity(Severity.INFO),
        AlertRule.predictions().below(1_000));
    watched.serve(0, 400, 0.5);
    watched.evaluateAt(due(0));
    assertThat(watched.notices).hasSize(1);
    assertThat(watched.notices.get(0).raised()).hasSize(3);
    assertThat(watched.notices.get(0).toString().lines())
        .hasSize(3)
        .allMatch(l -> l.startsWith("new: "));
  }

  @Test
  void theClockGoingBackwardsNeitherRepeatsNorEndsAnAlert() {
    watch(AlertRule.performance("accuracy").below(0.7));
    days(0, 0.6, 0.6);
    assertThat(watched.heard()).hasSize(2);
    assertThat(watched.evaluateAt(due(0))).isEmpty();
    assertThat(watched.evaluateAt(day(0))).isEmpty();
    assertThat(watched.heard()).isEmpty();
    days(2, 0.6);
    assertThat(watched.heard()).containsExactly("again accuracy");
  }

  @Test
  void aNameThatThereIsNotIsRefusedBeforeItIsSilentForEver() {
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE)
                    .metric("cost", prediction -> 1)
                    .rule(AlertRule.performance("cost").above(1))
                    .rule(AlertRule.performance("roc_auc").below(0.5))
                    .rule(AlertRule.performance("rmse").above(1))
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .anyMatch(
                        p ->
                            p.startsWith(
                                "performance(\"roc_auc\") is not accepted: the metrics are [auc,"))
                    .anyMatch(p -> p.startsWith("performance(\"rmse\")") && p.endsWith(" cost]"))
                    .noneMatch(p -> p.startsWith("performance(\"cost\")")));
    assertThat(
            KnownNames.problemsOfLookups(
                List.of(
                    AlertRule.staleness("wether").above(0.1),
                    AlertRule.staleness("weather").above(0.1)),
                List.of("weather")))
        .containsExactly("staleness(\"wether\") is not accepted: the lookups are [weather]");
    assertThat(KnownNames.metrics(Task.MULTICLASS)).contains("f1_macro", "auc_ovr");
    assertThat(KnownNames.metrics(Task.REGRESSION)).contains("rmse", "mae");
  }

  @Test
  void aReferenceIsNoReasonForAnAlertOfWhatIsBetter() {
    Evaluation holdout = Evaluation.binary(new double[] {0.9, 0.2}, new double[] {1, 0});
    for (double by : new double[] {-0.1, Double.NaN, Double.POSITIVE_INFINITY}) {
      assertThatThrownBy(() -> AlertRule.performance("auc").worseThan(holdout, by))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("a rule is broken by what is worse by 0 or more, found " + by);
    }
    assertThatThrownBy(() -> AlertRule.predictions().severity(null))
        .isInstanceOf(NullPointerException.class)
        .hasMessage("severity");
    assertThatThrownBy(() -> AlertRule.predictions().coolDown(null)).hasMessage("coolDown");
  }

  @Test
  void whatDataHasInItAddsNoLineToANotice() {
    Verdict verdict =
        new Verdict(
            "x\n2026-01-01 ERROR",
            AlertKind.FEATURE_DRIFT,
            Verdict.Status.ALERT,
            Aspect.SHARE,
            null,
            0.5,
            0.001,
            0.001,
            9,
            9,
            "more \u001b[31mred");
    Alert alert =
        new Alert(
            "id",
            "m",
            1,
            List.of(1),
            AlertKind.FEATURE_DRIFT,
            verdict.column(),
            day(0),
            day(1),
            day(1),
            0,
            verdict,
            day(1));
    AlertNotice notice = new AlertNotice("m", List.of(alert), List.of(), List.of(alert));
    assertThat(notice.toString().lines()).hasSize(2);
    assertThat(notice.toString())
        .contains("x\\u000a2026", "\\u001b[31mred")
        .doesNotContain("\u001b");
  }

  @Test
  void rulesThatMakeNoSenseAreRefusedAllAtOnce() {
    assertThatThrownBy(
            () ->
                Monitor.of(TestData.MODEL, TestData.LATE)
                    .rule(AlertRule.performance("auc"))
                    .rule(AlertRule.performance("f1").below(0.5).clear(0.4))
                    .rule(AlertRule.performance("f1").above(Double.NaN))
                    .rule(AlertRule.drift().below(3))
                    .rule(AlertRule.drift(AlertKind.LABEL_DRIFT).windows(0))
                    .rule(AlertRule.staleness("weather").above(0.1))
                    .rule(AlertRule.unlabelled().above(0.1).named("default"))
                    .build())
        .isInstanceOfSatisfying(
            MonitorConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .anyMatch(p -> p.contains("rule \"auc\" has no bound"))
                    .anyMatch(p -> p.contains("clear(0.4) is not accepted: it is at least 0.5"))
                    .anyMatch(p -> p.contains("has a bound of NaN"))
                    .anyMatch(p -> p.contains("there are two rules \"f1\""))
                    .anyMatch(p -> p.contains("leave out below and above"))
                    .anyMatch(p -> p.contains("windows(0) is not accepted: 1 to 100"))
                    .anyMatch(p -> p.contains("two rules are about LABEL_DRIFT"))
                    .anyMatch(p -> p.contains("looks at lookups, of which none are kept"))
                    .anyMatch(p -> p.contains("means drift without one")));
    assertThatThrownBy(() -> AlertRule.drift(AlertKind.LATENCY))
        .hasMessageContaining("LATENCY is no drift");
    assertThatThrownBy(() -> AlertRule.latency(0))
        .hasMessageContaining("more than 0 and at most 1, found 0.0");
    assertThatThrownBy(() -> AlertRule.predictions().worseThanBefore(0, 1))
        .hasMessageContaining("1 to 100 windows before, found 0");
  }
}
