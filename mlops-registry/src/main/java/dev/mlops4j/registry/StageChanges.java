package dev.mlops4j.registry;

import java.time.Instant;
import java.util.List;

/** Adds stage changes of one act to the entries that are decided. */
record StageChanges(
    List<HistoryEntry> entries,
    long count,
    StageChange.Cause cause,
    Instant at,
    String by,
    String reason) {

  /** The one that makes place. */
  void displace(ModelVersion version) {
    add(version, Stage.ARCHIVED, List.of());
  }

  /** The one that comes, whatever would have refused it. */
  void add(ModelVersion version, Stage to, List<String> overridden) {
    long sequence = count + entries.size() + 1;
    entries.add(
        new StageChange(
            version.model(),
            sequence,
            version.number(),
            version.stage(),
            to,
            cause,
            at,
            by,
            reason,
            overridden));
  }
}
