package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;

/**
 * A version was deleted. Its number is not given again, and what it did stays in the history.
 *
 * @param version the version's number
 * @param from the stage it was in
 */
public record VersionDeletion(
    String model, long sequence, int version, Stage from, Instant at, String by, String reason)
    implements HistoryEntry {

  /** Cuts the time to microseconds, the precision in which it is stored. */
  public VersionDeletion {
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
  }

  @Override
  public String describe() {
    return at + " version " + version + " " + from + " -> deleted by " + by + ": " + reason;
  }
}
