package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.util.Random;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * How often reports of two samples of one kind have an alert in a segment, in a column, or in
 * either, with a fixed seed: as {@link DriftReport} says. A bound is passed by chance less than
 * once in a million runs.
 */
class SegmentRateTest {

  private static final double CHANCE_OF_FAILING = 1e-6;

  private static final Schema SCHEMA =
      Schema.builder()
          .optional("carrier", ColumnType.STRING)
          .optional("normal", ColumnType.FLOAT64)
          .optional("few", ColumnType.INT64)
          .optional("category", ColumnType.STRING)
          .optional("flag", ColumnType.BOOLEAN)
          .optional("alike", ColumnType.FLOAT64)
          .build();

  /** Segments of different sizes and of different kinds; two columns say nearly the same. */
  private static Dataset rows(Random random, int size) {
    DatasetBuilder rows = Dataset.builder(SCHEMA);
    for (int i = 0; i < size; i++) {
      int carrier = Math.min(9, (int) (-3 * Math.log(1 - random.nextDouble())));
      double normal = random.nextGaussian() + carrier;
      rows.add(
          random.nextInt(50) == 0 ? null : "carrier " + carrier,
          random.nextInt(20) == 0 ? null : (Object) normal,
          (long) random.nextInt(5 + carrier),
          "abcdefgh".substring(0, 1 + (int) (8 * random.nextDouble() * random.nextDouble())),
          random.nextInt(4) == 0,
          normal + random.nextGaussian() / 5);
    }
    return rows.build();
  }

  private static void keepsTheRate(int rounds, int reference, int current) {
    Random random = new Random(20130101);
    int columns = 0;
    int segments = 0;
    int either = 0;
    for (int i = 0; i < rounds; i++) {
      DriftReport report =
          DriftReport.bySegment(rows(random, reference), rows(random, current), "carrier");
      boolean inColumns = !report.alerts().isEmpty();
      boolean inSegments = !report.segments().orElseThrow().alerts().isEmpty();
      columns += inColumns ? 1 : 0;
      segments += inSegments ? 1 : 0;
      either += inColumns || inSegments ? 1 : 0;
    }
    String found =
        "of %d reports of %d and %d rows: %d alert in a column, %d in a segment, %d in either"
            .formatted(rounds, reference, current, columns, segments, either);
    System.out.println(found);
    assertThat(columns).as(found).isLessThanOrEqualTo(most(rounds, Judge.ALPHA));
    assertThat(segments).as(found).isPositive().isLessThanOrEqualTo(most(rounds, Judge.ALPHA));
    assertThat(either).as(found).isLessThanOrEqualTo(most(rounds, 2 * Judge.ALPHA));
  }

  private static int most(int rounds, double rate) {
    return new BinomialDistribution(null, rounds, rate)
        .inverseCumulativeProbability(1 - CHANCE_OF_FAILING);
  }

  @Test
  void segmentsKeepARateOfTheirOwn() {
    keepsTheRate(300, 1_500, 800);
  }

  @Test
  @Tag("soak")
  void segmentsOfAllSizesKeepARateOfTheirOwn() {
    keepsTheRate(3_000, 800, 800);
    keepsTheRate(3_000, 5_000, 500);
    keepsTheRate(3_000, 3_000, 3_000);
    keepsTheRate(500, 30_000, 10_000);
  }
}
