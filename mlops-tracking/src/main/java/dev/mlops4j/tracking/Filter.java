package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/**
 * Which runs a search finds: a condition on a run, made with the methods of {@link SearchField} or
 * read from text. Immutable.
 *
 * <pre>{@code
 * Filter one = metric("auc").greaterThan(0.8).and(param("depth").is("6"));
 * Filter same = Filter.parse("metrics.auc > 0.8 and params.depth = '6'");
 * }</pre>
 *
 * <p>A condition holds for a run or it does not; there is no third value. A comparison with what
 * the run does not have does not hold, that with {@code !=}, {@code NOT IN} or {@code NOT LIKE}
 * included; {@link #not} turns round whatever the condition gave, so it holds for such a run.
 *
 * <p>The {@code toString} is text that {@link #parse} reads as an equal filter.
 *
 * <p>What a filter may be is bounded, so that no input can exhaust a stack or a statement: {@link
 * #MAX_DEPTH}, {@link #MAX_CONDITIONS}, {@link #MAX_VALUES}; beyond, whatever would make it throws
 * an {@link IllegalArgumentException}.
 */
public sealed interface Filter {

  /** How deep conditions may stand within each other. */
  int MAX_DEPTH = 40;

  /** How many comparisons a filter may have. */
  int MAX_CONDITIONS = 200;

  /** How many texts a filter may compare with. */
  int MAX_VALUES = 5_000;

  /** How long the pattern of a LIKE may be, in characters. */
  int MAX_PATTERN_LENGTH = 1_000;

  /**
   * Reads the text language: MLflow's, with OR, NOT and parentheses. See docs/tracking.md.
   *
   * @throws SearchSyntaxException if the text is no filter; it points at the column
   */
  static Filter parse(String text) {
    return new SearchParser(text).filter();
  }

  /** Has the visitor see which of the records it is. */
  <R> R accept(Visitor<R> visitor);

  /** Both hold. */
  default Filter and(Filter other) {
    return new And(appended(this instanceof And and ? and.parts() : List.of(this), other));
  }

  /** One of them holds, or both. */
  default Filter or(Filter other) {
    return new Or(appended(this instanceof Or or ? or.parts() : List.of(this), other));
  }

  /** It does not hold. */
  default Filter not() {
    return new Not(this);
  }

  private static List<Filter> appended(List<Filter> parts, Filter other) {
    List<Filter> all = new ArrayList<>(parts);
    all.add(other);
    return all;
  }

  /**
   * A metric's latest value beside a number. NaN is equal to itself alone.
   *
   * @param field the metric
   * @param operator how they are compared
   * @param value with what; -0.0 is taken as 0.0
   */
  record MetricComparison(MetricField field, Operator operator, double value) implements Filter {

    /**
     * Checks the value.
     *
     * @throws IllegalArgumentException if it is NaN and the operator asks for an order
     */
    public MetricComparison {
      if (Double.isNaN(value) && operator.isOrder()) {
        throw new IllegalArgumentException(
            "NaN is neither less nor greater than anything; " + field + " takes = NaN or != NaN");
      }
      value = value == 0 ? 0.0 : value;
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.metric(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * A time beside another.
   *
   * @param field which of the run's
   * @param operator how they are compared
   * @param value with what; cut to microseconds
   */
  record TimeComparison(TimeField field, Operator operator, Instant value) implements Filter {

    /**
     * Cuts the time to microseconds.
     *
     * @throws IllegalArgumentException if it is more than 292,000 years from 1970
     */
    public TimeComparison {
      try {
        value = Timestamps.fromMicros(Timestamps.toMicros(value));
      } catch (ArithmeticException e) {
        throw new IllegalArgumentException(
            value + " is more than 292,000 years from 1970, and no run's " + field, e);
      }
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.time(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * A text is one of several, or of one.
   *
   * @param field which text
   * @param values the texts, one at least
   * @param negated whether it is none of them instead
   */
  record OneOf(TextField field, List<String> values, boolean negated) implements Filter {

    /**
     * Checks the values.
     *
     * @throws IllegalArgumentException if there are none or more than {@link Filter#MAX_VALUES},
     *     one has half of a surrogate pair, or a status is none
     */
    public OneOf {
      values = List.copyOf(values);
      FilterSize.checkValues(field, values);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.oneOf(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * A text is of a form.
   *
   * @param field which text
   * @param pattern see {@link TextField#like}
   * @param caseSensitive whether A to Z differ from a to z; all other letters always do
   * @param negated whether it is not of the form instead
   */
  record Like(TextField field, String pattern, boolean caseSensitive, boolean negated)
      implements Filter {

    /**
     * Checks the pattern.
     *
     * @throws IllegalArgumentException if it is longer than {@link Filter#MAX_PATTERN_LENGTH}, has
     *     the character U+0000 or half of a surrogate pair, or a backslash before anything but
     *     {@code %}, {@code _} and a backslash
     */
    public Like {
      LikePattern.parse(pattern);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.like(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * The run has none of something. A metric that is NaN is there.
   *
   * @param field what
   * @param negated whether the run has one instead
   */
  record NullTest(SearchField field, boolean negated) implements Filter {

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.nullTest(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * All of them hold.
   *
   * @param parts two or more
   */
  record And(List<Filter> parts) implements Filter {

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if there are less than two, or too many in all
     */
    public And {
      parts = List.copyOf(parts);
      FilterSize.checkParts(parts);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.and(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * One of them holds, or several do.
   *
   * @param parts two or more
   */
  record Or(List<Filter> parts) implements Filter {

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if there are less than two, or too many in all
     */
    public Or {
      parts = List.copyOf(parts);
      FilterSize.checkParts(parts);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.or(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * It does not hold.
   *
   * @param part what
   */
  record Not(Filter part) implements Filter {

    /**
     * Checks the size.
     *
     * @throws IllegalArgumentException if conditions stand too deep within each other
     */
    public Not {
      FilterSize.checkAround(part);
    }

    @Override
    public <R> R accept(Visitor<R> visitor) {
      return visitor.not(this);
    }

    @Override
    public String toString() {
      return FilterText.of(this);
    }
  }

  /**
   * Sees a filter; for whoever translates or evaluates one.
   *
   * @param <R> what it makes of it
   */
  interface Visitor<R> {
    /** A metric beside a number. */
    R metric(MetricComparison comparison);

    /** A time beside another. */
    R time(TimeComparison comparison);

    /** A text among others. */
    R oneOf(OneOf condition);

    /** A text and a form. */
    R like(Like condition);

    /** Presence or absence. */
    R nullTest(NullTest test);

    /** All of several. */
    R and(And and);

    /** One or more of several. */
    R or(Or or);

    /** The opposite. */
    R not(Not not);
  }
}
