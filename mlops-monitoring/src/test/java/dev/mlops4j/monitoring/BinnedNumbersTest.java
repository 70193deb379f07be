package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.BinEdges;
import dev.mlops4j.profile.ProfileSeries;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;

class BinnedNumbersTest {

  private static BinEdges edges(double... numbers) {
    DatasetBuilder rows =
        Dataset.builder(Schema.builder().required("x", ColumnType.FLOAT64).build());
    Arrays.stream(numbers).forEach(rows::add);
    return ProfileSeries.of(rows.build()).overall().numbers("x").histogram().orElseThrow().edges();
  }

  private static BinnedNumbers binned(BinEdges edges, double... numbers) {
    long[] counts = new long[edges.bins()];
    for (double number : numbers) {
      counts[edges.binOf(number)]++;
    }
    return new BinnedNumbers(edges, counts);
  }

  @Test
  void sharesAreExactAtTheEdgesAndQuantilesBetweenTheirNeighbours() {
    Random random = new Random(4);
    double[] reference = random.doubles(5_000).map(x -> Math.round(100 * x) / 7.0).toArray();
    double[] current = random.doubles(3_000).map(x -> x * 20 - 3).toArray();
    BinEdges edges = edges(reference);
    BinnedNumbers binned = binned(edges, current);
    assertThat(binned.count()).isEqualTo(3_000);
    double last = edges.edges()[edges.edges().length - 1];
    for (double edge : edges.edges()) {
      long atMost = Arrays.stream(current).filter(x -> x <= edge).count();
      assertThat(binned.shareAtMost(edge)).isCloseTo(atMost / 3_000.0, within(1e-12));
    }
    Arrays.sort(current);
    for (double share : new double[] {0.05, 0.25, 0.5, 0.75, 0.95}) {
      double[] all = edges.edges();
      double below = current[(int) Math.floor(share * 2_999)];
      double above = current[(int) Math.ceil(share * 2_999)];
      double from = Arrays.stream(all).filter(edge -> edge <= below).max().orElse(all[0]);
      double to = Arrays.stream(all).filter(edge -> edge >= above).min().orElse(last);
      assertThat(binned.quantile(share)).as("%s", share).isBetween(from, to);
    }
    assertThat(binned.belowEdges())
        .isEqualTo(Arrays.stream(current).filter(x -> x < edges.edges()[0]).count() / 3_000.0);
    assertThat(binned.aboveEdges())
        .isEqualTo(Arrays.stream(current).filter(x -> x > last).count() / 3_000.0);
  }

  @Test
  void fewNumbersAreKnownAsLongAsNoOtherComes() {
    BinEdges edges = edges(0, 1, 1, 2);
    assertThat(binned(edges, 0, 1, 1).values())
        .contains(new java.util.TreeMap<>(Map.of(0.0, 1L, 1.0, 2L)));
    assertThat(binned(edges, 0, 1.5).values()).isEmpty();
    assertThat(binned(edges, -1).values()).isEmpty();
  }

  @Test
  void nothingHasNoQuantile() {
    assertThat(binned(edges(1, 2)).quantile(0.5)).isNaN();
    assertThat(binned(edges(1, 2)).shareAtMost(1)).isNaN();
    assertThat(binned(edges(4.5, 4.5), 4.5, 4.5).quantile(0.5)).isEqualTo(4.5);
    assertThat(binned(edges()).quantile(0.5)).isNaN();
  }
}
