package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.JdbcDeliveries.Pending;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The alerts of a model and a reference, and their delivery. */
final class AlertBook {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** After how long another process delivers what this one took and has not delivered. */
  static final Duration LEASE = Duration.ofMinutes(5);

  private final String model;
  private final JdbcAlerts alerts;
  private final JdbcDeliveries deliveries;
  private final EvaluationKey key;
  private final List<NamedSink> sinks;
  private final InstantSource leaseClock;
  private final Set<String> toldLast = new HashSet<>();

  /**
   * The alerts of a model.
   *
   * @param leaseClock the system's, also in a replay: it tells which processes live
   */
  AlertBook(
      String model,
      JdbcMonitoringSchema.Model stored,
      EvaluationKey key,
      List<NamedSink> sinks,
      InstantSource leaseClock) {
    this.key = key;
    this.model = model;
    this.alerts = new JdbcAlerts(stored);
    this.deliveries = new JdbcDeliveries(stored);
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

  /**
   * Delivers what was not yet, to each sink what it has not heard; what a sink throws leaves that
   * to the next call. Each sink has a lease of its own.
   */
  void deliver(Instant now) {
    Instant leaseNow = leaseClock.instant();
    Instant until = leaseNow.plus(LEASE);
    List<Pending> pending = deliveries.take(key, now, leaseNow, until);
    if (pending.isEmpty()) {
      return;
    }
    List<String> heard = new ArrayList<>();
    for (NamedSink sink : sinks) {
      AlertNotice notice = notice(pending, sink.name());
      Instant longer = leaseClock.instant().plus(LEASE);
      if (!notice.isEmpty() && !deliveries.keep(pending, until, longer)) {
        LOG.warn("the sinks of {} took too long: another process tells the rest", model);
        break;
      }
      until = notice.isEmpty() ? until : longer;
      if (notice.isEmpty() || deliver(sink.sink(), notice)) {
        heard.add(sink.name());
      }
    }
    if (heard.size() == sinks.size()) {
      deliveries.told(pending, now);
      pending.forEach(one -> toldLast.add(one.alert().id()));
    } else {
      deliveries.toldSome(pending, heard, until);
    }
  }

  private AlertNotice notice(List<Pending> pending, String sink) {
    return new AlertNotice(
        model,
        pending.stream().filter(one -> one.isNewTo(sink)).map(Pending::alert).toList(),
        pending.stream().filter(one -> one.goesOnFor(sink)).map(Pending::alert).toList(),
        pending.stream().filter(one -> one.isOverFor(sink)).map(Pending::alert).toList());
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

  /** Tells each sink what it has heard of and goes on, but for what {@link #deliver} just told. */
  void remind() {
    List<Pending> open = deliveries.open(key);
    for (NamedSink sink : sinks) {
      List<Alert> heard =
          open.stream()
              .filter(one -> !one.isNewTo(sink.name()))
              .map(Pending::alert)
              .filter(alert -> !toldLast.contains(alert.id()))
              .toList();
      try {
        if (!heard.isEmpty()) {
          sink.sink().stillOpen(heard);
        }
      } catch (RuntimeException e) {
        LOG.warn("a sink of {} could not be told what goes on", model, e);
      }
    }
    toldLast.clear();
  }

  /**
   * A sink and what it is known by from one process to the next.
   *
   * @param name given by the user, or of this process alone
   */
  record NamedSink(String name, AlertSink sink) {}
}
