package dev.mlops4j.monitoring;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation of a window looked at: an alert of something else is of what there is no more.
 *
 * @param rules the names of all rules of the monitor
 * @param kinds of which all subjects were looked at
 */
record RuleScope(Set<String> rules, Set<AlertKind> kinds) {

  /** What is looked at if no rule is asked. */
  static final RuleScope NOTHING = new RuleScope(Set.of(), Set.of());

  /** Copies the sets. */
  RuleScope {
    rules = Set.copyOf(rules);
    kinds = Set.copyOf(kinds);
  }

  /**
   * Why an alert that goes on and that nothing was found of is over; null if it is not. One whose
   * rule the monitor does not have is over only if an earlier window passed it over, too.
   *
   * @param rule the name of the rule that raised it
   */
  @Nullable String whyOver(String rule, AlertKind kind) {
    if (!rules.contains(rule)) {
      return "no longer watched: the monitor has no rule of this name";
    }
    if (!kinds.contains(kind)) {
      return null;
    }
    return kind.isDrift()
        ? "no longer watched: there is no such column"
        : "no longer watched: the rule looks at something else";
  }
}
