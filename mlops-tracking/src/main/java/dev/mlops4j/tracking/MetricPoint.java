package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;

/**
 * One point of a metric's series.
 *
 * @param key the metric's name
 * @param step the round, epoch or the like
 * @param time when it was logged; cut to microseconds
 * @param value the value, NaN and infinities included; -0.0 may come back as 0.0
 */
public record MetricPoint(String key, long step, Instant time, double value) {

  /** Cuts the time to microseconds, the precision in which it is stored. */
  public MetricPoint {
    time = Timestamps.fromMicros(Timestamps.toMicros(time));
  }

  /** Whether this one, added after the other, is the later by (step, time). */
  boolean isLatestAfter(MetricPoint other) {
    return step != other.step ? step > other.step : !time.isBefore(other.time);
  }
}
