package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Watched.day;
import static dev.mlops4j.monitoring.Watched.due;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Windows in which nothing was answered. */
class OutageTest {

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private Watched watched;

  private void watch(Consumer<MonitorBuilder<Object, Boolean>> settings) {
    watched = new Watched(directory, clock, settings);
  }

  @AfterEach
  void close() {
    if (watched != null) {
      watched.close();
    }
  }

  private void fail(int day) {
    clock.set(day(day).plusSeconds(7));
    for (int i = 0; i < 100; i++) {
      watched.monitor.failed("d" + day + "f" + i, new IllegalStateException("the store is down"));
    }
  }

  @Test
  void aDayWithoutAnyAnswerIsADayOfFailures() {
    watch(builder -> builder.rule(AlertRule.failures().above(0.05)));
    watched.serve(0, 400, 0.9);
    watched.evaluateAt(due(0));
    fail(1);
    fail(3);
    watched.evaluateAt(day(2));
    assertThat(watched.heard()).containsExactly("new failure_share");
    watched.evaluateAt(due(3));
    assertThat(watched.heard()).as("day 2 had no request").containsExactly("again failure_share");
  }

  @Test
  void aModelThatNeverAnsweredIsHeardOf() {
    watch(builder -> builder.rule(AlertRule.failures().above(0.05)));
    fail(0);
    List<WindowReport> reports = watched.evaluateAt(due(0));
    assertThat(watched.heard()).containsExactly("new failure_share");
    assertThat(reports.get(0).performance().rows()).isZero();
    assertThat(reports.get(0).verdicts()).as("nothing could drift").isEmpty();
    assertThat(reports.get(0).heading()).contains("0 predictions");
    assertThat(watched.monitor.report().toJson()).contains("failure_share");
  }

  @Test
  void aDayWithoutPredictionsHasNotEnoughDataAndIsNoModelOutsideTheRegistry() {
    watch(builder -> builder.rule(AlertRule.predictions().below(100)));
    watched.serve(0, 400, 0.9);
    watched.evaluateAt(due(0));
    List<WindowReport> reports = watched.evaluateAt(due(1));
    assertThat(reports.get(0).verdicts())
        .isNotEmpty()
        .extracting(Verdict::status)
        .containsOnly(Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(reports.get(0).version()).isEqualTo(1);
  }

  @Test
  void missingPredictionsAreFoundAlthoughRetentionRemovesTheLastOnes() {
    AlertRule rule = AlertRule.predictions().below(100).windows(5);
    watch(builder -> builder.rule(rule).retention(Watched.DAY.multipliedBy(7).plus(Watched.GRACE)));
    watched.serve(0, 400, 0.9);
    for (int day = 0; day < 6; day++) {
      watched.evaluateAt(due(day));
    }
    assertThat(watched.heard()).containsExactly("new predictions");
    watched.close();
    watched = null;
    try (Workspace workspace = Workspace.open(directory.resolve("other"))) {
      assertThatThrownBy(
              () ->
                  Monitor.of(TestData.MODEL, TestData.LATE)
                      .in(workspace)
                      .window(Watched.DAY)
                      .spans(1)
                      .outcomeGrace(Watched.GRACE)
                      .rule(rule)
                      .retention(Duration.ofDays(3))
                      .build())
          .isInstanceOf(MonitorConfigurationException.class)
          .hasMessageContaining("retention(PT72H) is not accepted: at least PT174H");
    }
  }
}
