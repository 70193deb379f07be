package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * A value computed over the events of a key within a window: {@code
 * mean("departure_delay").over(Duration.ofHours(3))}, {@code count().where(greater("delay",
 * 15)).over(Duration.ofDays(1))}.
 *
 * <p>At t, the window of length w holds the visible events whose event time lies in {@code (t - w,
 * t]}:
 *
 * <pre>
 *   event times   ──●────────○──────────●─────●──▶     ● in, ○ out
 *                            t - w            t         an event at t - w is out, one at t is in
 * </pre>
 *
 * <p>The value depends on that set of events alone, to the bit: sums are exact and rounded once,
 * however the events arrived. Nulls are skipped by all functions but count, first and last; NaN is
 * a value and makes sums, means, deviations and extremes NaN. What has nothing to be computed of is
 * null, a count of nothing 0.
 *
 * @param function what is computed
 * @param column the column it is computed of, or null for a count of events
 * @param conditions what an event must fulfil to be in the window: all of them
 * @param window the length of the window, positive, of whole microseconds
 */
public record Aggregation(
    Function function, @Nullable String column, List<Condition> conditions, Duration window) {

  /** What is computed over a window. */
  public enum Function {
    /** How many events there are, those with nulls included: INT64. */
    COUNT,
    /** How many different values there are; 0.0 and -0.0 are one, all NaNs are one: INT64. */
    DISTINCT_COUNT,
    /** The sum: FLOAT64. */
    SUM,
    /** The sum divided by the number of values: FLOAT64. */
    MEAN,
    /** The standard deviation of the sample, null for fewer than two values: FLOAT64. */
    STANDARD_DEVIATION,
    /** The least value: FLOAT64. */
    MIN,
    /** The greatest value: FLOAT64. */
    MAX,
    /** The value of the earliest event, null if it is null there: the column's type. */
    FIRST,
    /** The value of the latest event, null if it is null there: the column's type. */
    LAST;

    /** Whether the column must be one of numbers or truth values. */
    boolean isNumeric() {
      return switch (this) {
        case SUM, MEAN, STANDARD_DEVIATION, MIN, MAX -> true;
        case COUNT, DISTINCT_COUNT, FIRST, LAST -> false;
      };
    }

    boolean isCount() {
      return this == COUNT || this == DISTINCT_COUNT;
    }

    /** Whether it is made of the values one by one, not of their sums. */
    boolean isKeptByValue() {
      return switch (this) {
        case DISTINCT_COUNT, MIN, MAX, FIRST, LAST -> true;
        case COUNT, SUM, MEAN, STANDARD_DEVIATION -> false;
      };
    }
  }

  /**
   * Checks the window and that there is a column where one is needed.
   *
   * @throws FeatureDefinitionException if the window is not positive or not of whole microseconds,
   *     or the column is missing
   */
  public Aggregation {
    conditions = List.copyOf(conditions);
    if (window.isNegative() || window.isZero() || !Micros.isWhole(window)) {
      throw new FeatureDefinitionException(
          "a window is positive, of whole microseconds, found " + window);
    }
    if ((column == null) != (function == Function.COUNT)) {
      throw new FeatureDefinitionException(
          "count() takes no column and every other function one, found "
              + function
              + " of "
              + column);
    }
  }

  /** How many events there are. */
  public static Windowless count() {
    return new Windowless(Function.COUNT, null, List.of());
  }

  /** How many different values a column of any type but arrays has. */
  public static Windowless distinctCount(String column) {
    return new Windowless(Function.DISTINCT_COUNT, column, List.of());
  }

  /** The sum of a numeric or BOOLEAN column. */
  public static Windowless sum(String column) {
    return new Windowless(Function.SUM, column, List.of());
  }

  /** The mean of a numeric or BOOLEAN column. */
  public static Windowless mean(String column) {
    return new Windowless(Function.MEAN, column, List.of());
  }

  /** The standard deviation, of the sample, of a numeric or BOOLEAN column. */
  public static Windowless standardDeviation(String column) {
    return new Windowless(Function.STANDARD_DEVIATION, column, List.of());
  }

  /** The least value of a numeric or BOOLEAN column. */
  public static Windowless min(String column) {
    return new Windowless(Function.MIN, column, List.of());
  }

  /** The greatest value of a numeric or BOOLEAN column. */
  public static Windowless max(String column) {
    return new Windowless(Function.MAX, column, List.of());
  }

  /** The value of the earliest event in a column of any type. */
  public static Windowless first(String column) {
    return new Windowless(Function.FIRST, column, List.of());
  }

  /** The value of the latest event in a column of any type. */
  public static Windowless last(String column) {
    return new Windowless(Function.LAST, column, List.of());
  }

  /** The type of the value, given the column's. */
  ColumnType type(@Nullable ColumnType columnType) {
    return switch (function) {
      case COUNT, DISTINCT_COUNT -> ColumnType.INT64;
      case FIRST, LAST -> columnType == null ? ColumnType.FLOAT64 : columnType;
      case SUM, MEAN, STANDARD_DEVIATION, MIN, MAX -> ColumnType.FLOAT64;
    };
  }

  /** As in {@code mean(departure_delay) over PT3H}. */
  @Override
  public String toString() {
    return function.name().toLowerCase(Locale.ROOT)
        + "("
        + (column == null ? "" : column)
        + ")"
        + (conditions.isEmpty()
            ? ""
            : conditions.stream()
                .map(Condition::toString)
                .collect(Collectors.joining(" and ", " where ", "")))
        + " over "
        + window;
  }

  /** A function of a column that still needs its window. Immutable. */
  public static final class Windowless {

    private final Function function;
    private final @Nullable String column;
    private final List<Condition> conditions;

    private Windowless(Function function, @Nullable String column, List<Condition> conditions) {
      this.function = function;
      this.column = column;
      this.conditions = conditions;
    }

    /** Of the events that fulfil this condition, and those stated before. */
    public Windowless where(Condition condition) {
      List<Condition> all = new ArrayList<>(conditions);
      all.add(condition);
      return new Windowless(function, column, all);
    }

    /**
     * Over a window of this length.
     *
     * @throws FeatureDefinitionException if it is not positive or not of whole microseconds
     */
    public Aggregation over(Duration window) {
      return new Aggregation(function, column, conditions, window);
    }
  }
}
