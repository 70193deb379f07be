package dev.mlops4j.monitoring;

/**
 * Where alerts go. Called by {@link Monitor#evaluate} on its caller's thread, one alert after the
 * other, in the order of the windows.
 *
 * <p>Delivery is at least once: what throws is logged and delivered again by the next evaluation,
 * also in another process, and so is an alert whose delivery was cut off by the end of the process.
 * {@link Alert#id} and {@link Alert#repeats} tell the same delivery.
 */
@FunctionalInterface
public interface AlertSink {

  /** A column drifted. */
  void alert(Alert alert);

  /**
   * A column that alerted before goes on to; does nothing unless a sink says otherwise, so that
   * nobody is called each week for the same.
   */
  default void repeated(Alert alert) {}
}
