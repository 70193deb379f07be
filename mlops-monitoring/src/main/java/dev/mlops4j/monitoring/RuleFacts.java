package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.ServedLookup.Status;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What rules see of one window; what takes a pass over its rows is read for those that ask. */
final class RuleFacts {

  private static final double NANOS_PER_MILLI = 1e6;

  private final Ledger ledger;
  private final long fromMicros;
  private final long toMicros;
  private final Performance performance;
  private double @Nullable [] millis;
  private @Nullable Map<String, long[]> lookups;

  RuleFacts(Ledger ledger, long fromMicros, long toMicros, Performance performance) {
    this.ledger = ledger;
    this.fromMicros = fromMicros;
    this.toMicros = toMicros;
    this.performance = performance;
  }

  /**
   * What is kept of every window, by name.
   *
   * @param outcomesIn whether the outcomes were due
   */
  Map<String, RuleValue> kept(boolean outcomesIn) {
    Map<String, RuleValue> values = new LinkedHashMap<>();
    values.put("predictions", RuleValue.of((double) performance.rows(), null, performance.rows()));
    if (outcomesIn) {
      values.put("unlabelled_share", unlabelled());
      performance.metrics().keySet().forEach(name -> values.put(name, metric(name)));
    }
    return values;
  }

  RuleValue of(RuleSignal signal) {
    return switch (signal.kind()) {
      case PERFORMANCE -> metric(signal.subject());
      case VOLUME -> RuleValue.of((double) performance.rows(), null, performance.rows());
      case LATENCY -> latency(signal.quantile());
      case FAILURES -> failures();
      case STALENESS -> staleness(signal.subject());
      case UNLABELLED -> unlabelled();
      case FEATURE_DRIFT, PREDICTION_DRIFT, LABEL_DRIFT, CALIBRATION, UNJUDGED, RETRAINING ->
          throw new IllegalArgumentException(signal.kind() + " has no value");
    };
  }

  private RuleValue metric(String name) {
    double value = performance.metrics().getOrDefault(name, Double.NaN);
    Interval interval = performance.intervals().get(name);
    return RuleValue.of(value, interval, performance.labelled());
  }

  private RuleValue unlabelled() {
    return RuleValue.of(1 - performance.coverage(), null, performance.rows());
  }

  private RuleValue failures() {
    long failed = ledger.failures(fromMicros, toMicros);
    return RuleValue.share(failed, failed + performance.rows());
  }

  /** The smallest latency that so large a share does not exceed. */
  private RuleValue latency(double quantile) {
    double[] sorted = millis == null ? readMillis() : millis;
    millis = sorted;
    if (sorted.length == 0) {
      return RuleValue.of(Double.NaN, null, 0);
    }
    int rank = (int) Math.ceil(quantile * sorted.length);
    return RuleValue.of(sorted[Math.max(rank, 1) - 1], null, sorted.length);
  }

  private double[] readMillis() {
    double[][] found = {new double[64]};
    int[] size = {0};
    ledger.scanNanos(
        fromMicros,
        toMicros,
        nanos -> {
          if (size[0] == found[0].length) {
            found[0] = Arrays.copyOf(found[0], 2 * size[0]);
          }
          found[0][size[0]++] = nanos / NANOS_PER_MILLI;
        });
    double[] sorted = Arrays.copyOf(found[0], size[0]);
    Arrays.sort(sorted);
    return sorted;
  }

  private RuleValue staleness(String lookup) {
    Map<String, long[]> counts = lookups == null ? readLookups() : lookups;
    lookups = counts;
    long[] count = counts.getOrDefault(lookup, new long[2]);
    return RuleValue.share(count[0], count[1]);
  }

  /** By lookup how many were stale or unanswered, and of how many. */
  private Map<String, long[]> readLookups() {
    Map<String, long[]> counts = new LinkedHashMap<>();
    ledger.scanLogged(
        fromMicros,
        toMicros,
        (id, askedAt, version, vector, logged) -> {
          for (ServedLookup lookup : read(logged)) {
            long[] count = counts.computeIfAbsent(lookup.alias(), alias -> new long[2]);
            count[1]++;
            if (lookup.status() == Status.STALE || lookup.status() == Status.UNANSWERED) {
              count[0]++;
            }
          }
        });
    return counts;
  }

  private static List<ServedLookup> read(FeatureLog.Logged logged) {
    try {
      List<ServedLookup> found = LookupBytes.read(logged.lookups());
      return found == null ? List.of() : found;
    } catch (MonitoringException e) {
      // Damaged: what the others found still counts.
      return List.of();
    }
  }
}
