package dev.mlops4j.pipeline;

import java.util.Arrays;
import java.util.function.Consumer;
import java.util.logging.ErrorManager;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** {@code java.util.logging}, where {@code slf4j-jdk14} is: a handler of the root logger. */
public final class JavaLogSource implements LogSource {

  /** Held, as {@code java.util.logging} holds its loggers weakly. */
  private static final Logger ROOT = Logger.getLogger("");

  private @Nullable Handler handler;

  @Override
  public boolean isUsed() {
    return LoggerFactory.getILoggerFactory()
        .getClass()
        .getName()
        .equals("org.slf4j.jul.JDK14LoggerFactory");
  }

  @Override
  public void listen(Consumer<LogEvent> listener) {
    if (handler == null || !Arrays.asList(ROOT.getHandlers()).contains(handler)) {
      Handler added = new StepHandler(listener);
      ROOT.addHandler(added);
      handler = added;
    }
  }

  @Override
  public void end() {
    ROOT.removeHandler(handler);
    handler = null;
  }

  /** Called by the thread that logs. */
  private static final class StepHandler extends Handler {

    private final Consumer<LogEvent> listener;
    private final SimpleFormatter formatter = new SimpleFormatter();

    StepHandler(Consumer<LogEvent> listener) {
      this.listener = listener;
    }

    @Override
    public void publish(LogRecord record) {
      String run = MDC.get(RUN);
      String step = MDC.get(STEP);
      if (run == null || step == null) {
        return;
      }
      try {
        listener.accept(
            new LogEvent(
                run,
                step,
                record.getInstant(),
                record.getLevel().getName(),
                String.valueOf(record.getLoggerName()),
                String.valueOf(formatter.formatMessage(record)),
                record.getThrown()));
      } catch (RuntimeException e) {
        // java.util.logging lets what a handler throws out to who logs.
        reportError(null, e, ErrorManager.FORMAT_FAILURE);
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
