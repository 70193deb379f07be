package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import java.time.Duration;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * A value computed over the events of a key within a window: {@code
 * mean("departure_delay").over(Duration.ofHours(3))}.
 *
 * <p>At t, the window of length w holds the visible events whose event time lies in {@code (t - w,
 * t]}. The value depends on that set of events alone, to the bit: sums are exact and rounded once,
 * however the events arrived. Nulls are skipped by sum, mean, min and max; NaN is a value and makes
 * them NaN. What has nothing to be computed of is null, a count of nothing 0.
 *
 * @param function what is computed
 * @param column the column it is computed of, or null for a count of events
 * @param window the length of the window, positive, of whole microseconds
 */
public record Aggregation(Function function, @Nullable String column, Duration window) {

  /** What is computed over a window. */
  public enum Function {
    /** How many events there are, those with nulls included: INT64. */
    COUNT,
    /** The sum: FLOAT64. */
    SUM,
    /** The sum divided by the number of values: FLOAT64. */
    MEAN,
    /** The least value: FLOAT64. */
    MIN,
    /** The greatest value: FLOAT64. */
    MAX,
    /** The value of the latest event, null if it is null there: the column's type. */
    LAST
  }

  /**
   * Checks the window and that there is a column where one is needed.
   *
   * @throws FeatureDefinitionException if the window is not positive or not of whole microseconds,
   *     or the column is missing
   */
  public Aggregation {
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
    return new Windowless(Function.COUNT, null);
  }

  /** The sum of a numeric or BOOLEAN column. */
  public static Windowless sum(String column) {
    return new Windowless(Function.SUM, column);
  }

  /** The mean of a numeric or BOOLEAN column. */
  public static Windowless mean(String column) {
    return new Windowless(Function.MEAN, column);
  }

  /** The least value of a numeric or BOOLEAN column. */
  public static Windowless min(String column) {
    return new Windowless(Function.MIN, column);
  }

  /** The greatest value of a numeric or BOOLEAN column. */
  public static Windowless max(String column) {
    return new Windowless(Function.MAX, column);
  }

  /** The value of the latest event in a column of any type. */
  public static Windowless last(String column) {
    return new Windowless(Function.LAST, column);
  }

  /** The type of the value, given the column's. */
  ColumnType type(@Nullable ColumnType columnType) {
    return switch (function) {
      case COUNT -> ColumnType.INT64;
      case LAST -> columnType == null ? ColumnType.FLOAT64 : columnType;
      default -> ColumnType.FLOAT64;
    };
  }

  /** As in {@code mean(departure_delay) over PT3H}. */
  @Override
  public String toString() {
    return function.name().toLowerCase(Locale.ROOT)
        + "("
        + (column == null ? "" : column)
        + ") over "
        + window;
  }

  /** A function of a column that still needs its window. */
  public static final class Windowless {

    private final Function function;
    private final @Nullable String column;

    private Windowless(Function function, @Nullable String column) {
      this.function = function;
      this.column = column;
    }

    /**
     * Over a window of this length.
     *
     * @throws FeatureDefinitionException if it is not positive or not of whole microseconds
     */
    public Aggregation over(Duration window) {
      return new Aggregation(function, column, window);
    }
  }
}
