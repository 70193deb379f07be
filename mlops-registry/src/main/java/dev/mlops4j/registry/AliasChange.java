package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * An alias was pointed to a version, or removed.
 *
 * @param alias the alias
 * @param from the number of the version it pointed to before, or null
 * @param to the number of the version it points to now, or null
 */
public record AliasChange(
    String model,
    long sequence,
    String alias,
    @Nullable Integer from,
    @Nullable Integer to,
    Instant at,
    String by,
    String reason)
    implements HistoryEntry {

  /** Cuts the time to microseconds, the precision in which it is stored. */
  public AliasChange {
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
  }

  @Override
  public String describe() {
    return at
        + " alias \""
        + alias
        + "\" "
        + describe(from)
        + " -> "
        + describe(to)
        + " by "
        + by
        + ": "
        + reason;
  }

  private static String describe(@Nullable Integer version) {
    return version == null ? "nothing" : "version " + version;
  }
}
