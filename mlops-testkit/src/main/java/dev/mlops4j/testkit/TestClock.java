package dev.mlops4j.testkit;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/**
 * A clock that stands still until it is told otherwise.
 *
 * <pre>{@code
 * TestClock clock = TestClock.at("2013-07-01T00:00:00Z");
 * Workspace workspace = Workspace.at(directory).clock(clock).open();
 * clock.advance(Duration.ofMinutes(15));
 * }</pre>
 *
 * <p>Safe for any number of threads: what one sets, all others see.
 */
public final class TestClock implements InstantSource {

  private volatile Instant now;

  private TestClock(Instant start) {
    this.now = start;
  }

  /** A clock that shows this instant. */
  public static TestClock at(Instant start) {
    return new TestClock(start);
  }

  /**
   * A clock that shows this instant.
   *
   * @param start as {@code 2013-07-01T00:00:00Z}
   * @throws java.time.format.DateTimeParseException if it is no instant
   */
  public static TestClock at(String start) {
    return new TestClock(Instant.parse(start));
  }

  @Override
  public Instant instant() {
    return now;
  }

  /** Sets the clock, back as well as forth. */
  public synchronized void set(Instant instant) {
    now = instant;
  }

  /**
   * Puts the clock forward; a negative duration puts it back.
   *
   * @return what it shows then
   */
  public synchronized Instant advance(Duration duration) {
    now = now.plus(duration);
    return now;
  }

  @Override
  public String toString() {
    return "clock at " + now;
  }
}
