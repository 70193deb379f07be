package dev.mlops4j.pipeline;

import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Something that was logged.
 *
 * @param time when
 * @param level as the logging system names it, such as {@code WARN}
 * @param logger the name of the logger
 * @param message with its arguments in it
 * @param failure what was logged with it
 * @param context the MDC of the thread when it logged, by which the event is known to be of a step
 */
public record LogEvent(
    Instant time,
    String level,
    String logger,
    String message,
    @Nullable Throwable failure,
    Map<String, String> context) {

  public LogEvent {
    context = Map.copyOf(context);
  }
}
