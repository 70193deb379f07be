package dev.mlops4j.log4j;

import dev.mlops4j.pipeline.LogSource;
import java.time.Instant;
import java.util.function.Consumer;
import org.apache.logging.log4j.LogManager;
import org.apache.logging.log4j.core.LogEvent;
import org.apache.logging.log4j.core.LoggerContext;
import org.apache.logging.log4j.core.appender.AbstractAppender;
import org.apache.logging.log4j.core.config.Configuration;
import org.apache.logging.log4j.core.config.Property;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;

/**
 * Log4j's events, as they come to an appender of the root logger: what the levels of the loggers
 * let through, without the loggers that are not additive. Of asynchronous loggers, what they have
 * not handed on when the step ends is not in its log.
 */
public final class Log4jSource implements LogSource {

  private static final String NAME = "mlops4j-steps";

  private @Nullable Configuration configuration;
  private @Nullable StepAppender appender;

  @Override
  public boolean isUsed() {
    return LoggerFactory.getILoggerFactory()
            .getClass()
            .getName()
            .equals("org.apache.logging.slf4j.Log4jLoggerFactory")
        && LogManager.getContext(false) instanceof LoggerContext;
  }

  @Override
  public void listen(Consumer<dev.mlops4j.pipeline.LogEvent> listener) {
    Configuration current = ((LoggerContext) LogManager.getContext(false)).getConfiguration();
    if (current.equals(configuration)) {
      return;
    }
    StepAppender added = new StepAppender(listener);
    added.start();
    current.getRootLogger().addAppender(added, null, null);
    configuration = current;
    appender = added;
  }

  @Override
  public void end() {
    Configuration listened = configuration;
    StepAppender added = appender;
    if (listened != null && added != null) {
      listened.getRootLogger().removeAppender(NAME);
      added.stop();
      configuration = null;
      appender = null;
    }
  }

  /** Called by the thread that logs, or by that of asynchronous loggers; keeps no state. */
  private static final class StepAppender extends AbstractAppender {

    private final Consumer<dev.mlops4j.pipeline.LogEvent> listener;

    StepAppender(Consumer<dev.mlops4j.pipeline.LogEvent> listener) {
      super(NAME, null, null, true, Property.EMPTY_ARRAY);
      this.listener = listener;
    }

    @Override
    public void append(LogEvent event) {
      String run = event.getContextData().getValue(RUN);
      String step = event.getContextData().getValue(STEP);
      if (run == null || step == null) {
        return;
      }
      listener.accept(
          new dev.mlops4j.pipeline.LogEvent(
              run,
              step,
              Instant.ofEpochSecond(
                  event.getInstant().getEpochSecond(), event.getInstant().getNanoOfSecond()),
              event.getLevel().name(),
              event.getLoggerName(),
              String.valueOf(event.getMessage().getFormattedMessage()),
              event.getThrown()));
    }
  }
}
