package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.util.Arrays;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class HistogramTest {

  @Test
  void anEdgeIsABinOfItsOwnBetweenOpenIntervals() {
    BinEdges edges = new BinEdges(new double[] {0.0, 10.0});
    assertThat(edges.bins()).isEqualTo(5);
    assertThat(edges.binOf(Double.NEGATIVE_INFINITY)).isZero();
    assertThat(edges.binOf(-Double.MIN_VALUE)).isZero();
    assertThat(edges.binOf(-0.0)).isEqualTo(1);
    assertThat(edges.binOf(0.0)).isEqualTo(1);
    assertThat(edges.binOf(5)).isEqualTo(2);
    assertThat(edges.binOf(10)).isEqualTo(3);
    assertThat(edges.binOf(Double.POSITIVE_INFINITY)).isEqualTo(4);
    assertThatThrownBy(() -> edges.binOf(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("NaN is in no bin; count it apart");
  }

  @Test
  void theBinIsTheNumberOfEdgesBelowTwiceAndOneForAnEdge() {
    Random random = new Random(2);
    for (int size = 0; size < 130; size++) {
      double[] edges = random.doubles(size).sorted().distinct().toArray();
      BinEdges bins = new BinEdges(edges);
      for (int i = 0; i < 50; i++) {
        double number = i % 2 == 0 || size == 0 ? random.nextDouble() : edges[random.nextInt(size)];
        long below = Arrays.stream(edges).filter(edge -> edge < number).count();
        boolean edge = Arrays.stream(edges).anyMatch(e -> e == number);
        assertThat(bins.binOf(number)).isEqualTo((int) (2 * below + (edge ? 1 : 0)));
      }
      assertThat(bins.binOf(Double.POSITIVE_INFINITY)).isEqualTo(2 * size);
      assertThat(bins.binOf(Double.NEGATIVE_INFINITY)).isZero();
    }
  }

  @Test
  void valuesThatAreLargeComparedWithTheirSpreadAreResolved() {
    Random random = new Random(1);
    Dataset pressure = dataset(random.doubles(10_000).map(u -> 1018 + 7 * u).toArray());
    NumericSummary numbers = ProfileSeries.of(pressure).overall().numbers("x");
    Histogram histogram = numbers.histogram().orElseThrow();
    assertThat(numbers.bins()).hasSizeLessThan(3);
    assertThat(histogram.edges().edges()).hasSize(127);
    assertThat(Arrays.stream(histogram.counts()).max().orElseThrow()).isLessThan(100);
    assertThat(Arrays.stream(histogram.counts()).sum()).isEqualTo(10_000);
  }

  @Test
  void aFrequentValueStaysApart() {
    double[] values =
        IntStream.range(0, 1_000).mapToDouble(i -> i < 900 ? 10 : i / 100.0).toArray();
    Histogram histogram =
        ProfileSeries.of(dataset(values)).overall().numbers("x").histogram().orElseThrow();
    assertThat(histogram.count(histogram.edges().binOf(10))).isEqualTo(900);
  }

  @Test
  void infinitiesAndNanAreInNoBin() {
    double[] values = {1, 2, 3, Double.NaN, Double.NEGATIVE_INFINITY, Double.POSITIVE_INFINITY};
    Histogram histogram =
        ProfileSeries.of(dataset(values)).overall().numbers("x").histogram().orElseThrow();
    assertThat(histogram.edges().edges()).containsExactly(1, 2);
    assertThat(histogram.counts()).containsExactly(0, 1, 0, 1, 1);
  }

  @Test
  void newRowsAreCountedInTheBinsOfTheReference() {
    DatasetProfile reference = ProfileSeries.of(dataset(1, 2, 3, 4)).overall();
    Histogram expected = reference.numbers("x").histogram().orElseThrow();
    Histogram found =
        DatasetProfile.of(dataset(2, 2, 9), reference).numbers("x").histogram().orElseThrow();
    assertThat(found.edges()).isEqualTo(expected.edges());
    assertThat(found.count(found.edges().binOf(2))).isEqualTo(2);
    assertThat(found.count(found.edges().bins() - 1)).isEqualTo(1);
  }

  @Test
  void mergingAddsEqualBinsAndLeavesOutOthers() {
    DatasetProfile reference = ProfileSeries.of(dataset(1, 2, 3, 4)).overall();
    DatasetProfile same = DatasetProfile.of(dataset(2, 2), reference);
    DatasetProfile other = ProfileSeries.of(dataset(7, 8)).overall();
    Histogram merged = reference.merge(same).numbers("x").histogram().orElseThrow();
    assertThat(merged.count(merged.edges().binOf(2))).isEqualTo(3);
    assertThat(reference.merge(other).numbers("x").histogram()).isEmpty();
    assertThat(reference.merge(DatasetProfile.of(dataset(1))).numbers("x").histogram()).isEmpty();
  }

  private static Dataset dataset(double... values) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("x", ColumnType.FLOAT64).build());
    for (double value : values) {
      builder.setDouble(0, value).endRow();
    }
    return builder.build();
  }
}
