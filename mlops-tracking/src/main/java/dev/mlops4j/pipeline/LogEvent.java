package dev.mlops4j.pipeline;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Something that was logged for a step.
 *
 * @param run {@link LogSource#RUN} in the MDC of the thread that logged
 * @param step {@link LogSource#STEP} in it
 * @param time when
 * @param level as the logging system names it, such as {@code WARN}
 * @param logger the name of the logger
 * @param message with its arguments in it
 * @param failure what was logged with it
 */
public record LogEvent(
    String run,
    String step,
    Instant time,
    String level,
    String logger,
    String message,
    @Nullable Throwable failure) {}
