package dev.mlops4j.tracking;

import java.time.Instant;
import java.util.Locale;

/** A time of a run, in microseconds: what is finer in an instant compared with is cut off. */
public enum TimeField implements SearchField {
  /** When it started. */
  START_TIME,
  /** When it ended; a run that has not fulfils no comparison. */
  END_TIME;

  /** Whether it is this one. */
  public Filter is(Instant time) {
    return compare(Operator.EQUAL, time);
  }

  /** Whether there is one, and another than this. */
  public Filter isNot(Instant time) {
    return compare(Operator.NOT_EQUAL, time);
  }

  /** Whether it is before this one. */
  public Filter isBefore(Instant time) {
    return compare(Operator.LESS, time);
  }

  /** Whether it is this one or before it. */
  public Filter isAtOrBefore(Instant time) {
    return compare(Operator.AT_MOST, time);
  }

  /** Whether it is after this one. */
  public Filter isAfter(Instant time) {
    return compare(Operator.GREATER, time);
  }

  /** Whether it is this one or after it. */
  public Filter isAtOrAfter(Instant time) {
    return compare(Operator.AT_LEAST, time);
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }

  private Filter compare(Operator operator, Instant time) {
    return new Filter.TimeComparison(this, operator, time);
  }
}
