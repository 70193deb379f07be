package dev.mlops4j.logback;

import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.ThrowableProxy;
import ch.qos.logback.core.UnsynchronizedAppenderBase;
import dev.mlops4j.pipeline.LogEvent;
import dev.mlops4j.pipeline.LogSource;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Logback's events, as they come to an appender of the root logger: what the levels of the loggers
 * let through, without the loggers that are not additive.
 */
public final class LogbackSource implements LogSource {

  private @Nullable StepAppender appender;

  @Override
  public boolean isUsed() {
    return LoggerFactory.getILoggerFactory() instanceof LoggerContext;
  }

  @Override
  public void listen(Consumer<LogEvent> listener) {
    LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
    if (appender != null && context.getLogger(Logger.ROOT_LOGGER_NAME).isAttached(appender)) {
      return;
    }
    StepAppender added = new StepAppender(listener);
    added.setContext(context);
    added.setName("mlops4j-steps");
    added.start();
    context.getLogger(Logger.ROOT_LOGGER_NAME).addAppender(added);
    appender = added;
  }

  @Override
  public void end() {
    StepAppender added = appender;
    if (added != null) {
      LoggerContext context = (LoggerContext) LoggerFactory.getILoggerFactory();
      context.getLogger(Logger.ROOT_LOGGER_NAME).detachAppender(added);
      added.stop();
      appender = null;
    }
  }

  /** Called by the thread that logs; keeps no state, so that it needs no lock. */
  private static final class StepAppender extends UnsynchronizedAppenderBase<ILoggingEvent> {

    private final Consumer<LogEvent> listener;

    StepAppender(Consumer<LogEvent> listener) {
      this.listener = listener;
    }

    @Override
    protected void append(ILoggingEvent event) {
      String run = event.getMDCPropertyMap().get(RUN);
      String step = event.getMDCPropertyMap().get(STEP);
      if (run == null || step == null) {
        return;
      }
      listener.accept(
          new LogEvent(
              run,
              step,
              event.getInstant(),
              event.getLevel().toString(),
              event.getLoggerName(),
              String.valueOf(event.getFormattedMessage()),
              event.getThrowableProxy() instanceof ThrowableProxy thrown
                  ? thrown.getThrowable()
                  : null));
    }
  }
}
