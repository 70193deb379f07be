package dev.mlops4j.feature;

import static dev.mlops4j.feature.Condition.atLeast;
import static dev.mlops4j.feature.Condition.atMost;
import static dev.mlops4j.feature.Condition.equal;
import static dev.mlops4j.feature.Condition.greater;
import static dev.mlops4j.feature.Condition.less;
import static dev.mlops4j.feature.Condition.notEqual;
import static dev.mlops4j.feature.Condition.oneOf;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class ConditionTest {

  private static final double INFINITY = Double.POSITIVE_INFINITY;
  private static final String EMOJI = "\uD83D\uDE00"; // of a greater code point than the next
  private static final String TILDE = "\uFF5E"; // though of a greater first char

  /** A value less than the operand, the operand, and a greater value, for each kind. */
  static Stream<Arguments> ordered() {
    return Stream.of(
        Arguments.of(-1.5, 2.0, 2.5),
        Arguments.of(-INFINITY, 0.0, INFINITY),
        Arguments.of(1L, 2L, 3L),
        Arguments.of(Long.MAX_VALUE - 1, Long.MAX_VALUE - 1 + 1L, null),
        Arguments.of(1.5, 2L, 2.5),
        Arguments.of("a", "b", "ba"),
        Arguments.of("", TILDE, EMOJI),
        Arguments.of(
            Instant.EPOCH.minusNanos(1_000), Instant.EPOCH, Instant.EPOCH.plusNanos(1_000)));
  }

  @ParameterizedTest
  @MethodSource("ordered")
  void everyComparisonHoldsWhereItsSignSays(Object lesser, Object operand, Object greater) {
    assertThat(of(equal("c", operand), lesser, operand, greater)).isEqualTo("-=-");
    assertThat(of(oneOf("c", operand), lesser, operand, greater)).isEqualTo("-=-");
    boolean three = greater != null;
    assertThat(of(notEqual("c", operand), lesser, operand, greater))
        .isEqualTo(three ? "=-=" : "=--");
    assertThat(of(less("c", operand), lesser, operand, greater)).isEqualTo("=--");
    assertThat(of(atMost("c", operand), lesser, operand, greater)).isEqualTo("==-");
    assertThat(of(greater("c", operand), lesser, operand, greater))
        .isEqualTo(three ? "--=" : "---");
    assertThat(of(atLeast("c", operand), lesser, operand, greater))
        .isEqualTo(three ? "-==" : "-=-");
  }

  @Test
  void negativeZeroIsZero() {
    for (List<Double> zeros : List.of(List.of(0.0, -0.0), List.of(-0.0, 0.0))) {
      Double value = zeros.get(0);
      Double operand = zeros.get(1);
      assertThat(equal("c", operand).test(value)).isTrue();
      assertThat(oneOf("c", 5.0, operand).test(value)).isTrue();
      assertThat(atMost("c", operand).test(value)).isTrue();
      assertThat(atLeast("c", operand).test(value)).isTrue();
      assertThat(notEqual("c", operand).test(value)).isFalse();
      assertThat(less("c", operand).test(value)).isFalse();
      assertThat(greater("c", operand).test(value)).isFalse();
    }
  }

  @Test
  void aNullFulfilsNothingAndANanOnlyNotEqual() {
    for (Condition condition : all()) {
      assertThat(condition.test(null)).as(condition.toString()).isFalse();
      assertThat(condition.test(Double.NaN))
          .as(condition.toString())
          .isEqualTo(condition.comparison() == Condition.Comparison.NOT_EQUAL);
    }
  }

  @Test
  void truthValuesAreEqualOrNotAndHaveNoOrder() {
    assertThat(equal("c", true).test(true)).isTrue();
    assertThat(notEqual("c", true).test(true)).isFalse();
    assertThat(notEqual("c", true).test(false)).isTrue();
    assertThat(oneOf("c", true, false).test(false)).isTrue();
    assertThatThrownBy(() -> less("c", true))
        .isInstanceOf(FeatureDefinitionException.class)
        .hasMessageContaining("truth values have no order");
  }

  private static List<Condition> all() {
    return List.of(
        equal("c", 1.0),
        notEqual("c", 1.0),
        less("c", INFINITY),
        atMost("c", INFINITY),
        greater("c", -INFINITY),
        atLeast("c", -INFINITY),
        oneOf("c", 1.0, 2.0));
  }

  /** Which of the values fulfil the condition. */
  private static String of(Condition condition, Object... values) {
    StringBuilder fulfilled = new StringBuilder();
    Arrays.stream(values).forEach(value -> fulfilled.append(condition.test(value) ? '=' : '-'));
    return fulfilled.toString();
  }
}
