package dev.mlops4j.monitoring;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs alerts by SLF4J: a new one as a warning, one that goes on as information. */
final class LogAlertSink implements AlertSink {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  @Override
  public void alert(Alert alert) {
    LOG.warn("{}", alert);
  }

  @Override
  public void repeated(Alert alert) {
    LOG.info("{}", alert);
  }
}
