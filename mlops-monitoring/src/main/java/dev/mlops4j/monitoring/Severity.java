package dev.mlops4j.monitoring;

import java.util.Locale;

/** How much an alert matters; the later one matters more. */
public enum Severity {
  /** Worth knowing. */
  INFO,
  /** Somebody should look at it in working hours. */
  WARNING,
  /** Somebody should look at it now. */
  CRITICAL;

  String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
