package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Better;
import dev.mlops4j.evaluation.Evaluation;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * When a monitor alerts, in code. Immutable; each method gives another rule.
 *
 * <pre>{@code
 * Monitor.of("flight-delay", LATE).in(workspace)
 *     .rule(AlertRule.performance("auc").below(0.7).clear(0.72).windows(2).severity(Severity.CRITICAL))
 *     .rule(AlertRule.predictions().below(1_000))
 *     .rule(AlertRule.drift(AlertKind.FEATURE_DRIFT).windows(2).coolDown(Duration.ofDays(14)))
 *     .build();
 * }</pre>
 *
 * <p>A rule looks at one window after the other, each once: what needs outcomes when they are due,
 * all else at the window's end. A value breaks it when it is beyond the bound; of a value with a 95
 * % confidence interval the whole interval must be, so that a few unlucky rows alert nobody. After
 * as many windows in a row as {@link #windows} says there is an alert, which goes on until the
 * value is back at {@link #clear}. In between it neither breaks the rule nor clears it. A window
 * with too few rows changes nothing.
 */
public final class AlertRule {

  /** How many rows a share, a quantile or a metric needs unless stated. */
  public static final long DEFAULT_LEAST_ROWS = 30;

  private static final int MOST_WINDOWS = 100;
  private static final Set<AlertKind> DRIFT =
      EnumSet.of(
          AlertKind.FEATURE_DRIFT,
          AlertKind.PREDICTION_DRIFT,
          AlertKind.LABEL_DRIFT,
          AlertKind.CALIBRATION);

  private final String name;
  private final RuleSignal signal;
  private final @Nullable RuleLimit limit;
  private final int windows;
  private final Severity severity;
  private final Duration coolDown;
  private final long leastRows;

  private AlertRule(
      String name,
      RuleSignal signal,
      @Nullable RuleLimit limit,
      int windows,
      Severity severity,
      Duration coolDown,
      long leastRows) {
    this.name = name;
    this.signal = signal;
    this.limit = limit;
    this.windows = windows;
    this.severity = severity;
    this.coolDown = coolDown;
    this.leastRows = leastRows;
  }

  private static AlertRule of(RuleSignal signal, long leastRows) {
    return new AlertRule(
        signal.valueName(), signal, null, 1, Severity.WARNING, Duration.ZERO, leastRows);
  }

  /**
   * Drift of columns, as {@link Monitor} judges it: it has no bound but the verdicts. In place of
   * the default, by which every drift of these kinds is a warning at once.
   *
   * @param kinds of drift or calibration; all four if none is stated
   * @throws IllegalArgumentException if one is no drift
   */
  public static AlertRule drift(AlertKind... kinds) {
    Set<AlertKind> of = kinds.length == 0 ? DRIFT : EnumSet.copyOf(List.of(kinds));
    for (AlertKind kind : of) {
      if (!kind.isDrift()) {
        throw new IllegalArgumentException(
            kind + " is no drift; a rule of drift takes " + DRIFT.stream().sorted().toList());
      }
    }
    return of(RuleSignal.drift(of), 0);
  }

  /**
   * A metric of the labelled predictions of a window: one of {@link Performance#metrics}, also a
   * function given to {@link MonitorBuilder#metric}.
   */
  public static AlertRule performance(String metric) {
    return of(new RuleSignal(Set.of(AlertKind.PERFORMANCE), metric, 0), DEFAULT_LEAST_ROWS);
  }

  /** How many predictions there were in a window. */
  public static AlertRule predictions() {
    return of(new RuleSignal(Set.of(AlertKind.VOLUME), "predictions", 0), 0);
  }

  /**
   * How long predictions took, in milliseconds, of those that were timed.
   *
   * @param quantile more than 0, at most 1: 0.99 is what 99 in a hundred do not exceed
   */
  public static AlertRule latency(double quantile) {
    if (!(quantile > 0 && quantile <= 1)) {
      throw new IllegalArgumentException(
          "a quantile of the latency is more than 0 and at most 1, found " + quantile);
    }
    String percent = String.format(Locale.ROOT, "%.4f", 100 * quantile).replaceAll("\\.?0+$", "");
    return of(
        new RuleSignal(Set.of(AlertKind.LATENCY), "latency_p" + percent, quantile),
        DEFAULT_LEAST_ROWS);
  }

  /** The share of requests that no model answered: they failed, timed out or got a fallback. */
  public static AlertRule failures() {
    return of(new RuleSignal(Set.of(AlertKind.FAILURES), "failure_share", 0), DEFAULT_LEAST_ROWS);
  }

  /**
   * The share of lookups whose latest event was older than the ttl, or that the store did not
   * answer; among those that the {@linkplain MonitorBuilder#featureLog feature log} keeps.
   *
   * @param lookup the name under which the feature set looks the view up
   */
  public static AlertRule staleness(String lookup) {
    return of(new RuleSignal(Set.of(AlertKind.STALENESS), lookup, 0), DEFAULT_LEAST_ROWS);
  }

  /** The share of predictions without an outcome when the outcomes are due. */
  public static AlertRule unlabelled() {
    return of(new RuleSignal(Set.of(AlertKind.UNLABELLED), "unlabelled_share", 0), 1);
  }

  /** Under another name, by which it is silenced; by what it looks at unless stated. */
  public AlertRule named(String name) {
    Objects.requireNonNull(name, "name");
    return new AlertRule(name, signal, limit, windows, severity, coolDown, leastRows);
  }

  /** Broken by values below this one. */
  public AlertRule below(double bound) {
    return limited(new RuleLimit(true, bound, Double.NaN, 0));
  }

  /** Broken by values above this one. */
  public AlertRule above(double bound) {
    return limited(new RuleLimit(false, bound, Double.NaN, 0));
  }

  /** Of a latency: broken by longer ones. */
  public AlertRule above(Duration bound) {
    return above(bound.toNanos() / 1e6);
  }

  /**
   * Broken by values that are worse than that of a reference, such as a holdout.
   *
   * @param by how much worse, in the unit of the metric; 0 or more
   * @throws IllegalArgumentException if the reference does not have the metric, its name does not
   *     say which values are better, or {@code by} is none of these
   */
  public AlertRule worseThan(Evaluation reference, double by) {
    if (!(by >= 0 && Double.isFinite(by))) {
      throw new IllegalArgumentException(
          "a rule is broken by what is worse by 0 or more, found " + by);
    }
    Double value = reference.metrics().get(signal.subject());
    if (value == null || value.isNaN()) {
      throw new IllegalArgumentException(
          "the reference has no metric \""
              + signal.subject()
              + "\", it has "
              + reference.metrics().keySet());
    }
    return better() == Better.HIGHER ? below(value - by) : above(value + by);
  }

  /**
   * Broken by values that are worse than the mean of the windows before, of which at least half
   * must have a value.
   *
   * @param windows how many windows before this one, 1 to 100
   * @param by how much worse, in the unit of the value; 0 or more
   * @throws IllegalArgumentException if there are no windows before, or the name of a metric does
   *     not say which values are better
   */
  public AlertRule worseThanBefore(int windows, double by) {
    return worseThanBefore(windows, by, better());
  }

  /**
   * The same of a metric whose name does not say which values are better.
   *
   * @throws IllegalArgumentException if there are no windows before
   */
  public AlertRule worseThanBefore(int windows, double by, Better better) {
    if (windows < 1) {
      throw new IllegalArgumentException(
          "a rule is measured by 1 to 100 windows before, found " + windows);
    }
    return limited(new RuleLimit(better == Better.HIGHER, by, Double.NaN, windows));
  }

  private Better better() {
    if (signal.kind() != AlertKind.PERFORMANCE) {
      return signal.kind() == AlertKind.VOLUME ? Better.HIGHER : Better.LOWER;
    }
    return Better.of(signal.subject())
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "whether a greater \""
                        + signal.subject()
                        + "\" is better is not known: state a bound by below or above, or say it to"
                        + " worseThanBefore"));
  }

  /**
   * Cleared by a value this far back, so that one that wavers around the bound is one alert; the
   * bound itself unless stated. Of {@link #worseThanBefore} the distance from the mean.
   *
   * @throws IllegalStateException if there is no bound yet
   */
  public AlertRule clear(double value) {
    RuleLimit of = limit;
    if (of == null) {
      throw new IllegalStateException("state the bound of rule \"" + name + "\" before clear");
    }
    return limited(new RuleLimit(of.below(), of.bound(), value, of.before()));
  }

  /** How many windows in a row must break it; 1 unless stated, at most 100. */
  public AlertRule windows(int windows) {
    return new AlertRule(name, signal, limit, windows, severity, coolDown, leastRows);
  }

  /** How much it matters; a warning unless stated. */
  public AlertRule severity(Severity severity) {
    Objects.requireNonNull(severity, "severity");
    return new AlertRule(name, signal, limit, windows, severity, coolDown, leastRows);
  }

  /**
   * How long nothing more is heard of a subject after it was heard of; no time unless stated. What
   * comes meanwhile is told afterwards, if it is not over by then.
   */
  public AlertRule coolDown(Duration coolDown) {
    Objects.requireNonNull(coolDown, "coolDown");
    return new AlertRule(name, signal, limit, windows, severity, coolDown, leastRows);
  }

  /** How many rows a window must have to be judged; {@link #DEFAULT_LEAST_ROWS} for most. */
  public AlertRule leastRows(long leastRows) {
    return new AlertRule(name, signal, limit, windows, severity, coolDown, leastRows);
  }

  private AlertRule limited(RuleLimit limit) {
    return new AlertRule(name, signal, limit, windows, severity, coolDown, leastRows);
  }

  /** The name, by which it is silenced. */
  public String name() {
    return name;
  }

  Severity severity() {
    return severity;
  }

  Duration coolDown() {
    return coolDown;
  }

  int consecutive() {
    return windows;
  }

  long leastRows() {
    return leastRows;
  }

  RuleSignal signal() {
    return signal;
  }

  @Nullable RuleLimit limit() {
    return limit;
  }

  /** What is wrong with it. */
  List<String> problems() {
    List<String> problems = new ArrayList<>();
    String rule = "rule \"" + name + "\" ";
    if (name.isBlank() || name.length() > 200 || name.indexOf('\0') >= 0) {
      problems.add(rule + "has no name that can be stored: 1 to 200 characters without U+0000");
    }
    if (windows < 1 || windows > MOST_WINDOWS) {
      problems.add(rule + "windows(" + windows + ") is not accepted: 1 to " + MOST_WINDOWS);
    }
    if (coolDown.isNegative() || coolDown.compareTo(Duration.ofDays(3660)) > 0) {
      problems.add(rule + "coolDown(" + coolDown + ") is not accepted: 0 to 10 years");
    }
    if (leastRows < 0) {
      problems.add(rule + "leastRows(" + leastRows + ") is not accepted: 0 or more");
    }
    if (signal.isDrift() != (limit == null)) {
      problems.add(
          rule
              + (signal.isDrift()
                  ? "is of drift, whose bounds are those of the verdicts: leave out below and above"
                  : "has no bound: state below, above, worseThan or worseThanBefore"));
    } else if (limit != null) {
      problems.addAll(limit.problems(rule));
    }
    return problems;
  }

  @Override
  public String toString() {
    return "rule " + name + (limit == null ? "" : " " + limit.words());
  }
}
