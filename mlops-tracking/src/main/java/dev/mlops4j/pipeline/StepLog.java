package dev.mlops4j.pipeline;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.InstantSource;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** The log of a step: passes on what it is given, and keeps it up to a size. */
final class StepLog extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  static final String PATH = StepTags.ARTIFACTS + "log.txt";

  /** Characters; what comes after them is only passed on. */
  static final int MOST = 1 << 20;

  private static final Logger HOST = LoggerFactory.getLogger("dev.mlops4j.pipeline.step");

  private final transient InstantSource clock;
  private final transient StringBuilder kept = new StringBuilder();
  private boolean full;

  StepLog(InstantSource clock) {
    this.clock = clock;
    this.name = HOST.getName();
  }

  /** What was kept so far. */
  synchronized String text() {
    return kept.toString();
  }

  /** Keeps lines that are not passed on, as those of a process. */
  synchronized void keep(String lines) {
    if (full) {
      return;
    }
    if (kept.length() + lines.length() > MOST) {
      full = true;
      kept.append("... more was logged than is kept here\n");
    } else {
      kept.append(lines);
    }
  }

  @Override
  public boolean isTraceEnabled() {
    return HOST.isTraceEnabled();
  }

  @Override
  public boolean isDebugEnabled() {
    return HOST.isDebugEnabled();
  }

  @Override
  public boolean isInfoEnabled() {
    return true;
  }

  @Override
  public boolean isWarnEnabled() {
    return true;
  }

  @Override
  public boolean isErrorEnabled() {
    return true;
  }

  @Override
  protected @Nullable String getFullyQualifiedCallerName() {
    return null;
  }

  @Override
  protected void handleNormalizedLoggingCall(
      Level level,
      @Nullable Marker marker,
      String message,
      @Nullable Object @Nullable [] arguments,
      @Nullable Throwable failure) {
    String text = MessageFormatter.basicArrayFormat(message, arguments);
    StringWriter line = new StringWriter();
    line.append(clock.instant().toString()).append(' ').append(level.name()).append(' ');
    line.append(String.valueOf(text)).append('\n');
    if (failure != null) {
      failure.printStackTrace(new PrintWriter(line));
    }
    keep(line.toString());
    HOST.atLevel(level).setCause(failure).log(text);
  }
}
