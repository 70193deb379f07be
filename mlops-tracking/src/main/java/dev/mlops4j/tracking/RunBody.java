package dev.mlops4j.tracking;

/**
 * What happens within a run; see {@link Tracking#run(String, RunBody)}.
 *
 * @param <E> what it may throw
 */
@FunctionalInterface
public interface RunBody<E extends Exception> {

  /**
   * Does the work and logs to the run, which is closed afterwards.
   *
   * @throws E if the work fails; the run ends FAILED with its stack trace
   */
  void run(Run run) throws E;
}
