package dev.mlops4j.pipeline;

import java.util.function.Consumer;

/**
 * A logging system from which the log of a step gets what the step and the libraries it calls log
 * through SLF4J. Found by {@link java.util.ServiceLoader} beside the library. One for {@code
 * java.util.logging} is built in; {@code mlops-logback} and {@code mlops-log4j} have others.
 *
 * <p>It is asked to listen before each body of a step, and to end that when no body runs any more.
 * Both calls come in turn, never at once.
 */
public interface LogSource {

  /** In the MDC of a thread that works for a step: the id of the pipeline's run. */
  String RUN = "pipeline.run";

  /** In the MDC of a thread that works for a step: the step's name. */
  String STEP = "pipeline.step";

  /** Whether SLF4J logs to this system in this process. Asked once. */
  boolean isUsed();

  /**
   * Gives the listener each event from now on whose MDC has {@link #RUN} and {@link #STEP}, on the
   * thread that logs or soon after. If it listens already and still is heard, nothing is to be
   * done; a program may have configured its logging anew since. The listener does not throw.
   */
  void listen(Consumer<LogEvent> listener);

  /** Ends that, and leaves the logging system as it was. */
  void end();
}
