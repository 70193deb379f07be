package dev.mlops4j.micrometer;

import dev.mlops4j.monitoring.Alert;
import dev.mlops4j.monitoring.AlertKind;
import dev.mlops4j.monitoring.MonitorReport;
import dev.mlops4j.monitoring.Verdict;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tag;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Gauges of what a monitor has found. They say what the report says that was shown last, and are
 * not there before the first: show one after each evaluation.
 *
 * <pre>{@code
 * MonitorMeters meters = new MonitorMeters("flight-delay");
 * meters.bindTo(registry);
 * monitor.evaluate();
 * meters.show(monitor.report());
 * }</pre>
 *
 * <table>
 * <caption>Gauges, all with the tag {@code model}</caption>
 * <tr><th>name</th><th>more tags</th><th>what it is</th></tr>
 * <tr><td>{@code mlops.drift.effect}</td><td>column, kind</td><td>the effect in units of what is too
 *     small to matter, 0 and more; not there for a column without a test</td></tr>
 * <tr><td>{@code mlops.drift.alert}</td><td>column, kind</td><td>1 if an alert of it is open</td></tr>
 * <tr><td>{@code mlops.alerts.open}</td><td></td><td>how many alerts are open</td></tr>
 * </table>
 *
 * <p>Needs {@code mlops-monitoring}, which is an optional dependency of this module.
 *
 * <p>Columns are those that the report ranks first, at most so many; others have no gauges, which
 * bounds the number of time series. Safe for any number of threads.
 */
public final class MonitorMeters implements MeterBinder {

  /** Of how many columns there are gauges unless stated. */
  public static final int DEFAULT_COLUMNS = 50;

  private static final String COLUMN = "column";
  private static final String KIND = "kind";

  private final Tags tags;
  private final int mostColumns;
  private final List<Gauges> bound = new ArrayList<>();
  private @Nullable Shown shown;

  /** Gauges of this model, of {@link #DEFAULT_COLUMNS} columns. */
  public MonitorMeters(String model) {
    this(model, DEFAULT_COLUMNS, Tags.empty());
  }

  /**
   * Gauges of this model.
   *
   * @param mostColumns of how many columns at most, 0 or more
   * @param tags that all have too
   * @throws IllegalArgumentException if the number is negative
   */
  public MonitorMeters(String model, int mostColumns, Iterable<Tag> tags) {
    if (mostColumns < 0) {
      throw new IllegalArgumentException("gauges are of 0 columns or more, found " + mostColumns);
    }
    this.mostColumns = mostColumns;
    this.tags = Tags.of(tags).and("model", model);
  }

  @Override
  public synchronized void bindTo(MeterRegistry registry) {
    Gauges gauges =
        new Gauges(
            gauge(registry, "mlops.drift.effect", "Effect in units of what is too small to matter"),
            gauge(registry, "mlops.drift.alert", "Whether an alert of the column is open"),
            gauge(registry, "mlops.alerts.open", "Open alerts"));
    bound.add(gauges);
    Shown last = shown;
    if (last != null) {
      last.on(gauges);
    }
  }

  private MultiGauge gauge(MeterRegistry registry, String name, String description) {
    return MultiGauge.builder(name).description(description).tags(tags).register(registry);
  }

  /**
   * Makes the gauges say what a report says; those of columns that are not in it are removed. Of
   * the report nothing but their numbers is kept.
   */
  public synchronized void show(MonitorReport report) {
    Set<String> alerting = new HashSet<>();
    report.openAlerts().forEach(alert -> alerting.add(key(alert)));
    List<Verdict> verdicts = report.verdicts();
    List<Verdict> first = verdicts.subList(0, Math.min(mostColumns, verdicts.size()));
    List<Verdict> tested = first.stream().filter(verdict -> verdict.aspect() != null).toList();
    Shown now =
        new Shown(
            rows(tested, Verdict::weight),
            rows(first, verdict -> alerting.contains(key(verdict)) ? 1 : 0),
            List.of(MultiGauge.Row.of(Tags.empty(), report.openAlerts().size())));
    shown = now;
    bound.forEach(now::on);
  }

  private static List<MultiGauge.Row<?>> rows(
      List<Verdict> verdicts, ToDoubleFunction<Verdict> value) {
    List<MultiGauge.Row<?>> rows = new ArrayList<>();
    for (Verdict verdict : verdicts) {
      Tags of = Tags.of(COLUMN, verdict.column(), KIND, word(verdict.kind()));
      rows.add(MultiGauge.Row.of(of, value.applyAsDouble(verdict)));
    }
    return rows;
  }

  private static String key(Alert alert) {
    return alert.kind() + " " + alert.column();
  }

  private static String key(Verdict verdict) {
    return verdict.kind() + " " + verdict.column();
  }

  private static String word(AlertKind kind) {
    return kind.name().toLowerCase(Locale.ROOT);
  }

  /** The numbers of a report. */
  private record Shown(
      List<MultiGauge.Row<?>> effects,
      List<MultiGauge.Row<?>> alerts,
      List<MultiGauge.Row<?>> open) {

    void on(Gauges gauges) {
      gauges.effect.register(effects, true);
      gauges.alert.register(alerts, true);
      gauges.open.register(open, true);
    }
  }

  /** The gauges of one registry. */
  private record Gauges(MultiGauge effect, MultiGauge alert, MultiGauge open) {}
}
