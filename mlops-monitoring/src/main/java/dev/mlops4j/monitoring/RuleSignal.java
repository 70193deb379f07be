package dev.mlops4j.monitoring;

import java.util.Set;
import java.util.stream.Collectors;

/**
 * What a rule looks at.
 *
 * @param kinds the kinds of its alerts: one, or several of drift
 * @param subject the metric, the lookup, or the name of the value
 * @param quantile of a latency; else 0
 */
record RuleSignal(Set<AlertKind> kinds, String subject, double quantile) {

  RuleSignal {
    kinds = Set.copyOf(kinds);
  }

  static RuleSignal drift(Set<AlertKind> kinds) {
    String name = kinds.stream().sorted().map(AlertKind::word).collect(Collectors.joining(" "));
    return new RuleSignal(kinds, kinds.size() == 4 ? "drift" : "drift of " + name, 0);
  }

  AlertKind kind() {
    return kinds.stream().sorted().findFirst().orElseThrow();
  }

  boolean isDrift() {
    return kind().isDrift();
  }

  boolean needsOutcomes() {
    return kind().needsOutcomes();
  }

  /** The name under which its values are kept. */
  String valueName() {
    return kind() == AlertKind.STALENESS ? "stale_share " + subject : subject;
  }
}
