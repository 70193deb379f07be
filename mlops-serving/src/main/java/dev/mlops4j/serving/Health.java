package dev.mlops4j.serving;

import java.util.List;

/**
 * Whether a {@link Predictor} does its work, for the probes of a service. Immutable.
 *
 * @param live whether it is open
 * @param ready whether a version serves, so that requests may come
 * @param degraded what is not as it should be though it may go on, in words for people; empty if
 *     all is well
 */
public record Health(boolean live, boolean ready, List<String> degraded) {

  /** Copies the list. */
  public Health {
    degraded = List.copyOf(degraded);
  }

  /** Whether it is ready and nothing is degraded. */
  public boolean isWell() {
    return ready && degraded.isEmpty();
  }
}
