package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.monitoring.statistics.ChiSquare;
import dev.mlops4j.monitoring.statistics.FisherExact;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.monitoring.statistics.TestResult;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {

  private final Vectors vectors = Vectors.load();

  @Test
  void studentsTIsThatOfScipy() {
    for (JsonNode node : vectors.cases("student_t")) {
      double t = node.get("t").asDouble();
      double df = node.get("df").asDouble();
      Vectors.assertSame(node.toString(), StudentT.twoSided(t, df), node.get("p_two_sided"));
    }
  }

  @Test
  void kolmogorovSmirnovIsThatOfScipy() {
    for (JsonNode node : vectors.cases("numeric")) {
      double[] first = Vectors.doubles(node.get("reference"));
      double[] second = Vectors.doubles(node.get("current"));
      TestResult test = KolmogorovSmirnov.limit(NumericPair.of(first, second));
      JsonNode expected = node.get("expected").get("ks");
      String name = node.get("name").asText();
      Vectors.assertSame(name + " d", test.statistic(), expected.get("d"));
      Vectors.assertSame(name + " p", test.p(), expected.get("p_kolmogorov"));
    }
  }

  @Test
  void chiSquareAndFishersTestAreThoseOfScipy() {
    int fisher = 0;
    for (JsonNode node : vectors.cases("categorical")) {
      long[] first = Vectors.longs(node.get("reference"));
      long[] second = Vectors.longs(node.get("current"));
      JsonNode expected = node.get("expected");
      String name = node.get("name").asText();
      Vectors.assertSame(
          name,
          ChiSquare.of(CategoryPair.of(first, second)).p(),
          expected.get("chi2_contingency").get("p"));
      if (expected.has("fisher_exact")) {
        int[] kept =
            IntStream.range(0, first.length).filter(i -> first[i] + second[i] > 0).toArray();
        int yes = kept[0];
        int no = kept[1];
        Vectors.assertSame(
            name,
            FisherExact.of(first[yes], first[no], second[yes], second[no]),
            expected.get("fisher_exact"));
        fisher++;
      }
      if (expected.has("cohens_h")) {
        double n = Arrays.stream(first).sum();
        double m = Arrays.stream(second).sum();
        for (int i = 0; i < first.length; i++) {
          Vectors.assertSame(
              name, Shares.cohensH(first[i] / n, second[i] / m), expected.get("cohens_h").get(i));
        }
      }
    }
    assertThat(fisher).isPositive();
  }

  @Test
  void cohensHIsThatOfScipy() {
    for (JsonNode node : vectors.cases("cohens_h")) {
      Vectors.assertSame(
          node.toString(),
          Shares.cohensH(node.get("from").asDouble(), node.get("to").asDouble()),
          node.get("h"));
    }
  }

  @Test
  void adjustmentsForManyTestsAreThoseOfScipy() {
    for (JsonNode node : vectors.cases("adjustment")) {
      double[] p = Vectors.doubles(node.get("p"));
      String name = node.get("name").asText();
      Vectors.assertSame(name, ManyTests.simes(p), node.get("simes"));
      double[] q = ManyTests.benjaminiHochberg(p);
      for (int i = 0; i < p.length; i++) {
        Vectors.assertSame(name + " " + i, q[i], node.get("benjamini_hochberg").get(i));
      }
    }
  }

  @Test
  void nothingToTestIsNoEvidence() {
    assertThat(ManyTests.simes(new double[0])).isEqualTo(1);
    assertThat(ManyTests.benjaminiHochberg(new double[0])).isEmpty();
    assertThat(StudentT.twoSided(Double.POSITIVE_INFINITY, 5)).isZero();
  }

  @Test
  void theTestBetweenPeriodsIsThatOfThePrototype() {
    for (JsonNode node : vectors.cases("weekly")) {
      double[] values = Vectors.doubles(node.get("values"));
      double[] noise = Vectors.doubles(node.get("noise"));
      long[] reference = Vectors.longs(node.get("reference_weeks"));
      long[] window = Vectors.longs(node.get("window_weeks"));
      PeriodTest test =
          PeriodTest.of(
              reference,
              at(values, reference),
              at(noise, reference),
              at(values, window),
              at(noise, window));
      JsonNode expected = node.get("expected");
      String name = node.get("name").asText();
      Vectors.assertSame(name + " effect", test.effect(), expected.get("effect"));
      Vectors.assertSame(name + " t", test.t(), expected.get("t"));
      Vectors.assertSame(name + " df", test.df(), expected.get("df"));
      Vectors.assertSame(name + " p", test.p(), expected.get("p"));
      Vectors.assertSame(name + " rho", test.rho(), expected.get("rho"));
    }
  }

  private static double[] at(double[] values, long[] positions) {
    return Arrays.stream(positions).mapToDouble(i -> values[(int) i]).toArray();
  }

  @Test
  void simesWithWeightsGivesTheSmallestPValuesWhatTheirWeightsAddUpTo() {
    double[] p = {0.03, 0.2, 0.012};
    assertThat(ManyTests.simes(p, new double[] {4, 4, 1}))
        .isCloseTo(Math.min(Math.min(0.012 * 9, 0.03 * 9 / 5), 0.2), within(1e-15));
    assertThat(ManyTests.simes(p, new double[] {2, 2, 2}))
        .isCloseTo(ManyTests.simes(p), within(1e-15));
    assertThat(ManyTests.simes(new double[] {0.04}, new double[] {4})).isEqualTo(0.04);
    assertThat(ManyTests.simes(new double[0], new double[0])).isEqualTo(1);
  }
}
