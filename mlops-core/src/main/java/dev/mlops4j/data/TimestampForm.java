package dev.mlops4j.data;

/** How a database holds instants that it has no type of its own for. */
public enum TimestampForm {
  /** Seconds since 1970-01-01T00:00:00Z, an integer. */
  EPOCH_SECONDS(1_000_000),
  /** Milliseconds since 1970-01-01T00:00:00Z, an integer. */
  EPOCH_MILLIS(1_000),
  /** Microseconds since 1970-01-01T00:00:00Z, an integer. */
  EPOCH_MICROS(1),
  /** Text in ISO 8601 with {@code Z}, such as {@code 2013-01-01T10:15:00Z}. */
  ISO_8601(0);

  private final long micros;

  TimestampForm(long micros) {
    this.micros = micros;
  }

  boolean isNumber() {
    return micros > 0;
  }

  /** Microseconds since the epoch of a number of this form. */
  long toMicros(long number) throws CellException {
    try {
      return Math.multiplyExact(number, micros);
    } catch (ArithmeticException e) {
      throw new CellException("beyond the range of TIMESTAMP; is it " + this + "?");
    }
  }

  /** The least number of this form that is not before the moment of these microseconds. */
  long ceiling(long instantMicros) {
    long floor = Math.floorDiv(instantMicros, micros);
    return floor * micros == instantMicros ? floor : floor + 1;
  }
}
