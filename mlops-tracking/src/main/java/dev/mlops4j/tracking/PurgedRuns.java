package dev.mlops4j.tracking;

import dev.mlops4j.workspace.Garbage;
import java.util.List;

/**
 * What a {@linkplain Tracking#purge(java.time.Duration, java.time.Duration) purge} removed.
 *
 * @param ids the runs
 * @param artifacts what of their artifacts went and what stayed; not {@link Garbage#deleted()} if
 *     the runs are not a workspace's
 */
public record PurgedRuns(List<String> ids, Garbage artifacts) {

  /** Copies the list. */
  public PurgedRuns {
    ids = List.copyOf(ids);
  }
}
