package dev.mlops4j.pipeline;

/** What a schedule does each time. */
@FunctionalInterface
public interface ScheduledWork {

  /**
   * Does it. The thread is interrupted when the scheduler closes, or when another process has taken
   * the firing over.
   *
   * <p>It is done at least once for each firing: after a crash another attempt gets the same {@link
   * Firing#id}, so what must not be done twice looks for that first.
   *
   * @return what came of it, in a sentence
   * @throws Exception if it failed; its text is kept. It is not tried again
   */
  String run(Firing firing) throws Exception;
}
