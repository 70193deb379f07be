package dev.mlops4j.pipeline;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How often and when a step is tried again after an error that was declared transient. Immutable.
 *
 * <pre>{@code
 * Retry.times(3).backOff(Duration.ofSeconds(1)).on(IOException.class)
 * }</pre>
 *
 * <p>The wait before the first retry is {@link #backOff}, doubled before each further one up to
 * {@link #MOST_BACK_OFF}; of that a random half is left out, so that steps that failed together are
 * not tried again together. No thread is held while a step waits.
 *
 * @param times how often a step is tried again at most, after the first try
 * @param backOff how long the first wait is
 * @param errors which errors are transient: those of these types, or caused by one
 */
public record Retry(int times, Duration backOff, List<Class<? extends Throwable>> errors) {

  /** The first wait unless stated. */
  public static final Duration DEFAULT_BACK_OFF = Duration.ofSeconds(1);

  /** The longest wait. */
  public static final Duration MOST_BACK_OFF = Duration.ofMinutes(5);

  static final Retry NEVER = new Retry(0, DEFAULT_BACK_OFF, List.of());

  private static final int MOST_DOUBLINGS = 30;

  /**
   * Checks the ranges.
   *
   * @throws InvalidPipelineException if {@code times} is negative or {@code backOff} is not between
   *     zero and {@link #MOST_BACK_OFF}
   */
  public Retry {
    errors = List.copyOf(errors);
    if (times < 0) {
      throw new InvalidPipelineException("a step is retried 0 times or more, found " + times);
    }
    if (backOff.isNegative() || backOff.compareTo(MOST_BACK_OFF) > 0) {
      throw new InvalidPipelineException(
          "the first wait before a retry is from 0 to " + MOST_BACK_OFF + ", found " + backOff);
    }
  }

  /** At most so often after the first try; {@link #on} must say after which errors. */
  public static Retry times(int times) {
    return new Retry(times, DEFAULT_BACK_OFF, List.of());
  }

  /** The same with another first wait. */
  public Retry backOff(Duration first) {
    return new Retry(times, first, errors);
  }

  /** The same for these errors, also where they are the cause of another one. */
  @SafeVarargs
  public final Retry on(
      Class<? extends Throwable> transientError, Class<? extends Throwable>... others) {
    List<Class<? extends Throwable>> all = new ArrayList<>();
    all.add(transientError);
    for (Class<? extends Throwable> other : others) {
      all.add(other);
    }
    return new Retry(times, backOff, all);
  }

  /** Whether to try again after this failure of the try of this number, the first being 1. */
  boolean again(int tried, Throwable failure) {
    return tried <= times && isTransient(failure);
  }

  /** How long to wait after the try of this number. */
  Duration delay(int tried, RandomGenerator random) {
    Duration full = backOff.multipliedBy(1L << Math.min(tried - 1, MOST_DOUBLINGS));
    long nanos = (full.compareTo(MOST_BACK_OFF) > 0 ? MOST_BACK_OFF : full).toNanos();
    return Duration.ofNanos(nanos / 2 + (long) (random.nextDouble() * (nanos - nanos / 2)));
  }

  private boolean isTransient(Throwable failure) {
    Throwable each = failure;
    // A chain of causes may be a ring, if somebody made it one.
    for (int i = 0; each != null && i < 100; i++) {
      if (isOneOf(each)) {
        return true;
      }
      each = each.getCause();
    }
    return false;
  }

  private boolean isOneOf(Throwable failure) {
    return errors.stream().anyMatch(error -> error.isInstance(failure));
  }
}
