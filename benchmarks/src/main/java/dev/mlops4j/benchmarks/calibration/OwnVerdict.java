package dev.mlops4j.benchmarks.calibration;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.monitoring.ProfileDrift;
import dev.mlops4j.monitoring.Verdict;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Our default: the verdict on one column of two samples, or on a week against its reference. */
final class OwnVerdict {

  private static final Instant MONDAY = Instant.parse("2013-01-07T00:00:00Z");
  private static final Duration WEEK = Duration.ofDays(7);
  private static final String COLUMN = "x";
  private static final String TIME = "at";

  private OwnVerdict() {}

  /** Whether it is an alert. */
  static boolean alerts(Kind kind, double[] reference, double[] current) {
    List<Verdict> verdicts =
        kind.hasWeeks() ? weeks(reference, current) : samples(kind, reference, current);
    for (Verdict verdict : verdicts) {
      if (verdict.status() == Verdict.Status.ERROR) {
        throw new IllegalStateException("no verdict: " + verdict);
      }
    }
    return verdicts.stream().anyMatch(Verdict::isAlert);
  }

  private static List<Verdict> samples(Kind kind, double[] reference, double[] current) {
    DatasetProfile from = ProfileSeries.of(rows(kind, reference)).overall();
    return ProfileDrift.between(from, DatasetProfile.of(rows(kind, current), from));
  }

  private static Dataset rows(Kind kind, double[] values) {
    ColumnType type =
        switch (kind.form()) {
          case "categories" -> ColumnType.STRING;
          case "integers" -> ColumnType.INT64;
          default -> ColumnType.FLOAT64;
        };
    DatasetBuilder rows = Dataset.builder(Schema.builder().optional(COLUMN, type).build());
    for (double value : values) {
      if (type == ColumnType.STRING) {
        rows.set(0, "c" + (int) value);
      } else if (type == ColumnType.INT64) {
        rows.setLong(0, (long) value);
      } else if (!Double.isNaN(value)) {
        rows.setDouble(0, value);
      }
      rows.endRow();
    }
    return rows.build();
  }

  private static List<Verdict> weeks(double[] reference, double[] current) {
    ProfileSeries series = ProfileSeries.byWeek(weekly(reference, MONDAY), TIME);
    Instant start = MONDAY.plus(WEEK.multipliedBy(Cell.WEEKS));
    DatasetProfile now = DatasetProfile.of(weekly(current, start), series.overall());
    return ProfileDrift.against(
        series, List.of(new ProfileSeries.Window(start, start.plus(WEEK), now)));
  }

  /** So many rows a week, spread over it. */
  private static Dataset weekly(double[] values, Instant start) {
    Schema schema =
        Schema.builder()
            .required(TIME, ColumnType.TIMESTAMP)
            .required(COLUMN, ColumnType.FLOAT64)
            .build();
    DatasetBuilder rows = Dataset.builder(schema);
    Duration step = WEEK.dividedBy(Cell.ROWS_A_WEEK);
    for (int i = 0; i < values.length; i++) {
      Instant week = start.plus(WEEK.multipliedBy(i / Cell.ROWS_A_WEEK));
      rows.add(week.plus(step.multipliedBy(i % Cell.ROWS_A_WEEK)), values[i]);
    }
    return rows.build();
  }
}
