package dev.mlops4j.monitoring;

import java.util.Map;

/**
 * One window of a {@link MonitorReport}.
 *
 * @param report what was found
 * @param figures its performance, by name; empty while outcomes are not due
 */
record MonitorWindow(WindowReport report, Map<String, Estimate> figures) {

  boolean isSilent() {
    return report.performance().rows() == 0;
  }
}
