package dev.mlops4j.pipeline;

import java.time.Duration;

/**
 * What becomes of planned times that could not be run in time: no process lived, or the work before
 * took too long. Immutable.
 */
public sealed interface Misfire {

  /** How late a planned time may be run under {@link #skip()} to count as in time. */
  Duration IN_TIME = Duration.ofMinutes(1);

  /** The last planned time is run, however late, and those before it are not. */
  static Misfire runOnce() {
    return new RunOnce();
  }

  /**
   * The last planned time is run if it is at most {@link #IN_TIME} late; else it is recorded as
   * skipped, and the work waits for the next. Those before it are neither run nor recorded one by
   * one: the record of the last one counts them.
   */
  static Misfire skip() {
    return skip(IN_TIME);
  }

  /**
   * As {@link #skip()}, with another bound.
   *
   * @throws InvalidScheduleException if it is negative
   */
  static Misfire skip(Duration inTime) {
    return new Skip(inTime);
  }

  /**
   * The last planned times are run one after the other, in their order, and those before them are
   * not.
   *
   * @param most how many; at least 1
   * @throws InvalidScheduleException if it is less
   */
  static Misfire runAll(int most) {
    return new RunAll(most);
  }

  /** {@link #runOnce()}. */
  record RunOnce() implements Misfire {}

  /** {@link #skip()}. */
  record Skip(Duration inTime) implements Misfire {

    /** Checks the bound. */
    public Skip {
      if (inTime.isNegative()) {
        throw new InvalidScheduleException("skip(" + inTime + ") is not accepted: 0 or more");
      }
    }
  }

  /** {@link #runAll(int)}. */
  record RunAll(int most) implements Misfire {

    /** Checks the number. */
    public RunAll {
      if (most < 1 || most > FiringRecord.MOST_COUNTED) {
        throw new InvalidScheduleException(
            "runAll(" + most + ") is not accepted: 1 to " + FiringRecord.MOST_COUNTED);
      }
    }
  }
}
