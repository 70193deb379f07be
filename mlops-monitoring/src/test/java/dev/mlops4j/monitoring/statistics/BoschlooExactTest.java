package dev.mlops4j.monitoring.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import org.apache.commons.math3.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class BoschlooExactTest {

  @Test
  void isWhatTheDefinitionGives() throws IOException {
    JsonNode cases;
    try (InputStream in = BoschlooExactTest.class.getResourceAsStream("boschloo_vectors.json")) {
      cases = new ObjectMapper().readTree(in).get("cases");
    }
    assertThat(cases).hasSize(18);
    for (JsonNode node : cases) {
      long yes1 = node.get("yes1").asLong();
      long yes2 = node.get("yes2").asLong();
      long no1 = node.get("size1").asLong() - yes1;
      long no2 = node.get("size2").asLong() - yes2;
      double expected = node.get("p").asDouble();

      double p = BoschlooExact.of(yes1, no1, yes2, no2);

      assertThat(p).as("%s", node).isCloseTo(expected, within(1e-9 * expected));
      assertThat(p).isLessThanOrEqualTo(FisherExact.of(yes1, no1, yes2, no2));
      assertThat(BoschlooExact.of(yes2, no2, yes1, no1)).isCloseTo(p, within(1e-12 * p));
      assertThat(BoschlooExact.of(no1, yes1, no2, yes2)).isCloseTo(p, within(1e-12 * p));
    }
  }

  @Test
  void alarmsNoMoreOftenThanStatedWhateverTheShare() {
    int n = 33;
    int m = 41;
    double[][] p = new double[n + 1][m + 1];
    double[][] fisher = new double[n + 1][m + 1];
    for (int x = 0; x <= n; x++) {
      for (int y = 0; y <= m; y++) {
        p[x][y] = BoschlooExact.of(x, n - x, y, m - y);
        fisher[x][y] = FisherExact.of(x, n - x, y, m - y);
      }
    }
    for (double level : new double[] {0.005, 0.01, 0.05, 0.2}) {
      double most = 0;
      double mostOfFisher = 0;
      for (double share = 0.01; share < 1; share += 0.01) {
        double rate = rate(p, level, share);
        assertThat(rate).as("%s at %s", level, share).isLessThanOrEqualTo(level + 1e-12);
        assertThat(rate).isGreaterThanOrEqualTo(rate(fisher, level, share));
        most = Math.max(most, rate);
        mostOfFisher = Math.max(mostOfFisher, rate(fisher, level, share));
      }
      assertThat(most).isGreaterThan(1.1 * mostOfFisher).isGreaterThan(0.8 * level);
    }
  }

  private static double rate(double[][] p, double level, double share) {
    BinomialDistribution first = new BinomialDistribution(p.length - 1, share);
    BinomialDistribution second = new BinomialDistribution(p[0].length - 1, share);
    double rate = 0;
    for (int x = 0; x < p.length; x++) {
      for (int y = 0; y < p[x].length; y++) {
        rate += p[x][y] <= level ? first.probability(x) * second.probability(y) : 0;
      }
    }
    return rate;
  }

  @Test
  void sharesThatAreEqualOrOfNobodyAreNoChange() {
    assertThat(BoschlooExact.of(10, 10, 20, 20)).isEqualTo(1);
    assertThat(BoschlooExact.of(0, 30, 0, 40)).isEqualTo(1);
    assertThat(BoschlooExact.of(0, 0, 3, 40)).isEqualTo(1);
    assertThat(BoschlooExact.of(0, 0, 0, 0)).isEqualTo(1);
  }

  @Test
  void sizesThatDifferByFarAreFine() {
    double p = BoschlooExact.of(20_000, 10_000, 5, 28);
    assertThat(p).isGreaterThan(0).isLessThan(FisherExact.of(20_000, 10_000, 5, 28));
  }

  @Test
  void whatIsNoCountIsRefused() {
    assertThatThrownBy(() -> BoschlooExact.of(-1, 2, 3, 4))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("-1");
    assertThatThrownBy(() -> BoschlooExact.of(1L << 30, 0, 0, 1))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("too many");
  }
}
