package dev.mlops4j.monitoring;

import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Logs alerts by SLF4J, each notice as one event: with a new one as a warning, of a critical one as
 * an error, else as information.
 */
final class LogAlertSink implements AlertSink {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  @Override
  public void alert(Alert alert) {
    notice(new AlertNotice(alert.model(), List.of(alert), List.of(), List.of()));
  }

  @Override
  public void notice(AlertNotice notice) {
    boolean critical =
        notice.raised().stream().anyMatch(alert -> alert.severity() == Severity.CRITICAL);
    if (critical) {
      LOG.error("{}", notice);
    } else if (notice.raised().isEmpty()) {
      LOG.info("{}", notice);
    } else {
      LOG.warn("{}", notice);
    }
  }
}
