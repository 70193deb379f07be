package dev.mlops4j.tracking;

/**
 * A metric of a run: the value of its latest point, the one with the greatest (step, time).
 *
 * <p>A run without the metric fulfils no comparison; NaN fulfils no order, is equal to itself and
 * different from every number.
 *
 * @param key the metric's name
 */
public record MetricField(String key) implements SearchField {

  /**
   * Checks the key.
   *
   * @throws InvalidNameException if no metric can have it
   */
  public MetricField {
    Names.checkName("metric", key);
  }

  /** Whether the run has the metric with this value; NaN is equal to itself. */
  public Filter is(double value) {
    return compare(Operator.EQUAL, value);
  }

  /** Whether the run has the metric with another value. */
  public Filter isNot(double value) {
    return compare(Operator.NOT_EQUAL, value);
  }

  /**
   * Whether it is less.
   *
   * @throws IllegalArgumentException if {@code value} is NaN
   */
  public Filter lessThan(double value) {
    return compare(Operator.LESS, value);
  }

  /**
   * Whether it is less or equal.
   *
   * @throws IllegalArgumentException if {@code value} is NaN
   */
  public Filter atMost(double value) {
    return compare(Operator.AT_MOST, value);
  }

  /**
   * Whether it is greater.
   *
   * @throws IllegalArgumentException if {@code value} is NaN
   */
  public Filter greaterThan(double value) {
    return compare(Operator.GREATER, value);
  }

  /**
   * Whether it is greater or equal.
   *
   * @throws IllegalArgumentException if {@code value} is NaN
   */
  public Filter atLeast(double value) {
    return compare(Operator.AT_LEAST, value);
  }

  @Override
  public String toString() {
    return "metrics." + SearchText.key(key);
  }

  private Filter compare(Operator operator, double value) {
    return new Filter.MetricComparison(this, operator, value);
  }
}
