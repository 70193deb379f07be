package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;

/**
 * A version went from one stage to another. A promotion to PRODUCTION that displaces a version is
 * two of them at the same time: the one that goes first, then the one that comes.
 *
 * @param version the version's number
 * @param cause what moved it
 */
public record StageChange(
    String model,
    long sequence,
    int version,
    Stage from,
    Stage to,
    Cause cause,
    Instant at,
    String by,
    String reason)
    implements HistoryEntry {

  /** Cuts the time to microseconds, the precision in which it is stored. */
  public StageChange {
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
  }

  @Override
  public String describe() {
    return at
        + " version "
        + version
        + " "
        + from
        + " -> "
        + to
        + (cause == Cause.ROLLBACK ? " (rollback)" : "")
        + " by "
        + by
        + ": "
        + reason;
  }

  /** What moves a version. */
  public enum Cause {
    /** {@link Registry#promote}. */
    PROMOTION,
    /** {@link Registry#rollback(String)}. */
    ROLLBACK
  }
}
