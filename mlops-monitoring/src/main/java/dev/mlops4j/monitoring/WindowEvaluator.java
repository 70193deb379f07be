package dev.mlops4j.monitoring;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.EvaluationException;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.storage.StorageException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
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
  private final WindowJudge judge;

  WindowEvaluator(
      String model,
      Periods periods,
      int[] spans,
      Duration outcomeGrace,
      Ledger ledger,
      JdbcWindows windows,
      References references,
      MonitorReference reference) {
    this.model = model;
    this.periods = periods;
    this.spans = spans;
    this.outcomeGrace = outcomeGrace;
    this.ledger = ledger;
    this.windows = windows;
    this.references = references;
    this.judge = new WindowJudge(reference, periods);
  }

  /**
   * Evaluates what is due.
   *
   * @param stored is told of each period when its evaluation is stored
   */
  List<WindowReport> evaluate(Instant now, Runnable stored) {
    OptionalLong firstAsked = ledger.nextAskedAt(Long.MIN_VALUE);
    if (firstAsked.isEmpty()) {
      return List.of();
    }
    long first = firstWatched(firstAsked.getAsLong());
    long lastEnded = periods.numberOf(now) - 1;
    long lastWithOutcomes = lastWithOutcomes(now);
    long doneWithout = windows.lastEvaluated(periods.lengthMicros(), false).orElse(Long.MIN_VALUE);
    long done = windows.lastEvaluated(periods.lengthMicros(), true).orElse(Long.MIN_VALUE);
    List<WindowReport> reports = new ArrayList<>();
    long period = Math.max(first, done == Long.MIN_VALUE ? first : done + 1);
    while (period <= lastEnded) {
      boolean outcomesIn = period <= lastWithOutcomes;
      long earliest = Math.max(first, period - spans[spans.length - 1] + 1);
      if (!ledger.asked(periods.startMicros(earliest), periods.startMicros(period + 1))) {
        OptionalLong next = ledger.nextAskedAt(periods.startMicros(period + 1));
        if (next.isEmpty()) {
          break;
        }
        period = periods.numberOf(next.getAsLong());
        continue;
      }
      if (outcomesIn || period > doneWithout) {
        List<WindowReport> found = evaluate(first, period, outcomesIn, now);
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

  /** Empty if nothing was asked yet. */
  Optional<Watched> watched(Instant now) {
    OptionalLong firstAsked = ledger.nextAskedAt(Long.MIN_VALUE);
    return firstAsked.isEmpty()
        ? Optional.empty()
        : Optional.of(new Watched(firstWatched(firstAsked.getAsLong()), periods.numberOf(now) - 1));
  }

  /** Looks at a window and stores nothing; outcomes count if they are due by now. */
  Look look(long first, long from, long to, Instant now) {
    boolean outcomesIn = to <= lastWithOutcomes(now);
    return look(first, from, to, outcomesIn, new Counts(outcomesIn));
  }

  /** The last period whose outcomes are due. */
  long lastWithOutcomes(Instant now) {
    return periods.numberOf(now.minus(outcomeGrace)) - 1;
  }

  boolean asked(long period) {
    return ledger.asked(periods.startMicros(period), periods.startMicros(period + 1));
  }

  Periods periods() {
    return periods;
  }

  int[] spans() {
    return spans.clone();
  }

  MonitorReference reference() {
    return judge.setting();
  }

  private long firstWatched(long firstAsked) {
    long period = periods.numberOf(firstAsked);
    long missed = firstAsked - periods.startMicros(period);
    return missed > periods.lengthMicros() / WATCHED_FROM ? period + 1 : period;
  }

  /** Empty if another process was first. */
  private List<WindowReport> evaluate(long first, long period, boolean outcomesIn, Instant now) {
    Counts counts = new Counts(outcomesIn);
    List<WindowReport> reports = new ArrayList<>();
    List<Alert> alerts = new ArrayList<>();
    for (int span : spans) {
      if (period - span + 1 >= first) {
        WindowReport report = look(first, period - span + 1, period, outcomesIn, counts).report();
        reports.add(report);
        report.alerts().forEach(verdict -> alerts.add(alert(report, verdict, now)));
      }
    }
    boolean recorded =
        windows.record(
            new JdbcWindows.Evaluated(
                periods.lengthMicros(), period, outcomesIn, now, counts.fresh, alerts));
    return recorded ? reports : List.of();
  }

  private Look look(long first, long from, long to, boolean outcomesIn, Counts counts) {
    SortedMap<Integer, Long> versions = versions(from, to);
    int version = mostUsed(versions);
    if (versions.isEmpty()) {
      version = mostUsed(versions(to - spans[spans.length - 1] + 1, to));
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
              reference,
              first,
              window,
              sum,
              outcomesIn,
              period -> counts.of(reference, judged, period));
      verdicts = found.verdicts();
      performance = performance(reference.signature().output().task(), sum, outcomesIn);
      compared = new Compared(reference.columns(), found.reference(), sum);
    } catch (StorageException e) {
      // The ledger cannot be read now; the window is evaluated another time.
      throw e;
    } catch (MlopsException e) {
      verdicts = List.of(noReference(e));
      long rows = versions.values().stream().mapToLong(Long::longValue).sum();
      performance = new Performance(rows, 0, Double.NaN, Double.NaN, null);
    }
    WindowReport report =
        new WindowReport(
            model,
            version,
            List.copyOf(versions.keySet()),
            periods.start(from),
            periods.start(to + 1),
            (int) (to - from + 1),
            outcomesIn,
            verdicts,
            performance);
    return new Look(report, compared);
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
    return new Verdict(
        "(reference)",
        AlertKind.FEATURE_DRIFT,
        Verdict.Status.ERROR,
        null,
        null,
        Double.NaN,
        Double.NaN,
        Double.NaN,
        0,
        0,
        "nothing to compare with: " + e.getMessage());
  }

  private static Performance performance(Task task, PeriodCounts counts, boolean outcomesIn) {
    if (!outcomesIn) {
      return new Performance(counts.rows, 0, Double.NaN, Double.NaN, null);
    }
    double[] predictions = counts.predictions();
    double[] labels = counts.labels();
    return new Performance(
        counts.rows,
        counts.labelled(),
        Arrays.stream(predictions).average().orElse(Double.NaN),
        Arrays.stream(labels).average().orElse(Double.NaN),
        evaluation(task, predictions, labels));
  }

  private static @Nullable Evaluation evaluation(Task task, double[] predictions, double[] labels) {
    try {
      return switch (task) {
        case BINARY -> Evaluation.binary(predictions, labels);
        case REGRESSION -> Evaluation.regression(predictions, labels);
        case MULTICLASS -> null;
      };
    } catch (EvaluationException e) {
      // No rows, or a prediction that is no probability: there is nothing to state.
      return null;
    }
  }

  private Alert alert(WindowReport report, Verdict verdict, Instant now) {
    String identity =
        String.join(
            "\n",
            model,
            Integer.toString(report.version()),
            verdict.kind().name(),
            verdict.column(),
            report.end().toString());
    return new Alert(
        Digest.of(identity).shortHex(),
        model,
        report.version(),
        report.versions(),
        verdict.kind(),
        verdict.column(),
        report.start(),
        report.end(),
        report.end(),
        0,
        verdict,
        Timestamps.fromMicros(Timestamps.toMicros(now)));
  }

  /** The counts of periods, read once, and those that are not stored yet. */
  private final class Counts {

    private final boolean outcomesIn;
    private final Map<List<Long>, PeriodCounts> known = new HashMap<>();
    private final List<JdbcWindows.CountsToStore> fresh = new ArrayList<>();

    Counts(boolean outcomesIn) {
      this.outcomesIn = outcomesIn;
    }

    PeriodCounts of(Reference reference, int version, long period) {
      return known.computeIfAbsent(
          List.of((long) version, period), key -> find(reference, version, period));
    }

    private PeriodCounts find(Reference reference, int version, long period) {
      Optional<PeriodCounts> stored =
          windows
              .counts(version, periods.lengthMicros(), period, outcomesIn)
              .flatMap(bytes -> PeriodCounts.read(bytes, reference.columns()));
      if (stored.isPresent()) {
        return stored.get();
      }
      PredictionCounter counter = new PredictionCounter(reference, version, references::signature);
      ledger.scan(
          periods.startMicros(period),
          periods.startMicros(period + 1),
          (id, askedAt, knownAt, answeredBy, vector, output, outcome) ->
              counter.add(answeredBy, vector, output, outcome));
      fresh.add(new JdbcWindows.CountsToStore(version, period, counter.counts().toBytes()));
      return counter.counts();
    }
  }
}
