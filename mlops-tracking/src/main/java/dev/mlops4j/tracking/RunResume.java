package dev.mlops4j.tracking;

import dev.mlops4j.data.Timestamps;
import java.time.Instant;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * That a run went on after it had ended. Immutable.
 *
 * @param at when; cut to microseconds
 * @param before how the run stood until then, never RUNNING
 * @param failure what had ended it, as in {@link RunRecord#failure}; null if nothing had
 * @param environment where it went on, as in {@link RunStart#environment}
 */
public record RunResume(
    Instant at, RunStatus before, @Nullable String failure, SortedMap<String, String> environment) {

  /** Copies the environment. */
  public RunResume {
    at = Timestamps.fromMicros(Timestamps.toMicros(at));
    environment = Collections.unmodifiableSortedMap(new TreeMap<>(environment));
  }
}
