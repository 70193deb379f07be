package dev.mlops4j.serving;

import org.jspecify.annotations.Nullable;

/**
 * What a {@link Predictor} serves at one moment. Immutable.
 *
 * @param status whether and how it serves
 * @param version the number of the version that answers, or 0 if none does, or if the model came
 *     from a package outside a registry
 * @param swaps how often a version has taken over since the predictor was built, the one it was
 *     built with not counted
 * @param listenerFailures how many times a listener threw
 * @param problem in words for people, why the version that should serve does not, or why that
 *     version is not known; null if all is well
 */
public record PredictorState(
    Status status, int version, long swaps, long listenerFailures, @Nullable String problem) {

  /** Whether and how a predictor serves. */
  public enum Status {
    /**
     * No version answers: none is in the stage, or the one that is cannot be loaded, which the
     * problem then says. A prediction throws {@link NoServingVersionException}.
     */
    EMPTY,
    /** The version that should serve does. */
    SERVING,
    /**
     * The version that served goes on, because the one that should serve cannot be loaded, or the
     * registry cannot be asked.
     */
    STALE,
    /** The predictor was closed. */
    CLOSED
  }
}
