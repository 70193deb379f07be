package dev.mlops4j.monitoring;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Judges windows against one reference: period by period where the reference has periods, else as
 * two samples. What goes wrong in one column is the verdict of that column.
 */
final class Judge {

  /**
   * If nothing drifted, the share of single windows with any alert at most, unless stated. Spans
   * exceed it where periods resemble the one before, and two samples where rows of one week are
   * alike.
   */
  static final double ALPHA = 0.05;

  /** The highest rate that is accepted. */
  static final double MOST = 0.5;

  private final Reference reference;
  private final Duration windowLength;
  private final double falseAlarmRate;

  private Judge(Reference reference, Duration windowLength, double falseAlarmRate) {
    this.reference = reference;
    this.windowLength = windowLength;
    this.falseAlarmRate = falseAlarmRate;
  }

  static Judge of(Reference reference, Duration windowLength, double falseAlarmRate) {
    return new Judge(reference, windowLength, falseAlarmRate);
  }

  /**
   * Refuses what is no rate.
   *
   * @throws IllegalArgumentException if it is none
   */
  static void checkRate(double falseAlarmRate) {
    String problem = problemOf(falseAlarmRate);
    if (problem != null) {
      throw new IllegalArgumentException(problem);
    }
  }

  /** What is wrong with a rate, or null. */
  static @Nullable String problemOf(double falseAlarmRate) {
    return falseAlarmRate > 0 && falseAlarmRate <= MOST
        ? null
        : "falseAlarmRate(" + falseAlarmRate + ") is not accepted: above 0, at most " + MOST;
  }

  /**
   * A verdict a column.
   *
   * @param window the periods of the window
   * @param sum what they hold together
   * @param outcomesIn whether outcomes count; else those columns have no verdict yet
   */
  List<Verdict> verdicts(List<Period> window, PeriodCounts sum, boolean outcomesIn) {
    return verdicts(reference.periods(), window, sum, outcomesIn);
  }

  List<Verdict> verdicts(
      List<Period> against, List<Period> window, PeriodCounts sum, boolean outcomesIn) {
    return verdicts(
        outcomesIn,
        (column, position) ->
            reference.periodLength() == null
                ? new SampleDrift(reference.overall(), sum).test(column, position)
                : new PeriodDrift(against, window).test(column, position));
  }

  /**
   * A verdict a column: whether a window changed by more than the reference does from one of its
   * periods to the next.
   *
   * @param previous the period before
   * @param window the window, one period
   * @param sum what it holds
   * @param outcomesIn whether outcomes count; else those columns have no verdict yet
   */
  List<Verdict> ofChange(Period previous, Period window, PeriodCounts sum, boolean outcomesIn) {
    return verdicts(
        outcomesIn,
        (column, position) ->
            reference.periodLength() == null
                ? new SampleDrift(previous.counts(), sum).test(column, position)
                : PeriodDrift.ofChange(reference.periods(), previous, window)
                    .test(column, position));
  }

  private List<Verdict> verdicts(boolean outcomesIn, Comparison comparison) {
    List<ColumnTest> tests = new ArrayList<>();
    int pending = 0;
    for (int i = 0; i < reference.columns().size(); i++) {
      ReferenceColumn column = reference.columns().get(i);
      if (column.isOutcome() && !outcomesIn) {
        pending++;
      } else {
        tests.add(test(column, i, comparison));
      }
    }
    return ColumnTest.verdicts(tests, falseAlarmRate, pending);
  }

  private ColumnTest test(ReferenceColumn column, int position, Comparison comparison) {
    Duration length = reference.periodLength();
    if (length != null && !length.equals(windowLength)) {
      return new ColumnTest(
          column,
          List.of(),
          0,
          0,
          "the reference has periods of "
              + length
              + ", the window is "
              + windowLength
              + "; set window("
              + length
              + ")",
          false);
    }
    try {
      return comparison.test(column, position);
    } catch (RuntimeException e) {
      return ColumnTest.failed(column, "it could not be judged: " + e);
    }
  }

  /** How one column is compared. */
  @FunctionalInterface
  private interface Comparison {
    ColumnTest test(ReferenceColumn column, int position);
  }
}
