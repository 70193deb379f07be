package dev.mlops4j.serving;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Predictor} serves at the moment.
 *
 * @param status whether and how it serves
 * @param version the number of the version that answers, or 0 if none does, or if the model came
 *     from a package outside a registry
 * @param swaps how often another version has taken over since the predictor was built
 * @param listenerFailures how many times a listener threw
 * @param problem why the version that should serve does not, or null if it does
 */
public record PredictorState(
    Status status, int version, long swaps, long listenerFailures, @Nullable String problem) {

  /** Whether and how a predictor serves. */
  public enum Status {
    /** No version is in the stage; a prediction throws {@link NoServingVersionException}. */
    EMPTY,
    /** The version that should serve does. */
    SERVING,
    /**
     * An earlier version goes on serving, because the one that should serve could not be loaded.
     */
    STALE
  }
}
