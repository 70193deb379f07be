package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Where alerts go. Called by {@link Monitor#evaluate} on its caller's thread, with one notice after
 * each window that has something to say; unless a sink takes notices whole, alert by alert.
 *
 * <p>Delivery is at least once to each sink of a monitor: what one of them throws is logged, the
 * others still hear the alert now, and the next evaluation delivers it again to those that have not
 * taken it. In another process those are the ones with a {@linkplain MonitorBuilder#alertTo(String,
 * AlertSink) name} that have not, and all without one. An alert whose delivery was cut off by the
 * end of the process is delivered again after some minutes. Of several processes that evaluate at
 * the same time one delivers. A sink for which twice is once too often remembers what it took:
 * {@link Alert#id} and {@link Alert#repeats} tell the same delivery.
 */
@FunctionalInterface
public interface AlertSink {

  /**
   * A sink that logs each notice by SLF4J, as one event of the logger {@code
   * dev.mlops4j.monitoring.Monitor}: with a new alert as a warning, of a {@linkplain
   * Severity#CRITICAL critical} one as an error, else as information. What a monitor without sinks
   * uses; beside others it is given to {@link MonitorBuilder#alertTo(AlertSink)} as they are.
   */
  static AlertSink toLog() {
    return new LogAlertSink();
  }

  /** A column drifted, a rule is broken, or a retraining failed again: see {@link Alert#kind}. */
  void alert(Alert alert);

  /**
   * An alert goes on in another window; does nothing unless a sink says otherwise, so that nobody
   * is called each week for the same.
   */
  default void repeated(Alert alert) {}

  /** The alert of a rule is over; does nothing unless a sink says otherwise. */
  default void resolved(Alert alert) {}

  /**
   * At the end of each evaluation, the alerts that this sink has heard of and that go on, in a
   * cool-down and a silence too: nothing new, but what keeps alive what would else be taken for
   * over. Does nothing unless a sink says otherwise. What it throws is logged, and not made good.
   *
   * @param alerts at least one; without those that the same evaluation has told
   */
  default void stillOpen(List<Alert> alerts) {}

  /**
   * All that there is to say at one time. Unless a sink says otherwise it hears each alert for
   * itself, and all of them although one fails.
   *
   * @throws RuntimeException the first that an alert threw; then all of the notice comes again
   */
  default void notice(AlertNotice notice) {
    List<RuntimeException> failures = new ArrayList<>();
    each(notice.raised(), this::alert, failures);
    each(notice.repeated(), this::repeated, failures);
    each(notice.resolved(), this::resolved, failures);
    if (!failures.isEmpty()) {
      RuntimeException first = failures.get(0);
      failures.stream().skip(1).filter(other -> other != first).forEach(first::addSuppressed);
      throw first;
    }
  }

  private static void each(
      List<Alert> alerts, Consumer<Alert> hear, List<RuntimeException> failures) {
    for (Alert alert : alerts) {
      try {
        hear.accept(alert);
      } catch (RuntimeException e) {
        failures.add(e);
      }
    }
  }
}
