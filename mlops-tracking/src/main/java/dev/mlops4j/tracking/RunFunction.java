package dev.mlops4j.tracking;

/**
 * What happens within a run and gives something back; see {@link Tracking#call}.
 *
 * @param <R> what it gives
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface RunFunction<R, E extends Exception> {

  /**
   * Does the work and logs to the run, which is closed afterwards.
   *
   * @throws E if the work fails; the run ends FAILED with its stack trace
   */
  R apply(Run run) throws E;
}
