package dev.mlops4j.pipeline;

import java.util.Map;
import java.util.function.Consumer;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import java.util.logging.SimpleFormatter;
import org.jspecify.annotations.Nullable;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/** {@code java.util.logging}, where {@code slf4j-jdk14} is. Registered in {@code META-INF}. */
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
    Handler added = new StepHandler(listener);
    ROOT.addHandler(added);
    handler = added;
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
      setLevel(Level.ALL);
    }

    @Override
    public void publish(LogRecord record) {
      Map<String, String> context = MDC.getCopyOfContextMap();
      if (context == null) {
        return;
      }
      listener.accept(
          new LogEvent(
              record.getInstant(),
              record.getLevel().getName(),
              String.valueOf(record.getLoggerName()),
              String.valueOf(formatter.formatMessage(record)),
              record.getThrown(),
              context));
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
