package dev.mlops4j.registry;

import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

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
    add(version, Stage.ARCHIVED, List.of(), null);
  }

  /** The one that comes, whatever would have refused it; the gates are null if none is asked. */
  void add(ModelVersion version, Stage to, List<String> overridden, @Nullable List<String> gates) {
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
            overridden,
            gates));
  }
}
