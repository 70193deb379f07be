package dev.mlops4j.registry;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.List;

/**
 * What promotions of a model to PRODUCTION must ask was changed: the names of the gates that are
 * required from then on, in place of those before.
 *
 * @param gates in the order of their characters, each once; empty if none is required any more
 */
public record GateRequirement(
    String model, long sequence, List<String> gates, Instant at, String by, String reason)
    implements HistoryEntry {

  /**
   * Puts the names in order, and cuts the time to microseconds, the precision of what is stored.
   */
  public GateRequirement {
    gates = gates.stream().distinct().sorted().toList();
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
  }

  /** Those that are required after these entries, which are all of a model, the first one first. */
  static List<String> after(List<HistoryEntry> entries) {
    List<String> required = List.of();
    for (HistoryEntry entry : entries) {
      if (entry instanceof GateRequirement requirement) {
        required = requirement.gates();
      }
    }
    return required;
  }

  @Override
  public String describe() {
    return at
        + " gates required before PRODUCTION: "
        + (gates.isEmpty() ? "none" : String.join(", ", gates))
        + " by "
        + by
        + ": "
        + reason;
  }
}
