package dev.mlops4j.monitoring;

/** How much an alert matters; the later one matters more. */
public enum Severity {
  /** Worth knowing. */
  INFO,
  /** Somebody should look at it in working hours. */
  WARNING,
  /** Somebody should look at it now. */
  CRITICAL
}
