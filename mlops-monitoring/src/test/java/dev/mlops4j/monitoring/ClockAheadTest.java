package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Watched.day;
import static dev.mlops4j.monitoring.Watched.due;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.monitoring.TestData.Clock;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A clock that was ahead for one evaluation and is right again. */
class ClockAheadTest {

  private static final AlertRule ACCURACY = AlertRule.performance("accuracy").below(0.7);

  @TempDir Path directory;

  private final Clock clock = new Clock();
  private Watched watched;

  private void watch(Consumer<MonitorBuilder<Object, Boolean>> settings) {
    watched = new Watched(directory, clock, settings);
  }

  @AfterEach
  void close() {
    watched.close();
  }

  @Test
  void whatWasEvaluatedBeforeItsEndIsEvaluatedAtItsEnd() {
    watch(builder -> builder.spans(1, 4).rule(ACCURACY));
    watched.serve(0, 400, 0.9);
    watched.evaluateAt(due(0));
    watched.serve(1, 40, 0.9);
    assertThat(watched.evaluateAt(due(60))).isNotEmpty();
    watched.heard();

    watched.clock.set(day(1).plus(Duration.ofHours(12)));
    assertThat(watched.monitor.evaluate()).as("day 1 has not ended").isEmpty();
    assertThat(watched.monitor.metricHistory("predictions"))
        .extracting(WindowMetric::start)
        .containsExactly(day(0));
    for (int i = 40; i < 400; i++) {
      watched.ask(1, i, 0.9, 1);
      watched.monitor.outcome(Watched.id(1, i), false, day(1));
    }
    List<WindowReport> reports = watched.evaluateAt(due(1));

    assertThat(reports).extracting(WindowReport::start).contains(day(1));
    assertThat(reports.get(0).performance().labelled()).isEqualTo(400);
    assertThat(watched.heard()).containsExactly("new accuracy");
  }

  @Test
  void aRuleIsHeardAlthoughTheClockWasAheadWhenItAlerted() {
    watch(builder -> builder.rule(ACCURACY));
    watched.serve(0, 400, 0.6);
    watched.evaluateAt(due(60));
    assertThat(watched.heard()).containsExactly("new accuracy");

    watched.evaluateAt(due(0));
    watched.serve(1, 400, 0.6);
    watched.evaluateAt(due(1));

    assertThat(watched.heard()).containsExactly("again accuracy");
  }

  @Test
  void predictionsAreTakenAlthoughRetentionWentByAClockAhead() {
    watch(builder -> builder.retention(Duration.ofDays(30)));
    watched.serve(0, 100, 0.9);
    watched.evaluateAt(due(60));

    clock.set(day(1));
    watched.serve(1, 100, 0.9);
    assertThat(watched.evaluateAt(due(1)))
        .extracting(report -> report.performance().rows())
        .contains(100L);
    watched.serve(2, 100, 0.9);
    watched.monitor.flush();

    assertThat(watched.monitor.droppedCount()).isZero();
    List<String> ids = new ArrayList<>();
    watched.monitor.predictions(day(0), day(9), row -> ids.add(row.id()));
    assertThat(ids).hasSize(200);
  }

  @Test
  void aSecondOfDifferenceBetweenClocksTakesNothingBack() {
    watch(builder -> builder.rule(ACCURACY));
    watched.serve(0, 400, 0.6);
    watched.evaluateAt(due(0));
    watched.serve(1, 400, 0.6);
    watched.evaluateAt(day(2));
    watched.evaluateAt(day(2).minusSeconds(1));

    assertThat(watched.evaluateAt(day(2).plusSeconds(1))).isEmpty();
  }
}
