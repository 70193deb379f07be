package dev.mlops4j.feature;

import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Which events a window takes, by the value of one column: {@code count().where(greater("delay",
 * 15)).over(...)}. A null fulfils no condition, not even {@code notEqual}; a NaN none but {@code
 * notEqual}. Numbers are compared by value, text by Unicode code points.
 *
 * @param column a column of the view, which events carry
 * @param comparison how the value is compared
 * @param operands what with: one value, of {@link Comparison#ONE_OF} one or more; String, Boolean,
 *     Long, Double or {@link Instant}, all of one kind; of a sensitive column they are part of the
 *     definition that is stored
 */
public record Condition(String column, Comparison comparison, List<Object> operands) {

  /** How a value is compared with the operand. */
  public enum Comparison {
    /** Is the operand. */
    EQUAL("="),
    /** Is another value than the operand. */
    NOT_EQUAL("!="),
    /** Is less than the operand. */
    LESS("<"),
    /** Is the operand or less. */
    AT_MOST("<="),
    /** Is greater than the operand. */
    GREATER(">"),
    /** Is the operand or greater. */
    AT_LEAST(">="),
    /** Is one of the operands. */
    ONE_OF("in");

    private final String sign;

    Comparison(String sign) {
      this.sign = sign;
    }
  }

  /**
   * Checks the operands.
   *
   * @throws FeatureDefinitionException if there is none, more than one where one is compared, or
   *     one of a type that no column has
   */
  public Condition {
    operands = operands.stream().map(Condition::widened).toList();
    if (operands.isEmpty() || (comparison != Comparison.ONE_OF && operands.size() != 1)) {
      throw new FeatureDefinitionException(
          "a condition compares column \""
              + column
              + "\" with one value, or with one or more by oneOf, found "
              + operands.size());
    }
    if (operands.stream().map(Condition::kind).distinct().count() > 1) {
      throw new FeatureDefinitionException(
          "the values that column \"" + column + "\" is compared with are of different types");
    }
    if (operands.get(0) instanceof Boolean && isOrdering(comparison)) {
      throw new FeatureDefinitionException(
          "truth values have no order, found " + comparison.sign + " for \"" + column + "\"");
    }
  }

  /** That the column is this value. */
  public static Condition equal(String column, Object value) {
    return new Condition(column, Comparison.EQUAL, List.of(value));
  }

  /** That the column is another value than this. */
  public static Condition notEqual(String column, Object value) {
    return new Condition(column, Comparison.NOT_EQUAL, List.of(value));
  }

  /** That the column is less than this. */
  public static Condition less(String column, Object value) {
    return new Condition(column, Comparison.LESS, List.of(value));
  }

  /** That the column is this or less. */
  public static Condition atMost(String column, Object value) {
    return new Condition(column, Comparison.AT_MOST, List.of(value));
  }

  /** That the column is greater than this. */
  public static Condition greater(String column, Object value) {
    return new Condition(column, Comparison.GREATER, List.of(value));
  }

  /** That the column is this or greater. */
  public static Condition atLeast(String column, Object value) {
    return new Condition(column, Comparison.AT_LEAST, List.of(value));
  }

  /** That the column is one of these. */
  public static Condition oneOf(String column, Object... values) {
    return new Condition(column, Comparison.ONE_OF, List.of(values));
  }

  /** Whether this value of the column fulfils the condition. */
  boolean test(@Nullable Object value) {
    if (value == null) {
      return false;
    }
    return switch (comparison) {
      case EQUAL -> isEqual(value, operands.get(0));
      case NOT_EQUAL -> !isEqual(value, operands.get(0));
      case ONE_OF -> operands.stream().anyMatch(operand -> isEqual(value, operand));
      case LESS -> isOrdered(value) && compare(value, operands.get(0)) < 0;
      case AT_MOST -> isOrdered(value) && compare(value, operands.get(0)) <= 0;
      case GREATER -> isOrdered(value) && compare(value, operands.get(0)) > 0;
      case AT_LEAST -> isOrdered(value) && compare(value, operands.get(0)) >= 0;
    };
  }

  /** The kind of value that the operands are: what the column must hold. */
  String kind() {
    return kind(operands.get(0));
  }

  private static boolean isOrdering(Comparison comparison) {
    return switch (comparison) {
      case EQUAL, NOT_EQUAL, ONE_OF -> false;
      case LESS, AT_MOST, GREATER, AT_LEAST -> true;
    };
  }

  private static boolean isEqual(Object value, Object operand) {
    return isOrdered(value) && compare(value, operand) == 0;
  }

  private static boolean isOrdered(Object value) {
    return !(value instanceof Double number && number.isNaN());
  }

  private static int compare(Object value, Object operand) {
    if (value instanceof Long one && operand instanceof Long other) {
      return Long.compare(one, other);
    }
    if (value instanceof Number one && operand instanceof Number other) {
      // 0.0 turns -0.0 into itself, so that the two are equal, as numbers are.
      return Double.compare(one.doubleValue() + 0.0, other.doubleValue() + 0.0);
    }
    if (value instanceof Instant one && operand instanceof Instant other) {
      return one.compareTo(other);
    }
    if (value instanceof Boolean one && operand instanceof Boolean other) {
      return Boolean.compare(one, other);
    }
    return FeatureEvent.compareText((String) value, (String) operand);
  }

  private static Object widened(Object operand) {
    Object wide = operand;
    if (operand instanceof Integer || operand instanceof Short || operand instanceof Byte) {
      wide = ((Number) operand).longValue();
    } else if (operand instanceof Float number) {
      wide = number.doubleValue();
    } else if (operand instanceof Enum<?> constant) {
      wide = constant.name();
    }
    if (wide instanceof Double number && number.isNaN()) {
      throw new FeatureDefinitionException("nothing is compared with NaN; leave such events out");
    }
    kind(wide);
    return wide;
  }

  private static String kind(Object operand) {
    if (operand instanceof Number) {
      return "number";
    }
    if (operand instanceof String || operand instanceof Boolean || operand instanceof Instant) {
      return operand.getClass().getSimpleName().toLowerCase(Locale.ROOT);
    }
    throw new FeatureDefinitionException(
        "a column is compared with a String, Boolean, number or Instant, found a "
            + operand.getClass().getName());
  }

  /** The condition as it stands in a definition, as in {@code "delay" > 15}. */
  @Override
  public String toString() {
    return ViewDefinition.quoted(column)
        + " "
        + comparison.sign
        + " "
        + operands.stream()
            .map(
                value ->
                    value instanceof String text ? ViewDefinition.quoted(text) : value.toString())
            .collect(Collectors.joining(", "));
  }
}
