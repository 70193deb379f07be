package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.JdbcAlerts.Pending;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts of a model and a reference, and their delivery. */
final class AlertBook {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** After how long another process delivers what this one took and has not delivered. */
  static final Duration LEASE = Duration.ofMinutes(5);

  private final String model;
  private final JdbcAlerts alerts;
  private final EvaluationKey key;
  private final List<AlertSink> sinks;
  private final InstantSource leaseClock;

  /**
   * The alerts of a model.
   *
   * @param leaseClock the system's, also in a replay: it tells which processes live
   */
  AlertBook(
      String model,
      JdbcAlerts alerts,
      EvaluationKey key,
      List<AlertSink> sinks,
      InstantSource leaseClock) {
    this.key = key;
    this.model = model;
    this.alerts = alerts;
    this.sinks = sinks;
    this.leaseClock = leaseClock;
  }

  /** Of all monitors with this reference. */
  List<Alert> all() {
    return alerts.ofReference(key);
  }

  /** Of windows of this length alone. */
  List<Alert> ofWindows() {
    return alerts.of(key);
  }

  /** Delivers what was not yet; what a sink throws leaves the notice undelivered, for all sinks. */
  void deliver(Instant now) {
    Instant leaseNow = leaseClock.instant();
    List<Pending> pending = alerts.take(key.reference(), now, leaseNow, leaseNow.plus(LEASE));
    if (pending.isEmpty()) {
      return;
    }
    AlertNotice notice =
        new AlertNotice(
            model,
            pending.stream().filter(Pending::isNew).map(Pending::alert).toList(),
            pending.stream().filter(Pending::goesOn).map(Pending::alert).toList(),
            pending.stream().filter(Pending::isOver).map(Pending::alert).toList());
    boolean delivered = true;
    for (AlertSink sink : sinks) {
      delivered &= deliver(sink, notice);
    }
    if (delivered) {
      alerts.told(pending);
    } else {
      alerts.giveBack(pending);
    }
  }

  private static boolean deliver(AlertSink sink, AlertNotice notice) {
    try {
      sink.notice(notice);
      return true;
    } catch (RuntimeException e) {
      LOG.error("alerts could not be delivered, the next evaluation tries again: {}", notice, e);
      return false;
    }
  }
}
