package dev.mlops4j.tracking;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Some of the runs that a search found, in its order. Immutable.
 *
 * @param runs the runs
 * @param next the cursor for {@link RunSearch#after}: letters, digits, hyphens and underscores, to
 *     be kept and sent as it is; null if these were the last
 */
public record RunPage(List<RunRecord> runs, @Nullable String next) {

  /** Copies the list. */
  public RunPage {
    runs = List.copyOf(runs);
  }
}
