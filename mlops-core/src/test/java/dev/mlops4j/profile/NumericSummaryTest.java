package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

class NumericSummaryTest {

  /** What rounding may add to the stated error of a bin. */
  private static final double RELATIVE_ERROR = 0.01 + 1e-12;

  /** Exact fractions and numpy; make_profile_vectors.py beside the vectors made them. */
  @TestFactory
  Stream<DynamicTest> agreesWithExactFractionsAndNumpy() throws IOException {
    try (InputStream in =
        Objects.requireNonNull(
            NumericSummaryTest.class.getResourceAsStream("profile_vectors.json"))) {
      JsonNode cases = new ObjectMapper().readTree(in).get("cases");
      assertThat(cases).hasSizeGreaterThan(10);
      return StreamSupport.stream(cases.spliterator(), false)
          .map(vector -> DynamicTest.dynamicTest(vector.get("name").asText(), () -> check(vector)));
    }
  }

  private static void check(JsonNode vector) {
    double[] values =
        StreamSupport.stream(vector.get("values").spliterator(), false)
            .mapToDouble(JsonNode::asDouble)
            .toArray();
    NumericSummary summary = summary(values);
    assertThat(summary.finite()).isEqualTo(values.length);
    assertThat(summary.sum()).isEqualTo(number(vector.get("sum")));
    assertThat(summary.mean()).isEqualTo(number(vector.get("mean")));
    if (vector.get("variance").isNull()) {
      assertThat(summary.variance()).isNaN();
    } else {
      assertThat(summary.variance()).isEqualTo(number(vector.get("variance")));
    }
    assertThat(summary.min()).isEqualTo(vector.get("min").asDouble());
    assertThat(summary.max()).isEqualTo(vector.get("max").asDouble());
    int distinct = vector.get("distinct").asInt();
    if (distinct <= 64) {
      assertThat(summary.distinct()).isEqualTo(distinct);
      assertThat(summary.values().orElseThrow()).hasSize(distinct);
    } else {
      assertThat(summary.values()).isEmpty();
      assertThat((double) summary.distinct()).isCloseTo(distinct, within(distinct * 0.1));
    }
    vector
        .get("quantiles")
        .properties()
        .forEach(
            quantile -> {
              double expected = quantile.getValue().asDouble();
              double tolerance = distinct <= 64 ? 0 : Math.abs(expected) * RELATIVE_ERROR;
              assertThat(summary.quantile(Double.parseDouble(quantile.getKey())))
                  .as("quantile %s", quantile.getKey())
                  .isCloseTo(expected, within(tolerance));
            });
  }

  @Test
  void quantilesAreWithinOnePercentWhateverTheDistribution() {
    Random random = new Random(5);
    for (int repetition = 0; repetition < 30; repetition++) {
      double scale = Math.pow(10, random.nextInt(40) - 20);
      double shift = random.nextInt(3) - 1;
      double[] values =
          random
              .doubles(2_000)
              .map(u -> scale * (shift - Math.log(u) * (u < 0.3 ? -1 : 1)))
              .toArray();
      NumericSummary summary = summary(values);
      Arrays.sort(values);
      for (double q = 0; q <= 1; q += 1 / 256.0) {
        double expected = values[(int) (q * (values.length - 1))];
        assertThat(summary.quantile(q))
            .isCloseTo(expected, within(Math.abs(expected) * RELATIVE_ERROR));
      }
    }
  }

  @Test
  void whatIsNotFiniteIsCountedApartAndMissingIsNotANumber() {
    Schema schema = Schema.builder().optional("x", ColumnType.FLOAT64).build();
    Dataset dataset =
        Dataset.builder(schema)
            .add(1.0)
            .add(Double.NaN)
            .add(Double.POSITIVE_INFINITY)
            .add(Double.POSITIVE_INFINITY)
            .add(Double.NEGATIVE_INFINITY)
            .add((Object) null)
            .add(3.0)
            .build();
    ColumnProfile column = DatasetProfile.of(dataset).column("x");
    assertThat(column.count()).isEqualTo(7);
    assertThat(column.missing()).isEqualTo(1);
    assertThat(column.missingShare()).isEqualTo(1 / 7.0);
    NumericSummary numbers = column.numbers().orElseThrow();
    assertThat(numbers.count()).isEqualTo(6);
    assertThat(numbers.finite()).isEqualTo(2);
    assertThat(numbers.nan()).isEqualTo(1);
    assertThat(numbers.positiveInfinite()).isEqualTo(2);
    assertThat(numbers.negativeInfinite()).isEqualTo(1);
    assertThat(numbers.mean()).isEqualTo(2);
    assertThat(numbers.variance()).isEqualTo(2);
    assertThat(numbers.max()).isEqualTo(3);
    assertThat(numbers.distinct()).isEqualTo(2);
  }

  @Test
  void withoutNumbersEverythingButTheCountsIsNotDefined() {
    NumericSummary nothing = summary();
    assertThat(nothing.finite()).isZero();
    assertThat(nothing.sum()).isZero();
    assertThat(nothing.distinct()).isZero();
    assertThat(nothing.bins()).isEmpty();
    assertThat(
            DoubleStream.of(
                nothing.min(),
                nothing.max(),
                nothing.mean(),
                nothing.variance(),
                nothing.standardDeviation(),
                nothing.quantile(0.5),
                nothing.shareAtMost(0)))
        .allSatisfy(value -> assertThat(value).isNaN());
  }

  @Test
  void fewValuesAreCountedExactlyAndSharesAreExact() {
    NumericSummary summary = summary(2, 1, 2, 0.0, -0.0, 2);
    assertThat(summary.values().orElseThrow())
        .containsExactlyEntriesOf(new TreeMap<>(Map.of(0.0, 2L, 1.0, 1L, 2.0, 3L)));
    assertThat(summary.shareAtMost(-1)).isZero();
    assertThat(summary.shareAtMost(0)).isEqualTo(2 / 6.0);
    assertThat(summary.shareAtMost(1.9)).isEqualTo(3 / 6.0);
    assertThat(summary.shareAtMost(Double.POSITIVE_INFINITY)).isEqualTo(1);
  }

  @Test
  void sharesOfManyValuesLieBetweenTheSharesOfTwoPercentAround() {
    Random random = new Random(6);
    double[] values = random.doubles(5_000).map(u -> 100 * (u - 0.5)).toArray();
    NumericSummary summary = summary(values);
    for (double x = -49; x < 49; x += 0.37) {
      double at = x;
      double exact = Arrays.stream(values).filter(v -> v <= at).count() / 5_000.0;
      double beyond =
          Arrays.stream(values).filter(v -> v <= at + Math.abs(at) * 0.0203).count() / 5_000.0;
      assertThat(summary.shareAtMost(x)).isBetween(exact, beyond);
    }
  }

  @Test
  void binsOfTwoSummariesAreTheSameBins() {
    Random random = new Random(7);
    NumericSummary a = summary(random.doubles(1_000, 1, 3).toArray());
    NumericSummary b = summary(random.doubles(1_000, 1, 3).toArray());
    assertThat(a.bins().keySet()).isEqualTo(b.bins().keySet());
    assertThat(a.bins().values().stream().mapToLong(Long::longValue).sum()).isEqualTo(1_000);
  }

  @Test
  void aQuantileBeyondZeroToOneIsRefused() {
    assertThatThrownBy(() -> summary(1).quantile(1.5))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a quantile is asked for q from 0 to 1, found 1.5");
    assertThatThrownBy(() -> summary(1).quantile(Double.NaN))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void integersAndBooleansAreNumbers() {
    Schema schema =
        Schema.builder()
            .required("hour", ColumnType.INT64)
            .optional("late", ColumnType.BOOLEAN)
            .build();
    DatasetProfile profile =
        DatasetProfile.of(
            Dataset.builder(schema).add(5, true).add(7, false).add(6, true).add(6, null).build());
    assertThat(profile.numbers("hour").mean()).isEqualTo(6);
    assertThat(profile.numbers("late").mean()).isEqualTo(2 / 3.0);
    assertThat(profile.categories("late").counts())
        .containsExactlyEntriesOf(new TreeMap<>(Map.of("false", 1L, "true", 2L)));
    assertThat(profile.categories("late").count()).isEqualTo(3);
  }

  static NumericSummary summary(double... values) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("x", ColumnType.FLOAT64).build());
    for (double value : values) {
      builder.setDouble(0, value).endRow();
    }
    return DatasetProfile.of(builder.build()).numbers("x");
  }

  private static double number(JsonNode node) {
    return node.isTextual() ? Double.parseDouble(node.asText()) : node.asDouble();
  }
}
