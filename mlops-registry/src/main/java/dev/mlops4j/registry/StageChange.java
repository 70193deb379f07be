package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A version went from one stage to another. A promotion to PRODUCTION that displaces a version is
 * two of them at the same time: the one that goes first, then the one that comes.
 *
 * @param version the version's number
 * @param cause what moved it
 * @param overridden what would have refused the change, had it not been overridden: gates and
 *     followers, a line each; empty as a rule
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
    String reason,
    List<String> overridden)
    implements HistoryEntry {

  private static final Pattern LINE_BREAKS = Pattern.compile("\\R");

  /**
   * Cuts the time to microseconds, the precision in which it is stored, and makes one line of each
   * refusal.
   */
  public StageChange {
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
    overridden =
        overridden.stream().map(refusal -> LINE_BREAKS.matcher(refusal).replaceAll(" ")).toList();
  }

  /** A change that overrode nothing. */
  public StageChange(
      String model,
      long sequence,
      int version,
      Stage from,
      Stage to,
      Cause cause,
      Instant at,
      String by,
      String reason) {
    this(model, sequence, version, from, to, cause, at, by, reason, List.of());
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
        + reason
        + (overridden.isEmpty() ? "" : " (overriding: " + String.join("; ", overridden) + ")");
  }

  /** What moves a version. */
  public enum Cause {
    /** {@link Registry#promote}. */
    PROMOTION,
    /** {@link Registry#rollback(String)}. */
    ROLLBACK
  }
}
