package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.TestData.Clock;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;

/** A monitor that parcels are served to, week by week. */
final class Served implements AutoCloseable {

  final Clock clock = new Clock();
  final Workspace workspace;
  final Monitor<Object, Boolean> monitor;
  private final Random random = new Random(11);
  private int ids;

  Served(
      Path directory,
      References references,
      UnaryOperator<MonitorBuilder<Object, Boolean>> settings) {
    workspace = Workspace.at(directory.resolve("workspace")).clock(clock).open();
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    monitor =
        settings
            .apply(Monitor.of(TestData.MODEL, TestData.LATE).in(workspace))
            .build(workspace, new JdbcLedger(stored), stored, references);
    workspace.onClose(monitor);
  }

  /** Another monitor of the same model in the same workspace. */
  Monitor<Object, Boolean> another(
      References references, UnaryOperator<MonitorBuilder<Object, Boolean>> settings) {
    JdbcMonitoringSchema.Model stored =
        new JdbcMonitoringSchema.Model(
            JdbcMonitoringSchema.over(workspace.database(Area.LEDGER)), TestData.MODEL);
    Monitor<Object, Boolean> other =
        settings
            .apply(Monitor.of(TestData.MODEL, TestData.LATE).in(workspace))
            .build(workspace, new JdbcLedger(stored), stored, references);
    workspace.onClose(other);
    return other;
  }

  static Instant week(int number) {
    return TestData.SERVING.plus(TestData.WEEK.multipliedBy(number));
  }

  /** Rows of a week and their outcomes, the first one at its beginning. */
  void serve(int week, double level, int rows, int version) {
    for (int i = 0; i < rows; i++) {
      TestData.Row row = TestData.row(random, week(week), level);
      serve(row, version);
    }
    serve(new TestData.Row(week(week), level, 0, 0.25, false), version);
  }

  void serve(TestData.Row row, int version) {
    String id = "p" + ids++;
    monitor.predicted(row.prediction(id, version));
    monitor.outcome(id, row.late(), row.at());
  }

  void serve(int week, double level) {
    serve(week, level, TestData.ROWS, 1);
  }

  /** What is found when the outcomes of a week are due. */
  List<WindowReport> evaluate(int week) {
    clock.set(week(week + 1).plusSeconds(24 * 3600));
    return monitor.evaluate();
  }

  @Override
  public void close() {
    workspace.close();
  }
}
