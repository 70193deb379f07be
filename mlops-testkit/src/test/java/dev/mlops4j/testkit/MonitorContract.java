package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.feature.Target;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.monitoring.Alert;
import dev.mlops4j.monitoring.AlertNotice;
import dev.mlops4j.monitoring.AlertRule;
import dev.mlops4j.monitoring.AlertSink;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.MonitorBuilder;
import dev.mlops4j.monitoring.WindowMetric;
import dev.mlops4j.monitoring.WindowReport;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What a monitor keeps in a database, on whichever it is: rules, late outcomes, removal. */
abstract class MonitorContract {

  private static final String MODEL = "both";
  private static final Instant START = Instant.parse("2026-01-05T00:00:00Z");
  private static final Duration DAY = Duration.ofDays(1);
  private static final Target<Object, Boolean> LATE = Target.binary("late", record -> null);
  private static final Signature SIGNATURE =
      new Signature(List.of(Input.numeric("size")), Output.binary("late"));

  @TempDir Path directory;
  private final TestClock clock = TestClock.at(START);
  private final List<Workspace> opened = new ArrayList<>();
  private final List<String> heard = new ArrayList<>();

  /** The workspace of this directory with these clocks, as another process would open it. */
  abstract Workspace open(Path workspace, TestClock clock);

  @AfterEach
  void closeWorkspaces() {
    opened.forEach(Workspace::close);
  }

  private Monitor<Object, Boolean> monitor() {
    return watching()
        .rule(AlertRule.performance("accuracy").below(0.8).windows(2).coolDown(DAY.dividedBy(2)))
        .rule(AlertRule.failures().above(0.5))
        .build();
  }

  private MonitorBuilder<Object, Boolean> watching() {
    Workspace workspace = open(directory.resolve("workspace"), clock);
    opened.add(workspace);
    return Monitor.of(MODEL, LATE)
        .in(workspace)
        .window(DAY)
        .spans(1)
        .outcomeGrace(Duration.ZERO)
        .retention(DAY.multipliedBy(3))
        .alertTo(
            "list",
            new AlertSink() {
              @Override
              public void alert(Alert alert) {
                throw new AssertionError("notices are taken whole");
              }

              @Override
              public void notice(AlertNotice notice) {
                notice.raised().forEach(alert -> heard.add("new " + alert.rule()));
                notice.repeated().forEach(alert -> heard.add("again " + alert.rule()));
                notice.resolved().forEach(alert -> heard.add("over " + alert.rule()));
              }
            });
  }

  private static Instant day(int number) {
    return START.plus(DAY.multipliedBy(number));
  }

  /** 400 predictions of a day, of which these come true as predicted. */
  private static void serve(Monitor<Object, Boolean> monitor, int day, int right) {
    for (int i = 0; i < 400; i++) {
      String id = day + "/" + i;
      monitor.predicted(asked(id, day(day).plusSeconds(i), i));
      monitor.outcome(id, i < right, day(day));
    }
    monitor.flush();
  }

  private static Prediction asked(String id, Instant at, double size) {
    double[] vector = {size};
    double[] output = {0.9};
    return new Prediction(id, MODEL, 0, at, SIGNATURE, vector, output, "canary", 5);
  }

  private List<WindowReport> evaluate(Monitor<Object, Boolean> monitor, Instant at) {
    clock.set(at);
    return monitor.evaluate();
  }

  @Test
  void rulesGoOnFromOneProcessToTheNextAndAreToldOnce() {
    Monitor<Object, Boolean> one = monitor();
    Monitor<Object, Boolean> other = monitor();
    serve(one, 0, 200);
    evaluate(one, day(1));
    serve(other, 1, 200);
    evaluate(other, day(2));
    assertThat(heard).containsExactly("new accuracy");
    assertThat(evaluate(one, day(2))).isEmpty();
    serve(one, 2, 200);
    evaluate(one, day(3));
    serve(one, 3, 400);
    evaluate(other, day(4));
    assertThat(evaluate(one, day(4))).isEmpty();
    assertThat(heard).containsExactly("new accuracy", "again accuracy", "over accuracy");
    assertThat(one.alerts()).isEqualTo(other.alerts()).hasSize(1);
    assertThat(one.alerts().get(0).resolvedAt()).contains(day(4));
    assertThat(other.metricHistory("accuracy"))
        .extracting(WindowMetric::value)
        .containsExactly(0.5, 0.5, 0.5, 1.0);
  }

  @Test
  void whatOneSinkRefusesIsToldToItAloneInAnyProcess() {
    AtomicBoolean fails = new AtomicBoolean(true);
    List<String> paged = new ArrayList<>();
    AlertSink pager =
        alert -> {
          if (fails.get()) {
            throw new IllegalStateException("the pager is out of order");
          }
          paged.add(alert.rule());
        };
    AlertRule rule = AlertRule.performance("accuracy").below(0.8);
    Monitor<Object, Boolean> one = watching().rule(rule).alertTo("pager", pager).build();
    Monitor<Object, Boolean> other = watching().rule(rule).alertTo("pager", pager).build();
    serve(one, 0, 200);
    evaluate(one, day(1));
    evaluate(other, day(1));
    assertThat(heard).containsExactly("new accuracy");
    fails.set(false);
    evaluate(other, day(1));
    evaluate(one, day(1));
    assertThat(paged).containsExactly("accuracy");
    assertThat(heard).containsExactly("new accuracy");
  }

  @Test
  void theAlertOfARuleThatIsGoneIsOverInAnyProcess() {
    AlertRule rule = AlertRule.performance("accuracy").below(0.8);
    Monitor<Object, Boolean> one = watching().rule(rule).build();
    Monitor<Object, Boolean> other = watching().rule(rule.named("right")).build();
    serve(one, 0, 200);
    evaluate(one, day(1));
    serve(one, 1, 200);
    evaluate(other, day(2));
    assertThat(heard).as("one window without it may be a rollout").doesNotContain("over accuracy");
    serve(one, 2, 200);
    evaluate(other, day(3));
    assertThat(heard).containsExactly("new accuracy", "new right", "again right", "over accuracy");
    assertThat(one.alerts().get(0).verdict().words()).contains("no longer watched");
  }

  @Test
  void allOfAKeyIsErasedWhoseIdsStartWithIt() {
    Monitor<Object, Boolean> monitor = monitor();
    List<String> others = List.of("a%b", "aXb/1", "alice", "bob?1", "bob\ud83d\ude01y", "Bob/1");
    for (String id : others) {
      monitor.predicted(asked(id, day(0), 1));
      monitor.outcome(id, true, day(0));
    }
    for (int i = 0; i < 2_100; i++) {
      monitor.predicted(asked("bob/" + i, day(0).plusMillis(i), 1));
      monitor.outcome("bob/" + i, true, day(0));
    }
    monitor.outcome("bob/without prediction", true, day(0));
    assertThat(monitor.eraseStartingWith("bob/")).isEqualTo(2_100);
    assertThat(monitor.outcomesWithoutPrediction()).isZero();
    assertThat(monitor.eraseStartingWith("a%")).isEqualTo(1);
    assertThat(monitor.eraseStartingWith("a_")).isZero();
    assertThat(monitor.eraseStartingWith("bob\ud83d\ude01")).isEqualTo(1);
    assertThat(monitor.predictionCount()).isEqualTo(others.size() - 2);
  }

  @Test
  void aSilenceHoldsInAllProcesses() {
    Monitor<Object, Boolean> one = monitor();
    Monitor<Object, Boolean> other = monitor();
    one.silence("accuracy", day(9), "a reason with U+0000: \0");
    serve(one, 0, 200);
    serve(one, 1, 200);
    evaluate(other, day(2));
    assertThat(heard).isEmpty();
    one.silence("accuracy", day(2), "it is over");
    evaluate(other, day(2));
    assertThat(heard).containsExactly("new accuracy");
  }

  @Test
  void failuresOfAllProcessesAreCounted() {
    Monitor<Object, Boolean> one = monitor();
    Monitor<Object, Boolean> other = monitor();
    serve(one, 0, 400);
    for (int i = 0; i < 300; i++) {
      one.failed("f" + i, new IllegalStateException());
      other.failed("g" + i, new IllegalStateException());
    }
    one.flush();
    other.flush();
    evaluate(one, day(1));
    assertThat(heard).containsExactly("new failure_share");
    assertThat(one.alerts().get(0).verdict().effect()).isEqualTo(0.6);
  }

  @Test
  void lateOutcomesOfAnyProcessRestateTheirWindowOnce() {
    Monitor<Object, Boolean> one = monitor();
    Monitor<Object, Boolean> other = monitor();
    serve(one, 0, 400);
    serve(one, 1, 400);
    evaluate(one, day(2));
    other.outcome("1/7", false);
    other.outcome("nobody", false);
    other.flush();
    List<WindowReport> again = evaluate(one, day(2).plusSeconds(1));
    assertThat(again).hasSize(1);
    assertThat(again.get(0).restated()).isTrue();
    assertThat(again.get(0).start()).isEqualTo(day(1));
    assertThat(again.get(0).performance().accuracy()).isEqualTo(399 / 400.0);
    assertThat(evaluate(other, day(2).plusSeconds(2))).isEmpty();
    assertThat(one.performance(day(0), day(2)).byArm().get("canary").rows()).isEqualTo(800);
  }

  @Test
  void whatComesAgainChangesNothingAndAFailureOfTwoMonitorsIsOne() {
    Monitor<Object, Boolean> one = monitor();
    Monitor<Object, Boolean> other = monitor();
    serve(one, 0, 400);
    for (int i = 0; i < 300; i++) {
      one.failed("f" + i, new IllegalStateException());
      other.failed("f" + i, new IllegalStateException());
    }
    other.flush();
    evaluate(one, day(1));
    assertThat(heard).as("300 of 700").isEmpty();
    serve(other, 0, 400);
    assertThat(evaluate(one, day(1).plusSeconds(1))).isEmpty();
    other.outcome("0/7", false);
    other.outcome("0/7", false);
    other.flush();
    assertThat(evaluate(one, day(1).plusSeconds(2))).hasSize(1);
  }

  @Test
  void anIdOfManyBytesIsRecordedOrRefusedAndHoldsNothingUp() {
    Monitor<Object, Boolean> one = monitor();
    StringBuilder random = new StringBuilder();
    new Random(1).ints(341, 0x4e00, 0x9fa5).forEach(random::appendCodePoint);
    String longest = random.toString();
    one.predicted(asked(longest, day(0), 1));
    one.predicted(asked(longest.repeat(3), day(0), 1));
    one.outcome(longest, true);
    one.failed(longest.repeat(3), new IllegalStateException());
    serve(one, 0, 400);
    assertThat(one.predictionCount()).isEqualTo(401);
    assertThat(one.droppedCount()).isEqualTo(1);
  }

  @Test
  void oldWindowsAndErasedPredictionsAreRemoved() {
    Monitor<Object, Boolean> one = monitor();
    for (int day = 0; day < 6; day++) {
      serve(one, day, 400);
    }
    one.outcome("nobody", true, day(0));
    evaluate(one, day(6));
    assertThat(one.predictionCount()).isEqualTo(3 * 400);
    assertThat(one.outcomesWithoutPrediction()).isZero();
    assertThat(one.erase(List.of("5/1", "5/2", "0/1", "nobody"))).isEqualTo(2);
    assertThat(one.predictionCount()).isEqualTo(3 * 400 - 2);
    assertThat(one.metricHistory("predictions")).hasSize(6);
    one.predicted(asked("late", day(1), 1));
    one.predicted(asked("in time", day(4), 1));
    assertThat(evaluate(one, day(6).plusSeconds(1)))
        .extracting(WindowReport::start)
        .containsExactly(day(4));
    assertThat(one.droppedCount()).isEqualTo(1);
    assertThat(one.metricHistory("predictions").get(1).value()).isEqualTo(400);
  }
}
