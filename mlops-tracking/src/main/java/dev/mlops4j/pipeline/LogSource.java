package dev.mlops4j.pipeline;

import java.util.function.Consumer;

/**
 * A logging system from which the log of a step gets what the step and the libraries it calls log
 * through SLF4J. Found by {@link java.util.ServiceLoader}. One for {@code java.util.logging} is
 * built in; {@code mlops-logback} and {@code mlops-log4j} have others.
 *
 * <p>The library asks one that is {@linkplain #isUsed used} to listen while bodies of steps run,
 * and to end that when none does. Both calls come in turn, never at once.
 */
public interface LogSource {

  /** Whether SLF4J logs to this system in this process. Asked once. */
  boolean isUsed();

  /**
   * Gives the listener each event from now on, of any thread, before the call that logs it returns
   * or soon after. The listener does not throw, does not log, and is quick.
   */
  void listen(Consumer<LogEvent> listener);

  /** Ends that, and leaves the logging system as it was. */
  void end();
}
