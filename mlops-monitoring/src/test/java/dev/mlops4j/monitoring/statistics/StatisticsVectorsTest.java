package dev.mlops4j.monitoring.statistics;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;

/** What scipy and Evidently say; src/test/python/make_statistics_vectors.py wrote it down. */
class StatisticsVectorsTest {

  private static final double RELATIVE = 1e-9;

  private static final JsonNode ROOT = read();

  @Test
  void kolmogorovSmirnovIsThatOfScipy() {
    int exact = 0;
    for (JsonNode node : cases("numeric")) {
      JsonNode expected = node.get("expected").get("ks");
      NumericPair pair = numbers(node);
      same(node, KolmogorovSmirnov.distance(pair), expected.get("distance"));
      same(node, KolmogorovSmirnov.limit(pair).p(), expected.get("limit"));
      if (expected.has("exact")) {
        same(node, KolmogorovSmirnov.exact(pair).p(), expected.get("exact"));
        exact++;
      }
    }
    assertThat(exact).isGreaterThan(10);
  }

  @Test
  void theWassersteinDistanceIsThatOfScipyAndEvidently() {
    for (JsonNode node : cases("numeric")) {
      JsonNode expected = node.get("expected");
      NumericPair pair = numbers(node);
      same(node, Wasserstein.distance(pair), expected.get("wasserstein"));
      if (expected.has("wasserstein_evidently")) {
        same(node, Wasserstein.inDeviations(pair), expected.get("wasserstein_evidently"));
      }
    }
  }

  @Test
  void cramerVonMisesAndersonDarlingAndMannWhitneyAreThoseOfScipy() {
    for (JsonNode node : cases("numeric")) {
      JsonNode expected = node.get("expected");
      NumericPair pair = numbers(node);
      if (expected.has("cramer_von_mises")) {
        same(node, CramerVonMises.of(pair), expected.get("cramer_von_mises"));
      }
      if (expected.has("anderson_darling")) {
        same(node, AndersonDarling.of(pair), expected.get("anderson_darling"));
      }
      if (expected.has("mann_whitney")) {
        JsonNode mannWhitney = expected.get("mann_whitney");
        same(node, MannWhitney.of(pair).statistic(), mannWhitney.get("probability"));
        same(node, MannWhitney.of(pair).p(), mannWhitney.get("p"));
      }
    }
  }

  @Test
  void binsOfEqualWidthAreThoseOfNumpyAndWhatComesOfThemThatOfEvidently() {
    int evidently = 0;
    for (JsonNode node : cases("numeric")) {
      JsonNode expected = node.get("expected");
      CategoryPair pair = numbers(node).inSturgesBins();
      long[] reference = new long[pair.size()];
      long[] current = new long[pair.size()];
      for (int i = 0; i < pair.size(); i++) {
        reference[i] = pair.referenceCount(i);
        current[i] = pair.currentCount(i);
      }
      String name = node.get("name").asText();
      assertThat(reference).as(name).isEqualTo(longs(expected.get("sturges").get("reference")));
      assertThat(current).as(name).isEqualTo(longs(expected.get("sturges").get("current")));
      if (expected.has("evidently_binned")) {
        sameAsEvidently(node, pair, expected.get("evidently_binned"));
        evidently++;
      }
    }
    assertThat(evidently).isGreaterThan(5);
  }

  @Test
  void divergencesAreThoseOfScipyAndEvidently() {
    int evidently = 0;
    for (JsonNode node : cases("categorical")) {
      JsonNode expected = node.get("expected");
      CategoryPair pair = categories(node);
      same(node, PopulationStabilityIndex.of(pair), expected.get("psi"));
      same(node, KullbackLeibler.of(pair), expected.get("kullback_leibler"));
      same(node, JensenShannon.distance(pair), expected.get("jensen_shannon"));
      same(node, JensenShannon.distanceInBits(pair), expected.get("jensen_shannon_bits"));
      same(node, Hellinger.distance(pair), expected.get("hellinger"));
      same(node, TotalVariation.distance(pair), expected.get("total_variation"));
      if (expected.has("evidently")) {
        CategoryPair there = pair.withRareTogether(0); // leaves out what is in neither sample
        sameAsEvidently(node, there, expected.get("evidently"));
        same(node, Hellinger.distance(pair), expected.get("evidently").get("hellinger"));
        evidently++;
      }
    }
    assertThat(evidently).isGreaterThan(5);
  }

  @Test
  void testsOfCategoriesAreThoseOfScipyAndEvidently() {
    int shares = 0;
    for (JsonNode node : cases("categorical")) {
      JsonNode expected = node.get("expected");
      CategoryPair pair = categories(node);
      same(node, ChiSquare.of(pair), expected.get("chi_square"));
      same(node, GTest.of(pair), expected.get("g"));
      if (expected.has("fisher")) {
        long[] first = longs(node.get("reference"));
        long[] second = longs(node.get("current"));
        same(
            node, FisherExact.of(first[0], first[1], second[0], second[1]), expected.get("fisher"));
        TestResult z = ShareTest.of(first[1], pair.referenceSize(), second[1], pair.currentSize());
        same(node, z, expected.get("z"));
        JsonNode ofEvidently = expected.get("z").get("p_evidently");
        if (ofEvidently != null) {
          // Evidently takes 1 - cdf, which has no more than 16 digits behind the point.
          assertThat(z.p()).isCloseTo(number(ofEvidently), Offset.offset(1e-15));
        }
        shares++;
      }
    }
    assertThat(shares).isGreaterThan(3);
  }

  @Test
  void tailsHaveAllTheirDigitsDownTo1em300() {
    for (JsonNode node : ROOT.get("tails").get("chi_square")) {
      same(node, Tails.chiSquare(at(node, "x"), at(node, "df")), node.get("p"));
    }
    for (JsonNode node : ROOT.get("tails").get("normal")) {
      same(node, Tails.normalTwoSided(at(node, "z")), node.get("p"));
    }
    for (JsonNode node : ROOT.get("tails").get("kolmogorov")) {
      same(node, Kolmogorov.survival(at(node, "x")), node.get("p"));
    }
    for (JsonNode node : ROOT.get("tails").get("cramer_von_mises")) {
      same(node, CramerVonMisesLimit.survival(at(node, "x")), node.get("p"));
    }
  }

  private static void sameAsEvidently(JsonNode node, CategoryPair pair, JsonNode expected) {
    double empty = PopulationStabilityIndex.EMPTY_SHARE;
    same(node, PopulationStabilityIndex.of(pair, empty), expected.get("psi"));
    same(node, KullbackLeibler.of(pair, empty), expected.get("kullback_leibler"));
    same(node, JensenShannon.distance(pair), expected.get("jensen_shannon"));
  }

  private static void same(JsonNode node, TestResult actual, JsonNode expected) {
    same(node, actual.statistic(), expected.get("statistic"));
    same(node, actual.p(), expected.get("p"));
  }

  private static void same(JsonNode node, double actual, JsonNode expected) {
    double value = number(expected);
    String what = node.has("name") ? node.get("name").asText() : node.toString();
    if (Double.isInfinite(value)) {
      assertThat(actual).as(what).isEqualTo(value);
      return;
    }
    // 1e-300 is where the digits of a double begin to go.
    double offset = Math.max(1e-300, RELATIVE * Math.abs(value));
    assertThat(actual).as(what).isCloseTo(value, Offset.offset(offset));
  }

  private static double at(JsonNode node, String name) {
    return node.get(name).asDouble();
  }

  private static double number(JsonNode node) {
    return node.asText().equals("inf") ? Double.POSITIVE_INFINITY : node.asDouble();
  }

  private static NumericPair numbers(JsonNode node) {
    return NumericPair.of(doubles(node.get("reference")), doubles(node.get("current")));
  }

  private static CategoryPair categories(JsonNode node) {
    return CategoryPair.of(longs(node.get("reference")), longs(node.get("current")));
  }

  private static double[] doubles(JsonNode array) {
    return stream(array).stream().mapToDouble(JsonNode::asDouble).toArray();
  }

  private static long[] longs(JsonNode array) {
    return stream(array).stream().mapToLong(JsonNode::asLong).toArray();
  }

  private static List<JsonNode> cases(String name) {
    return stream(ROOT.get(name));
  }

  private static List<JsonNode> stream(JsonNode array) {
    return StreamSupport.stream(array.spliterator(), false).toList();
  }

  private static JsonNode read() {
    try (InputStream in =
        StatisticsVectorsTest.class.getResourceAsStream("statistics_vectors.json")) {
      return new ObjectMapper().readTree(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
