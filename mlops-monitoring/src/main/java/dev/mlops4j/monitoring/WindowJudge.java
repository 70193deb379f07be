package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Judges windows against what the monitor's setting says. Keeps what was counted of a range that
 * was served until it is told to {@linkplain #forget forget} it. Not safe for use by several
 * threads.
 */
final class WindowJudge {

  private final MonitorReference setting;
  private final Periods periods;
  private final double falseAlarmRate;
  private final Map<Counting, Reference> ranges = new HashMap<>();

  WindowJudge(MonitorReference setting, Periods periods, double falseAlarmRate) {
    this.falseAlarmRate = falseAlarmRate;
    this.setting = setting;
    this.periods = periods;
  }

  MonitorReference setting() {
    return setting;
  }

  /** What a range was counted for. */
  private record Counting(int version, boolean outcomesIn) {}

  /** Forgets what was counted: late rows may have changed it. */
  void forget() {
    ranges.clear();
  }

  /** What a period holds, in the bins of the reference at hand. */
  @FunctionalInterface
  interface Counted {
    PeriodCounts of(long period);
  }

  /**
   * What was found.
   *
   * @param verdicts one a column
   * @param reference what the window was compared with
   */
  record Judged(List<Verdict> verdicts, PeriodCounts reference) {}

  /**
   * Judges.
   *
   * @param version whose reference it is
   * @param trained the reference of the version
   * @param first the first period that was watched
   * @param window the periods, one after the other
   * @param sum what they hold together
   * @param outcomesIn whether outcomes count
   * @param counted what other periods hold
   */
  Judged judge(
      int version,
      Reference trained,
      long first,
      List<Period> window,
      PeriodCounts sum,
      boolean outcomesIn,
      Counted counted) {
    if (setting instanceof MonitorReference.PreviousWindow) {
      return againstPrevious(trained, first, window, sum, outcomesIn, counted);
    }
    if (setting instanceof MonitorReference.Served served) {
      return againstServed(version, trained, served, first, window, sum, outcomesIn, counted);
    }
    return new Judged(
        Judge.of(trained, periods.length(), falseAlarmRate).verdicts(window, sum, outcomesIn),
        trained.overall());
  }

  private Judged againstPrevious(
      Reference trained,
      long first,
      List<Period> window,
      PeriodCounts sum,
      boolean outcomesIn,
      Counted counted) {
    long previous = window.get(0).number() - 1;
    if (previous < first) {
      return untested(trained, outcomesIn, "the window before was not watched");
    }
    Period before = new Period(previous, counted.of(previous));
    return new Judged(
        Judge.of(trained, periods.length(), falseAlarmRate)
            .ofChange(before, window.get(0), sum, outcomesIn),
        before.counts());
  }

  private Judged againstServed(
      int version,
      Reference trained,
      MonitorReference.Served served,
      long first,
      List<Period> window,
      PeriodCounts sum,
      boolean outcomesIn,
      Counted counted) {
    if (periods.start(window.get(0).number()).isBefore(served.to())) {
      return untested(
          trained,
          outcomesIn,
          "the reference ends at " + served.to() + "; windows that begin before are not judged");
    }
    Counting counting = new Counting(version, outcomesIn);
    Reference reference = ranges.get(counting);
    if (reference == null) {
      reference = range(trained, Math.max(first, firstWhole(periods, served)), served, counted);
      ranges.put(counting, reference);
    }
    return new Judged(
        Judge.of(reference, periods.length(), falseAlarmRate).verdicts(window, sum, outcomesIn),
        reference.overall());
  }

  private Reference range(
      Reference trained, long from, MonitorReference.Served served, Counted counted) {
    PeriodCounts overall = new PeriodCounts(trained.columns());
    List<Period> all = new ArrayList<>();
    long to = endOfWhole(periods, served);
    for (long period = from; period < to; period++) {
      PeriodCounts counts = counted.of(period).withoutPairs();
      if (counts.rows > 0) {
        all.add(new Period(period, counts));
        overall.add(counts);
      }
    }
    return new Reference(
        trained.signature(),
        trained.columns(),
        overall,
        all,
        periods.length(),
        trained.sensitive());
  }

  private static Judged untested(Reference trained, boolean outcomesIn, String why) {
    List<ColumnTest> tests =
        trained.columns().stream()
            .filter(column -> outcomesIn || !column.isOutcome())
            .map(column -> new ColumnTest(column, List.of(), 0, 0, why, false))
            .toList();
    return new Judged(
        ColumnTest.verdicts(tests, Judge.ALPHA, 0), new PeriodCounts(trained.columns()));
  }

  /** The first period that lies in the range whole. */
  static long firstWhole(Periods periods, MonitorReference.Served served) {
    long period = periods.numberOf(served.from());
    return periods.start(period).isBefore(served.from()) ? period + 1 : period;
  }

  /** The first period after those. */
  static long endOfWhole(Periods periods, MonitorReference.Served served) {
    return periods.numberOf(served.to());
  }
}
