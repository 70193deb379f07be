package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.List;

/** Judges windows against what the monitor's setting says. Keeps nothing. */
final class WindowJudge {

  private final MonitorReference setting;
  private final Periods periods;

  WindowJudge(MonitorReference setting, Periods periods) {
    this.setting = setting;
    this.periods = periods;
  }

  MonitorReference setting() {
    return setting;
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
   * @param trained the reference of the version
   * @param first the first period that was watched
   * @param window the periods, one after the other
   * @param sum what they hold together
   * @param outcomesIn whether outcomes count
   * @param counted what other periods hold
   */
  Judged judge(
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
      return againstServed(trained, served, first, window, sum, outcomesIn, counted);
    }
    return new Judged(
        Judge.of(trained, periods.length()).verdicts(window, sum, outcomesIn), trained.overall());
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
        Judge.of(trained, periods.length()).ofChange(before, window.get(0), sum, outcomesIn),
        before.counts());
  }

  private Judged againstServed(
      Reference trained,
      MonitorReference.Served served,
      long first,
      List<Period> window,
      PeriodCounts sum,
      boolean outcomesIn,
      Counted counted) {
    long from = Math.max(first, firstWhole(periods, served));
    long to = endOfWhole(periods, served);
    if (periods.start(window.get(0).number()).isBefore(served.to())) {
      return untested(
          trained,
          outcomesIn,
          "the reference ends at " + served.to() + "; windows that begin before are not judged");
    }
    PeriodCounts overall = new PeriodCounts(trained.columns());
    List<Period> all = new ArrayList<>();
    for (long period = from; period < to; period++) {
      PeriodCounts counts = counted.of(period);
      if (counts.rows > 0) {
        all.add(new Period(period, counts));
        overall.add(counts);
      }
    }
    Reference reference =
        new Reference(
            trained.signature(),
            trained.columns(),
            overall,
            all,
            periods.length(),
            trained.sensitive());
    return new Judged(
        Judge.of(reference, periods.length()).verdicts(window, sum, outcomesIn), overall);
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
