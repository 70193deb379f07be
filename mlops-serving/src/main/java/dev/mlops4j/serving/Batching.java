package dev.mlops4j.serving;

import java.time.Duration;

/**
 * How requests that come at the same time are predicted together, by models that gain from it
 * ({@link dev.mlops4j.model.Model#gainsFromBatches}); others, such as trees, predict each at once.
 *
 * <p>A batch waits only while other requests are on their way to it, so that a lone request waits
 * for nothing.
 *
 * @param maxRows the most requests in a batch, 2 or more
 * @param maxWait how long a batch may wait for others, from 0 to a second
 */
public record Batching(int maxRows, Duration maxWait) {

  private static final Duration LONGEST = Duration.ofSeconds(1);

  /**
   * Checks the settings.
   *
   * @throws IllegalArgumentException if one is out of its range
   */
  public Batching {
    if (maxRows < 2) {
      throw new IllegalArgumentException("a batch has 2 rows or more, found maxRows " + maxRows);
    }
    if (maxWait.isNegative() || maxWait.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "a batch waits from 0 to " + LONGEST + ", found maxWait " + maxWait);
    }
  }

  /** Batches of up to so many requests, which wait up to so long. */
  public static Batching upTo(int maxRows, Duration maxWait) {
    return new Batching(maxRows, maxWait);
  }
}
