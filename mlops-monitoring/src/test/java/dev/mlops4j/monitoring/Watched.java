package dev.mlops4j.monitoring;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/** A monitor of windows of a day without drift to speak of, and what its sink heard. */
final class Watched implements AutoCloseable {

  static final Duration DAY = Duration.ofDays(1);
  static final Duration GRACE = Duration.ofHours(6);

  final Clock clock;
  final Workspace workspace;
  final Monitor<Object, Boolean> monitor;
  final List<AlertNotice> notices = new ArrayList<>();
  boolean sinkFails;

  Watched(Path directory, Clock clock, Consumer<MonitorBuilder<Object, Boolean>> settings) {
    this.clock = clock;
    this.workspace =
        Workspace.at(directory.resolve("workspace")).clock(clock).systemClock(clock).open();
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    MonitorBuilder<Object, Boolean> builder =
        Monitor.of(TestData.MODEL, TestData.LATE)
            .in(workspace)
            .window(DAY)
            .spans(1)
            .outcomeGrace(GRACE)
            .alertTo("heard", new Heard());
    settings.accept(builder);
    this.monitor =
        builder.build(
            workspace, new JdbcLedger(stored), stored, TestData.references(TestData.byWeek(7)));
    workspace.onClose(monitor);
  }

  /** The first moment of a day. */
  static Instant day(int number) {
    return TestData.SERVING.plus(DAY.multipliedBy(number));
  }

  /** When the outcomes of a day are due. */
  static Instant due(int day) {
    return day(day + 1).plus(GRACE);
  }

  /** Predictions of a day, all of the same vector, of which a share is right, with outcomes. */
  void serve(int day, int rows, double shareRight) {
    for (int i = 0; i < rows; i++) {
      boolean right = i < Math.round(rows * shareRight);
      boolean late = i % 2 == 0;
      ask(day, i, right == late ? 0.9 : 0.1, 1_000_000);
      monitor.outcome(id(day, i), late, day(day));
    }
  }

  void ask(int day, int number, double output, long nanos) {
    Instant at = day(day).plusSeconds(number);
    monitor.predicted(
        new Prediction(
            id(day, number),
            TestData.MODEL,
            1,
            at,
            TestData.SIGNATURE,
            new double[] {0.5, number % 3},
            new double[] {output},
            number % 4 == 0 ? "canary" : Prediction.CHAMPION,
            nanos));
  }

  static String id(int day, int number) {
    return "d" + day + "n" + number;
  }

  List<WindowReport> evaluateAt(Instant now) {
    clock.set(now);
    return monitor.evaluate();
  }

  /** What was heard since the last call, a word for each alert. */
  List<String> heard() {
    List<String> words = new ArrayList<>();
    for (AlertNotice notice : notices) {
      notice.raised().forEach(alert -> words.add("new " + alert.rule()));
      notice.repeated().forEach(alert -> words.add("again " + alert.rule()));
      notice.resolved().forEach(alert -> words.add("over " + alert.rule()));
    }
    notices.clear();
    return words;
  }

  @Override
  public void close() {
    workspace.close();
  }

  private final class Heard implements AlertSink {

    @Override
    public void alert(Alert alert) {
      throw new IllegalStateException("notices are taken whole");
    }

    @Override
    public void notice(AlertNotice notice) {
      if (sinkFails) {
        throw new IllegalStateException("the pager is out of order");
      }
      notices.add(notice);
    }
  }
}
