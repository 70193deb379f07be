package dev.mlops4j.monitoring;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.monitoring.RuleLimit.Finding;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what the rules of a monitor make of a window. */
final class RuleJudge {

  private final String model;
  private final List<AlertRule> rules;
  private final JdbcRules history;
  private final EvaluationKey key;

  RuleJudge(String model, List<AlertRule> rules, JdbcRules history, EvaluationKey key) {
    this.model = model;
    this.key = key;
    this.rules = List.copyOf(rules);
    this.history = history;
  }

  /** Silences a rule of this monitor; see {@link Monitor#silence}. */
  void silence(String rule, Instant until, String reason) {
    List<String> names = new ArrayList<>(rules.stream().map(AlertRule::name).toList());
    names.add(Alert.NO_RULE);
    if (!names.contains(rule)) {
      throw new MonitoringException(
          "there is no rule \"" + rule + "\" to silence, this monitor has " + names);
    }
    if (!Recordable.isMoment(until)) {
      throw new MonitoringException(
          "a silence ends at a moment of the years 1 to 9999, found " + until);
    }
    history.silence(rule, until, reason);
  }

  /** What was seen of all periods of a length. */
  List<WindowMetric> seen(String name, Periods periods) {
    return history.seen(name, periods.lengthMicros(), Long.MIN_VALUE, Long.MAX_VALUE).stream()
        .map(
            seen -> {
              RuleValue value = seen.value();
              return new WindowMetric(
                  name,
                  periods.start(seen.period()),
                  periods.start(seen.period() + 1),
                  value.value(),
                  value.hasInterval() ? new Interval(value.lower(), value.upper()) : null,
                  value.rows());
            })
        .toList();
  }

  /** Whether drift of this kind is the matter of a rule, and not of the default. */
  boolean isRuled(AlertKind kind) {
    return rules.stream().anyMatch(rule -> rule.signal().isDrift() && isAbout(rule, kind));
  }

  int mostEmptyWindows() {
    return mostEmptyWindows(rules);
  }

  /** How many windows, the last of which may be empty, are looked at for some prediction. */
  static int mostEmptyWindows(List<AlertRule> rules) {
    return rules.stream()
        .filter(rule -> isAbout(rule, AlertKind.VOLUME))
        .mapToInt(rule -> rule.consecutive() + 1)
        .max()
        .orElse(0);
  }

  private static boolean isAbout(AlertRule rule, AlertKind kind) {
    return rule.signal().kinds().contains(kind);
  }

  /**
   * What the rules make of a window.
   *
   * @param period the number of the window
   * @param length how long it is, in microseconds
   * @param single the report of the window alone
   * @param reports those of all spans that end with it, the short ones first
   * @param facts of the window
   * @param first whether it is looked at for the first time, so that rules without outcomes count
   * @param values takes what was seen, by name
   */
  List<RuleFinding> findings(
      long period,
      long length,
      WindowReport single,
      List<WindowReport> reports,
      RuleFacts facts,
      boolean first,
      Instant now,
      Map<String, RuleValue> values) {
    List<RuleFinding> findings = new ArrayList<>();
    for (AlertRule rule : rules) {
      if (rule.signal().isDrift()) {
        findings.addAll(drift(rule, single, reports, first, now));
      } else if (rule.signal().needsOutcomes() ? single.outcomesIn() : first) {
        RuleValue value = facts.of(rule.signal());
        values.put(rule.signal().valueName(), value);
        findings.add(find(rule, value, period, length, single, now));
      }
    }
    return findings;
  }

  /**
   * What findings of a window are about.
   *
   * @param reports those of all spans that end with the window
   * @param outcomesIn whether the outcomes are due
   * @param first whether the window is looked at for the first time
   */
  RuleScope scope(List<WindowReport> reports, boolean outcomesIn, boolean first) {
    Set<AlertKind> kinds = EnumSet.noneOf(AlertKind.class);
    for (AlertKind kind : AlertKind.values()) {
      boolean due = kind.needsOutcomes() ? outcomesIn : first;
      boolean judged =
          !kind.isDrift()
              || reports.stream()
                  .allMatch(
                      report ->
                          report.verdict(kind).isPresent()
                              && report.verdict(WindowReport.NO_REFERENCE).isEmpty());
      if (due && judged) {
        kinds.add(kind);
      }
    }
    return new RuleScope(rules.stream().map(AlertRule::name).collect(Collectors.toSet()), kinds);
  }

  private RuleFinding find(
      AlertRule rule, RuleValue value, long period, long length, WindowReport window, Instant now) {
    RuleLimit limit = rule.limit();
    String subject = rule.signal().valueName();
    if (limit == null || value.rows() < rule.leastRows()) {
      return new RuleFinding(rule, subject, Finding.UNKNOWN, null);
    }
    double mean = limit.before() == 0 ? Double.NaN : mean(rule, limit.before(), period, length);
    Finding finding = limit.find(value, mean);
    Alert alert = null;
    if (finding == Finding.BROKEN) {
      String words =
          subject
              + " is "
              + value.words()
              + (limit.below() ? ", below " : ", above ")
              + RuleValue.text(limit.boundAfter(mean))
              + (limit.before() == 0
                  ? ""
                  : ", as the mean of "
                      + limit.before()
                      + " windows before is "
                      + RuleValue.text(mean));
      alert = alert(rule, subject, window, verdict(rule, subject, value, words), now);
    }
    return new RuleFinding(rule, subject, finding, alert);
  }

  /** NaN unless at least half of the windows have a value. */
  private double mean(AlertRule rule, int windows, long period, long length) {
    double[] values =
        history.seen(rule.signal().valueName(), length, period - windows, period - 1).stream()
            .filter(seen -> seen.value().rows() >= rule.leastRows())
            .mapToDouble(seen -> seen.value().value())
            .filter(Double::isFinite)
            .toArray();
    double sum = 0;
    for (double value : values) {
      sum += value;
    }
    return 2 * values.length < windows ? Double.NaN : sum / values.length;
  }

  private static Verdict verdict(AlertRule rule, String subject, RuleValue value, String words) {
    return Verdict.untested(
        subject, rule.signal().kind(), Verdict.Status.ALERT, value.value(), 0, value.rows(), words);
  }

  /** A finding for each column of the kinds, of all spans together. */
  private List<RuleFinding> drift(
      AlertRule rule, WindowReport single, List<WindowReport> reports, boolean first, Instant now) {
    Map<String, List<Judged>> byColumn = new LinkedHashMap<>();
    for (WindowReport report : reports) {
      for (Verdict verdict : report.verdicts()) {
        boolean due = verdict.kind().needsOutcomes() ? single.outcomesIn() : first;
        if (due && isAbout(rule, verdict.kind())) {
          byColumn
              .computeIfAbsent(verdict.kind() + " " + verdict.column(), key -> new ArrayList<>())
              .add(new Judged(report, verdict));
        }
      }
    }
    List<RuleFinding> findings = new ArrayList<>();
    byColumn.forEach((subject, judged) -> findings.add(drift(rule, subject, judged, now)));
    return findings;
  }

  private RuleFinding drift(AlertRule rule, String subject, List<Judged> judged, Instant now) {
    Optional<Judged> broken = judged.stream().filter(one -> one.verdict().isAlert()).findFirst();
    if (broken.isPresent()) {
      Judged one = broken.get();
      Alert alert = alert(rule, one.verdict().column(), one.report(), one.verdict(), now);
      return new RuleFinding(rule, subject, Finding.BROKEN, alert);
    }
    boolean judgedAtAll =
        judged.stream().anyMatch(one -> one.verdict().status() == Verdict.Status.OK);
    return new RuleFinding(rule, subject, judgedAtAll ? Finding.CLEAR : Finding.UNKNOWN, null);
  }

  private Alert alert(
      AlertRule rule, String subject, WindowReport window, Verdict verdict, Instant now) {
    return alert(rule.name() + "\n" + subject, window, verdict, now).by(rule);
  }

  /**
   * An alert of a window.
   *
   * @param what tells apart the alerts of one window
   */
  Alert alert(@Nullable String what, WindowReport window, Verdict verdict, Instant now) {
    String identity =
        String.join(
            "\n",
            key.reference().isEmpty() ? model : model + "\n" + key.reference(),
            Long.toString(key.length()),
            Integer.toString(window.version()),
            verdict.kind().name(),
            what == null ? verdict.column() : what,
            window.end().toString());
    return new Alert(
        Digest.of(identity).shortHex(),
        model,
        window.version(),
        window.versions(),
        verdict.kind(),
        verdict.column(),
        window.start(),
        window.end(),
        window.end(),
        0,
        verdict,
        Timestamps.fromMicros(Timestamps.toMicros(now)));
  }

  /** A verdict and the report it is in. */
  private record Judged(WindowReport report, Verdict verdict) {}
}
