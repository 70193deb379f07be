package dev.mlops4j.monitoring;

/**
 * Where alerts go. Called by {@link Monitor#evaluate} on its caller's thread, one alert after the
 * other, in the order of the windows.
 *
 * <p>Delivery is at least once, for all sinks of a monitor together: what one of them throws is
 * logged, the others still hear the alert now, and the next evaluation, also in another process,
 * delivers it to all of them again. So it does with an alert whose delivery was cut off by the end
 * of the process. A sink for which twice is once too often remembers what it took: {@link Alert#id}
 * and {@link Alert#repeats} tell the same delivery.
 */
@FunctionalInterface
public interface AlertSink {

  /** A column drifted, or a retraining failed again: see {@link Alert#kind}. */
  void alert(Alert alert);

  /**
   * A column that alerted before goes on to; does nothing unless a sink says otherwise, so that
   * nobody is called each week for the same.
   */
  default void repeated(Alert alert) {}
}
