package dev.mlops4j.monitoring;

import org.jspecify.annotations.Nullable;

/**
 * What a rule makes of one subject in one window.
 *
 * @param subject what is followed from window to window: a column, or the name of a value
 * @param alert what is raised, should it come to that; null unless the rule is broken
 */
record RuleFinding(
    AlertRule rule, String subject, RuleLimit.Finding finding, @Nullable Alert alert) {}
