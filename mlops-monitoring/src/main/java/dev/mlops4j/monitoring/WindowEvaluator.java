package dev.mlops4j.monitoring;

import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Finds the windows to evaluate and evaluates them. Not safe for use by several threads. */
final class WindowEvaluator {

  /** A window that was not watched from this part of it on is not evaluated. */
  private static final int WATCHED_FROM = 7;

  private final String model;
  private final Periods periods;
  private final int[] spans;
  private final Duration outcomeGrace;
  private final Ledger ledger;
  private final JdbcWindows windows;
  private final References references;
  private final PerformanceReader performances;
  private final RuleJudge rules;
  private final WindowJudge judge;
  private final EvaluationKey key;

  WindowEvaluator(
      String model,
      Periods periods,
      int[] spans,
      Duration outcomeGrace,
      Ledger ledger,
      JdbcWindows windows,
      References references,
      PerformanceReader performances,
      RuleJudge rules,
      WindowJudge judge) {
    this.model = model;
    this.periods = periods;
    this.spans = spans;
    this.outcomeGrace = outcomeGrace;
    this.ledger = ledger;
    this.windows = windows;
    this.references = references;
    this.performances = performances;
    this.rules = rules;
    this.judge = judge;
    this.key = EvaluationKey.of(judge.setting(), periods);
  }

  List<WindowMetric> history(String name) {
    return rules.seen(name, periods);
  }

  void silence(String rule, Instant until, String reason) {
    rules.silence(rule, until, reason);
  }

  /**
   * Evaluates what is due.
   *
   * @param stored is told of each period when its evaluation is stored
   */
  List<WindowReport> evaluate(Instant now, Runnable stored) {
    OptionalLong watched = first();
    if (watched.isEmpty()) {
      return List.of();
    }
    long first = watched.getAsLong();
    long lastEnded = periods.numberOf(now) - 1;
    if (ledger.lastAskedAt().orElse(Long.MIN_VALUE) <= Timestamps.toMicros(now)) {
      // Else it is now that is wrong.
      windows.takeBack(key, lastEnded, now);
    }
    long lastWithOutcomes = lastWithOutcomes(now);
    long doneWithout = lastEvaluated(false);
    long done = lastEvaluated(true);
    // Both before the windows are read, so that what comes meanwhile leaves a mark and keeps it.
    windows.announce(periods.lengthMicros(), lastWithOutcomes);
    SortedMap<Long, Long> changes = ledger.changes(periods.lengthMicros());
    List<WindowReport> reports = new ArrayList<>(restate(first, done, changes, now));
    judge.forget();
    int looksBack = Math.max(spans[spans.length - 1], rules.mostEmptyWindows());
    long period = Math.max(first, done == Long.MIN_VALUE ? first : done + 1);
    while (period <= lastEnded) {
      boolean outcomesIn = period <= lastWithOutcomes;
      long earliest = Math.max(first, period - looksBack + 1);
      if (!ledger.requested(periods.startMicros(earliest), periods.startMicros(period + 1))) {
        OptionalLong next = ledger.nextRequestAt(periods.startMicros(period + 1));
        if (next.isEmpty()) {
          break;
        }
        period = periods.numberOf(next.getAsLong());
        continue;
      }
      if (outcomesIn || period > doneWithout) {
        List<WindowReport> found =
            evaluate(
                first,
                period,
                outcomesIn,
                period > doneWithout,
                outcomesIn ? changes.getOrDefault(period, 0L) : 0,
                now);
        reports.addAll(found);
        if (!found.isEmpty()) {
          stored.run();
        }
      }
      period++;
    }
    return reports;
  }

  /**
   * The periods that were watched from their beginning and have ended.
   *
   * @param first the first
   * @param last the last; before the first if none has ended
   */
  record Watched(long first, long last) {}

  /** What a report begins with; empty if nothing was asked yet. */
  Optional<Watched> watched(Instant now) {
    judge.forget();
    OptionalLong first = first();
    return first.isEmpty()
        ? Optional.empty()
        : Optional.of(new Watched(first.getAsLong(), periods.numberOf(now) - 1));
  }

  /** The first period that was watched, also if its predictions are removed by now. */
  private OptionalLong first() {
    OptionalLong firstAsked = ledger.nextRequestAt(Long.MIN_VALUE);
    OptionalLong judged = windows.firstJudged(key);
    if (firstAsked.isEmpty()) {
      return judged;
    }
    long watched = firstWatched(firstAsked.getAsLong());
    return OptionalLong.of(Math.min(watched, judged.orElse(watched)));
  }

  /**
   * Looks at a window and stores nothing; outcomes count if they are due by now.
   *
   * @param judged the versions that periods were judged by: these are taken as they were counted
   */
  Look look(long first, long from, long to, Instant now, Map<Long, Integer> judged) {
    boolean outcomesIn = to <= lastWithOutcomes(now);
    WindowCounts counts = counts(outcomesIn, null);
    return look(first, from, to, outcomesIn, counts, (a, b) -> versions(a, b, counts, judged));
  }

  /** The versions that periods of a range were judged by, 0 if nothing was asked. */
  Map<Long, Integer> judgedVersions(long from, long to) {
    return windows.versions(key, from, to);
  }

  /** The last period whose outcomes are due. */
  long lastWithOutcomes(Instant now) {
    return periods.numberOf(now.minus(outcomeGrace)) - 1;
  }

  /** Up to which periods evaluations are stored, with outcomes and without. */
  record Done(long withOutcomes, long without) {

    MonitorWindow.Evaluated of(long period) {
      return period <= withOutcomes
          ? MonitorWindow.Evaluated.WITH_OUTCOMES
          : period <= without
              ? MonitorWindow.Evaluated.WITHOUT_OUTCOMES
              : MonitorWindow.Evaluated.NOT_YET;
    }
  }

  Done done() {
    return new Done(lastEvaluated(true), lastEvaluated(false));
  }

  private long lastEvaluated(boolean outcomesIn) {
    return windows.lastEvaluated(key, outcomesIn).orElse(Long.MIN_VALUE);
  }

  boolean asked(long period) {
    return ledger.asked(periods.startMicros(period), periods.startMicros(period + 1));
  }

  Periods periods() {
    return periods;
  }

  int longestSpan() {
    return spans[spans.length - 1];
  }

  int[] spans() {
    return spans.clone();
  }

  MonitorReference reference() {
    return judge.setting();
  }

  /** Of a window whose rows are gone the counts and metrics stay as they are. */
  boolean areRowsRemoved(long period) {
    return periods.startMicros(period) < windows.removedBefore();
  }

  private long firstWatched(long firstAsked) {
    long period = periods.numberOf(firstAsked);
    long missed = firstAsked - periods.startMicros(period);
    return missed > periods.lengthMicros() / WATCHED_FROM ? period + 1 : period;
  }

  /** The windows that were evaluated up to one with outcomes and have changed since, alone. */
  private List<WindowReport> restate(
      long first, long done, SortedMap<Long, Long> changes, Instant now) {
    List<WindowReport> reports = new ArrayList<>();
    for (Map.Entry<Long, Long> change : changes.entrySet()) {
      long period = change.getKey();
      if (period < first || areRowsRemoved(period)) {
        windows.settleAsItWas(periods.lengthMicros(), period, change.getValue());
      } else if (period <= done) {
        WindowCounts counts = counts(true, period);
        judge.forget();
        WindowReport report = single(first, period, true, counts);
        Map<String, RuleValue> values = facts(period, report).kept(true);
        if (windows.restate(
            evaluated(report, period, now, counts, List.of(), values, List.of(), RuleScope.NOTHING),
            change.getValue())) {
          reports.add(report.asRestated());
        }
      }
    }
    return reports;
  }

  /** Empty if another process was first. */
  private List<WindowReport> evaluate(
      long first, long period, boolean outcomesIn, boolean firstLook, long changes, Instant now) {
    // Another monitor, with another grace, may have counted it before all outcomes were in.
    WindowCounts counts = counts(outcomesIn, outcomesIn && !areRowsRemoved(period) ? period : null);
    WindowReport single = single(first, period, outcomesIn, counts);
    List<WindowReport> reports = new ArrayList<>();
    List<Alert> alerts = new ArrayList<>();
    for (int span : spans) {
      if (period - span + 1 >= first) {
        WindowReport report =
            span == 1
                ? single
                : look(first, period - span + 1, period, outcomesIn, counts).report();
        reports.add(report);
        report.alerts().stream()
            .filter(verdict -> !rules.isRuled(verdict.kind()))
            .forEach(verdict -> alerts.add(rules.alert(null, report, verdict, now)));
      }
    }
    Unjudged.alert(single, reports)
        .ifPresent(verdict -> alerts.add(rules.alert(null, single, verdict, now)));
    RuleFacts facts = facts(period, single);
    Map<String, RuleValue> values = facts.kept(outcomesIn);
    List<RuleFinding> findings =
        rules.findings(
            period, periods.lengthMicros(), single, reports, facts, firstLook, now, values);
    RuleScope scope = rules.scope(reports, outcomesIn, firstLook);
    boolean recorded =
        windows.record(
            evaluated(single, period, now, counts, alerts, values, findings, scope), changes);
    if (!recorded) {
      return List.of();
    }
    Unjudged.log(single, firstLook, references);
    return reports;
  }

  private JdbcWindows.Evaluated evaluated(
      WindowReport single,
      long period,
      Instant now,
      WindowCounts counts,
      List<Alert> alerts,
      Map<String, RuleValue> values,
      List<RuleFinding> findings,
      RuleScope scope) {
    return new JdbcWindows.Evaluated(
        key,
        period,
        single.performance().rows() == 0 ? 0 : single.version(),
        single.outcomesIn(),
        now,
        counts.fresh(),
        alerts,
        values,
        findings,
        scope);
  }

  private RuleFacts facts(long period, WindowReport single) {
    return new RuleFacts(
        ledger, periods.startMicros(period), periods.startMicros(period + 1), single.performance());
  }

  private WindowReport single(long first, long period, boolean outcomesIn, WindowCounts counts) {
    WindowReport report = look(first, period, period, outcomesIn, counts).report();
    if (!outcomesIn || !performances.hasMetrics()) {
      return report;
    }
    return new WindowReport(
        model,
        report.version(),
        report.versions(),
        report.start(),
        report.end(),
        1,
        true,
        report.verdicts(),
        read(period, period));
  }

  private Performance read(long from, long to) {
    return performances.read(periods.startMicros(from), periods.startMicros(to + 1)).overall();
  }

  private Look look(long first, long from, long to, boolean outcomesIn, WindowCounts counts) {
    return look(first, from, to, outcomesIn, counts, this::versions);
  }

  private Look look(
      long first,
      long from,
      long to,
      boolean outcomesIn,
      WindowCounts counts,
      Answering answering) {
    SortedMap<Integer, Long> versions = answering.versions(from, to);
    int version = mostUsed(versions);
    if (versions.isEmpty()) {
      version = mostUsed(answering.versions(to - spans[spans.length - 1] + 1, to));
      version = version == 0 ? windows.lastVersion(key, to) : version;
    }
    if (version == 0 && versions.isEmpty()) {
      // Nothing was answered yet: there is nothing that could have drifted.
      return new Look(
          report(0, versions, from, to, outcomesIn, List.of(), CountedPerformance.unlabelled(0)),
          null);
    }
    Compared compared = null;
    List<Verdict> verdicts;
    Performance performance;
    try {
      Reference reference = references.of(version);
      List<Period> window = new ArrayList<>();
      PeriodCounts sum = new PeriodCounts(reference.columns());
      for (long period = from; period <= to; period++) {
        PeriodCounts part = counts.of(reference, version, period);
        window.add(new Period(period, part));
        sum.add(part);
      }
      int judged = version;
      WindowJudge.Judged found =
          judge.judge(
              version,
              reference,
              first,
              window,
              sum,
              outcomesIn,
              period -> counts.once(reference, judged, period));
      verdicts = found.verdicts();
      performance = CountedPerformance.of(reference.signature().output(), sum, outcomesIn);
      compared = new Compared(reference.columns(), found.reference(), sum);
    } catch (StorageException e) {
      // The ledger cannot be read now; the window is evaluated another time.
      throw e;
    } catch (MlopsException e) {
      verdicts = List.of(noReference(e));
      long rows = versions.values().stream().mapToLong(Long::longValue).sum();
      performance = outcomesIn ? read(from, to) : CountedPerformance.unlabelled(rows);
    }
    return new Look(
        report(version, versions, from, to, outcomesIn, verdicts, performance), compared);
  }

  private WindowReport report(
      int version,
      SortedMap<Integer, Long> versions,
      long from,
      long to,
      boolean outcomesIn,
      List<Verdict> verdicts,
      Performance performance) {
    return new WindowReport(
        model,
        version,
        List.copyOf(versions.keySet()),
        periods.start(from),
        periods.start(to + 1),
        (int) (to - from + 1),
        outcomesIn,
        verdicts,
        performance);
  }

  /**
   * A window as it was judged.
   *
   * @param report what was found
   * @param compared what was compared, or null if there was no reference
   */
  record Look(WindowReport report, @Nullable Compared compared) {}

  /**
   * Both sides of a comparison, in the bins of the version that was judged.
   *
   * @param columns the columns, in the order of the counts
   * @param reference what the window was compared with
   * @param window what it holds
   */
  record Compared(List<ReferenceColumn> columns, PeriodCounts reference, PeriodCounts window) {}

  /** Which versions answered how often in a range of periods. */
  @FunctionalInterface
  private interface Answering {
    SortedMap<Integer, Long> versions(long from, long to);
  }

  /** As periods were counted when they were judged; by the ledger where they were not. */
  private SortedMap<Integer, Long> versions(
      long from, long to, WindowCounts counts, Map<Long, Integer> judged) {
    SortedMap<Integer, Long> versions = new TreeMap<>();
    for (long period = from; period <= to; period++) {
      long at = period;
      int version = judged.getOrDefault(period, 0);
      counted(version, period, counts)
          .orElseGet(() -> versions(at, at))
          .forEach((answering, rows) -> versions.merge(answering, rows, Long::sum));
    }
    return versions;
  }

  private WindowCounts counts(boolean outcomesIn, @Nullable Long anew) {
    return new WindowCounts(ledger, windows, references, periods, outcomesIn, anew);
  }

  private Optional<SortedMap<Integer, Long>> counted(
      int version, long period, WindowCounts counts) {
    if (version == 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(counts.of(references.of(version), version, period).versions);
    } catch (StorageException e) {
      throw e;
    } catch (MlopsException e) {
      // Its package cannot be read any more.
      return Optional.empty();
    }
  }

  private SortedMap<Integer, Long> versions(long from, long to) {
    SortedMap<Integer, Long> versions = new TreeMap<>();
    for (Ledger.VersionCount count :
        ledger.versions(periods.startMicros(from), periods.startMicros(to + 1))) {
      versions.put(count.version(), count.count());
    }
    return versions;
  }

  /** The version with the most predictions, of several the greatest; 0 without any. */
  private static int mostUsed(SortedMap<Integer, Long> versions) {
    int most = 0;
    long count = 0;
    for (Map.Entry<Integer, Long> version : versions.entrySet()) {
      if (version.getValue() >= count) {
        most = version.getKey();
        count = version.getValue();
      }
    }
    return most;
  }

  private static Verdict noReference(MlopsException e) {
    return Verdict.untested(
        WindowReport.NO_REFERENCE,
        AlertKind.FEATURE_DRIFT,
        Verdict.Status.ERROR,
        Double.NaN,
        0,
        0,
        "nothing to compare with: " + e.getMessage());
  }
}
