package dev.mlops4j.monitoring;

import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * How often a reference would raise an alert against itself: each block of its periods in turn is
 * left out and judged as if it were a window. Nothing drifted in the training data, so every alert
 * is a false one.
 *
 * @param periods how many periods a block has
 * @param verdicts how many verdicts were given: blocks times columns
 * @param tested how many of them are OK or ALERT; the others had not enough data or failed
 * @param alerts the verdicts that alerted, in words
 */
public record ReferenceCheck(int periods, int verdicts, int tested, List<String> alerts) {

  /** Copies the list. */
  public ReferenceCheck {
    alerts = List.copyOf(alerts);
  }

  /**
   * Leaves out blocks of these lengths of the package's reference profile.
   *
   * @return one for each length; without verdicts if the reference has no periods
   * @throws IllegalArgumentException if a length is less than 1
   */
  public static List<ReferenceCheck> of(ModelPackage modelPackage, int... lengths) {
    return of(modelPackage, Judge.ALPHA, lengths);
  }

  /**
   * The same at the rate of a monitor that states one.
   *
   * @param falseAlarmRate as {@link MonitorBuilder#falseAlarmRate}: above 0, at most 0.5
   * @throws IllegalArgumentException if it is not, or a length is less than 1
   */
  public static List<ReferenceCheck> of(
      ModelPackage modelPackage, double falseAlarmRate, int... lengths) {
    return of(
        Reference.of(modelPackage.referenceProfile(), modelPackage.manifest().signature()),
        falseAlarmRate,
        lengths);
  }

  /**
   * Leaves out blocks of these lengths of a profile, whose columns with numbers or categories are
   * judged as {@link ProfileDrift#against} does.
   *
   * @return one for each length; without verdicts if the profile has no periods
   * @throws IllegalArgumentException if a length is less than 1
   */
  public static List<ReferenceCheck> of(ProfileSeries reference, int... lengths) {
    return of(reference, Judge.ALPHA, lengths);
  }

  /**
   * The same with another rate of false alarms.
   *
   * @param falseAlarmRate above 0, at most 0.5
   * @throws IllegalArgumentException if it is not, or a length is less than 1
   */
  public static List<ReferenceCheck> of(
      ProfileSeries reference, double falseAlarmRate, int... lengths) {
    return of(Reference.ofColumns(reference), falseAlarmRate, lengths);
  }

  static List<ReferenceCheck> of(Reference reference, double falseAlarmRate, int... lengths) {
    Judge.checkRate(falseAlarmRate);
    List<ReferenceCheck> checks = new ArrayList<>();
    for (int length : lengths) {
      if (length < 1) {
        throw new IllegalArgumentException(
            "a block has at least one period, found a length of " + length);
      }
      checks.add(check(reference, falseAlarmRate, length));
    }
    return checks;
  }

  /** The share of the tested verdicts that are alerts; NaN if none was tested. */
  public double rate() {
    return tested == 0 ? Double.NaN : (double) alerts.size() / tested;
  }

  private static ReferenceCheck check(Reference reference, double falseAlarmRate, int length) {
    Duration periodLength = reference.periodLength();
    List<Period> all = reference.periods();
    List<String> alerts = new ArrayList<>();
    int verdicts = 0;
    int tested = 0;
    if (periodLength != null) {
      Judge judge = Judge.of(reference, periodLength, falseAlarmRate);
      for (int from = 0; from + length <= all.size(); from++) {
        List<Period> block = all.subList(from, from + length);
        if (block.get(length - 1).number() - block.get(0).number() != length - 1) {
          continue;
        }
        List<Period> rest = new ArrayList<>(all.subList(0, from));
        rest.addAll(all.subList(from + length, all.size()));
        PeriodCounts sum = new PeriodCounts(reference.columns());
        block.forEach(period -> sum.add(period.counts()));
        String end = Periods.of(periodLength).start(block.get(length - 1).number() + 1).toString();
        for (Verdict verdict : judge.verdicts(rest, block, sum, true)) {
          verdicts++;
          tested += verdict.status() == Verdict.Status.OK || verdict.isAlert() ? 1 : 0;
          if (verdict.isAlert()) {
            alerts.add(verdict.column() + " to " + end + ": " + verdict.words());
          }
        }
      }
    }
    return new ReferenceCheck(length, verdicts, tested, alerts);
  }

  @Override
  public String toString() {
    String heading = "left out in turn, " + periods + (periods == 1 ? " period: " : " periods: ");
    if (tested == 0) {
      return heading + "none of " + verdicts + " verdicts could be tested";
    }
    String untested = tested == verdicts ? "" : ", " + (verdicts - tested) + " could not be tested";
    return String.format(
        Locale.ROOT,
        "%s%d of %d verdicts alert (%.1f %%)%s",
        heading,
        alerts.size(),
        tested,
        100 * rate(),
        untested);
  }
}
