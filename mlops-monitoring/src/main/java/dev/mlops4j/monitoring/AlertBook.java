package dev.mlops4j.monitoring;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts of a model, and their delivery. */
final class AlertBook {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  private final JdbcWindows windows;
  private final List<AlertSink> sinks;

  AlertBook(JdbcWindows windows, List<AlertSink> sinks) {
    this.windows = windows;
    this.sinks = sinks;
  }

  List<Alert> all() {
    return windows.alerts();
  }

  /** Delivers what was not yet; what a sink throws leaves the alert undelivered, for all sinks. */
  void deliver() {
    for (JdbcWindows.Undelivered undelivered : windows.undelivered()) {
      boolean delivered = true;
      for (AlertSink sink : sinks) {
        delivered &= deliver(sink, undelivered.alert(), undelivered.first());
      }
      if (delivered) {
        windows.markDelivered(undelivered.alert());
      }
    }
  }

  private static boolean deliver(AlertSink sink, Alert alert, boolean first) {
    try {
      if (first) {
        sink.alert(alert);
      } else {
        sink.repeated(alert);
      }
      return true;
    } catch (RuntimeException e) {
      LOG.error("an alert could not be delivered, the next evaluation tries again: {}", alert, e);
      return false;
    }
  }
}
