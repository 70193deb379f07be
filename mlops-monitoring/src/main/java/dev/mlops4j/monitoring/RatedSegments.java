package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.DriftSegments.Beyond;
import java.util.ArrayList;
import java.util.List;

/**
 * The segments of two samples, judged at any rate of false alarms.
 *
 * @param keyColumn the column whose values are the keys
 * @param compared the segments that both samples have, as yet without verdicts
 * @param verdicts of each of them a list, one a column
 * @param came the segments that only the current sample has
 * @param went the segments that only the reference has
 * @param beyond the keys that are not compared because there are too many
 */
record RatedSegments(
    String keyColumn,
    List<SegmentDrift> compared,
    List<List<RatedVerdict>> verdicts,
    List<SegmentDrift> came,
    List<SegmentDrift> went,
    Beyond beyond) {

  /** Those that both samples have, with the verdicts at this rate. */
  List<SegmentDrift> compared(double falseAlarmRate) {
    List<SegmentDrift> segments = new ArrayList<>();
    for (int i = 0; i < compared.size(); i++) {
      segments.add(
          compared
              .get(i)
              .with(verdicts.get(i).stream().map(one -> one.at(falseAlarmRate)).toList()));
    }
    return segments;
  }

  /** All of it at this rate, ranked by effect. */
  DriftSegments at(double falseAlarmRate) {
    return new DriftSegments(keyColumn, compared(falseAlarmRate), came, went, beyond)
        .rankedBy(Verdict::weight);
  }
}
