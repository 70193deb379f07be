package dev.mlops4j.monitoring;

import java.util.ArrayList;
import java.util.List;

/**
 * What is said of a column at any rate of false alarms. The test behind it need not be kept, which
 * holds many names where a column has.
 *
 * @param alert the verdict at the highest rate
 * @param quiet the verdict if it is no alert
 */
record RatedVerdict(Verdict alert, Verdict quiet) {

  /** The verdicts of one family. */
  static List<RatedVerdict> of(List<ColumnTest> tests) {
    List<Verdict> alerts = ColumnTest.verdicts(tests, Judge.MOST, 0);
    List<Verdict> quiet = ColumnTest.verdicts(tests, 0, 0);
    List<RatedVerdict> rated = new ArrayList<>();
    for (int i = 0; i < tests.size(); i++) {
      rated.add(new RatedVerdict(alerts.get(i), quiet.get(i)));
    }
    return rated;
  }

  /** NaN, of a column without a test, is at no rate an alert. */
  Verdict at(double falseAlarmRate) {
    return alert.q() <= falseAlarmRate ? alert : quiet;
  }
}
