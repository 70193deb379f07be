package dev.mlops4j.monitoring;

import dev.mlops4j.report.Printable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What is wrong with the settings of a monitor's rules, metrics and retention. */
final class MonitorProblems {

  private static final int MOST_NAME = 200;
  private static final Duration MOST = Duration.ofDays(36_600);

  private MonitorProblems() {}

  /**
   * What is wrong with these.
   *
   * @param logs whether lookups are logged
   */
  static List<String> of(
      List<AlertRule> rules, List<Segment> segments, List<BusinessMetric> metrics, boolean logs) {
    List<String> problems = new ArrayList<>();
    for (AlertRule rule : rules) {
      problems.addAll(rule.problems());
      if (rule.signal().kinds().contains(AlertKind.STALENESS) && !logs) {
        problems.add(
            "rule \""
                + rule.name()
                + "\" looks at lookups, of which none are kept: state featureLog(features, share)");
      }
    }
    problems.addAll(repeated("rule", Stream.concat(Stream.of(Alert.NO_RULE), names(rules))));
    Set<AlertKind> drift = new HashSet<>();
    rules.stream()
        .filter(rule -> rule.signal().isDrift())
        .flatMap(rule -> rule.signal().kinds().stream())
        .filter(kind -> !drift.add(kind))
        .forEach(kind -> problems.add("two rules are about " + kind + ": leave it to one"));
    problems.addAll(repeated("segment", segments.stream().map(Segment::name)));
    problems.addAll(repeated("metric", metrics.stream().map(BusinessMetric::name)));
    return problems;
  }

  private static Stream<String> names(List<AlertRule> rules) {
    return rules.stream().map(AlertRule::name);
  }

  private static List<String> repeated(String what, Stream<String> names) {
    Set<String> seen = new HashSet<>();
    return names
        .filter(name -> !seen.add(name))
        .distinct()
        .map(
            name ->
                name.equals(Alert.NO_RULE) && what.equals("rule")
                    ? "the name \"" + name + "\" of a rule means drift without one: take another"
                    : "there are two " + what + "s \"" + name + "\": give each its own name")
        .toList();
  }

  static List<String> ofSinks(List<String> names) {
    List<String> problems = new ArrayList<>(repeated("sink", names.stream()));
    names.stream()
        .filter(name -> name.isBlank() || name.length() > MOST_NAME || name.indexOf('\0') >= 0)
        .forEach(
            name ->
                problems.add(
                    "alertTo(\""
                        + Printable.of(name)
                        + "\", sink) is not accepted: a name of 1 to "
                        + MOST_NAME
                        + " characters without U+0000"));
    return problems;
  }

  static List<String> withoutVectors(boolean logs, List<Segment> segments) {
    List<String> problems = new ArrayList<>();
    if (logs) {
      problems.add(
          "withoutVectors() excludes featureLog(...), which compares vectors: leave one out");
    }
    segments.stream()
        .filter(segment -> segment.value() == null)
        .forEach(
            segment ->
                problems.add(
                    "withoutVectors() excludes segment(\""
                        + segment.name()
                        + "\"), a column of vectors: leave one out, or state a function"));
    return problems;
  }

  /** A range that was served is counted anew for each version that comes later. */
  static List<String> ofServed(MonitorReference reference, boolean removes, boolean vectorsKept) {
    List<String> problems = new ArrayList<>();
    if (reference instanceof MonitorReference.Served served) {
      String counted =
          ": what was served is counted in the bins of each new version, from its vectors";
      if (removes) {
        problems.add(
            "reference("
                + served
                + ") is not accepted with retention(...), which would remove them"
                + counted
                + "; leave one out");
      }
      if (!vectorsKept) {
        problems.add(
            "reference("
                + served
                + ") is not accepted with withoutVectors()"
                + counted
                + "; leave one out");
      }
    }
    return problems;
  }

  static List<String> ofRetention(
      @Nullable Duration retention,
      Duration window,
      OptionalInt span,
      List<AlertRule> rules,
      Duration grace) {
    int windows = Math.max(span.orElse(1), RuleJudge.mostEmptyWindows(rules));
    Duration least = window.multipliedBy(windows + 1L).plus(grace);
    if (retention == null || (retention.compareTo(least) >= 0 && retention.compareTo(MOST) <= 0)) {
      return List.of();
    }
    return List.of(
        "retention("
            + retention
            + ") is not accepted: at least "
            + least
            + ", the longest span or windows without predictions that a rule waits for, a window"
            + " more and the grace, at most 100 years");
  }
}
