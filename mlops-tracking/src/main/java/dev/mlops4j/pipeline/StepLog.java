package dev.mlops4j.pipeline;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.Marker;
import org.slf4j.event.Level;
import org.slf4j.helpers.LegacyAbstractLogger;
import org.slf4j.helpers.MessageFormatter;

/** The log of a step: keeps what it is given up to a size, and passes it on if the step gave it. */
final class StepLog extends LegacyAbstractLogger {

  private static final long serialVersionUID = 1L;

  static final String PATH = StepTags.ARTIFACTS + "log.txt";

  /** Characters: half of them the first that came, half the last. */
  static final int MOST = 1 << 20;

  /** Characters of one event. */
  static final int MOST_OF_ONE = MOST / 16;

  /** To which it passes on. */
  static final String LOGGER = "dev.mlops4j.pipeline.step";

  private static final Logger HOST = LoggerFactory.getLogger(LOGGER);

  private final transient InstantSource clock;
  private final transient StringBuilder first = new StringBuilder();
  private final transient Deque<String> last = new ArrayDeque<>();
  private int lastLength;
  private long leftOut;

  StepLog(InstantSource clock) {
    this.clock = clock;
    this.name = LOGGER;
  }

  /** What was kept so far. */
  synchronized String text() {
    StringBuilder text = new StringBuilder(first);
    if (leftOut > 0) {
      text.append("... ").append(leftOut).append(" characters are not kept\n");
    }
    last.forEach(text::append);
    return text.toString();
  }

  /** Keeps lines that are not passed on, as those of a process. */
  synchronized void keep(String lines) {
    String added =
        lines.length() <= MOST_OF_ONE
            ? lines
            : lines.substring(0, MOST_OF_ONE)
                + "... "
                + (lines.length() - MOST_OF_ONE)
                + " characters of this are not kept\n";
    if (last.isEmpty() && first.length() + added.length() <= MOST / 2) {
      first.append(added);
      return;
    }
    last.addLast(added);
    lastLength += added.length();
    while (lastLength > MOST / 2) {
      int gone = last.removeFirst().length();
      lastLength -= gone;
      leftOut += gone;
    }
  }

  /** Keeps what was logged elsewhere. */
  void keep(LogEvent event) {
    keep(
        line(
            event.time(),
            event.level(),
            event.logger() + " - " + event.message(),
            event.failure()));
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
    keep(line(clock.instant(), level.name(), String.valueOf(text), failure));
    HOST.atLevel(level).setCause(failure).log(text);
  }

  private static String line(Instant time, String level, String text, @Nullable Throwable failure) {
    StringWriter line = new StringWriter();
    line.append(time.toString()).append(' ').append(level).append(' ').append(text).append('\n');
    if (failure != null) {
      failure.printStackTrace(new PrintWriter(line));
    }
    return line.toString();
  }
}
