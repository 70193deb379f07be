package dev.mlops4j.pipeline;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Where what is logged finds the log of its step: by the MDC, which a thread that works for the
 * step has too if it was handed on.
 */
final class StepLogs {

  private static final Logger LOG = LoggerFactory.getLogger(StepLogs.class);

  private static final ConcurrentMap<Key, StepLog> OPEN = new ConcurrentHashMap<>();

  /** Guards what listens, and how many bodies run. */
  private static final Object LOCK = new Object();

  private static @Nullable List<LogSource> sources;
  private static int running;

  private StepLogs() {}

  private record Key(String run, String step) {}

  /** What the thread that began it logs is the step's, until it is closed by that thread. */
  static final class Body implements AutoCloseable {

    private final Key key;
    private final boolean isCaptured;
    private final @Nullable Map<String, String> before;

    private Body(Key key, boolean isCaptured, @Nullable Map<String, String> before) {
      this.key = key;
      this.isCaptured = isCaptured;
      this.before = before;
    }

    @Override
    public void close() {
      if (isCaptured) {
        endListening();
        OPEN.remove(key);
      }
      // Also what the body has put there and left: the thread goes on with another step.
      if (before == null) {
        MDC.clear();
      } else {
        MDC.setContextMap(before);
      }
    }
  }

  static Body begin(Pipeline pipeline, String run, String step, StepLog log) {
    Key key = new Key(run, step);
    Map<String, String> before = MDC.getCopyOfContextMap();
    if (pipeline.capturesLogs()) {
      OPEN.put(key, log);
      listen();
    }
    MDC.put("pipeline", pipeline.name());
    MDC.put(LogSource.RUN, run);
    MDC.put(LogSource.STEP, step);
    return new Body(key, pipeline.capturesLogs(), before);
  }

  private static void listen() {
    synchronized (LOCK) {
      for (LogSource source : used()) {
        attempt(source, "listened to", () -> source.listen(StepLogs::take));
      }
      running++;
    }
  }

  private static void endListening() {
    synchronized (LOCK) {
      running--;
      if (running == 0) {
        for (LogSource source : used()) {
          attempt(source, "let go of", source::end);
        }
      }
    }
  }

  private static void take(LogEvent event) {
    try {
      StepLog log = OPEN.get(new Key(event.run(), event.step()));
      // What the step's own log passes on it has kept already.
      if (log != null && !event.logger().equals(StepLog.LOGGER)) {
        log.keep(event);
      }
    } catch (RuntimeException | LinkageError e) {
      // As from a failure's own code; who logs is not to suffer for it, and logging is no way out.
      OPEN.computeIfPresent(
          new Key(event.run(), event.step()),
          (key, log) -> {
            log.keep(event.time() + " " + event.level() + " (an event that could not be kept)\n");
            return log;
          });
    }
  }

  private static List<LogSource> used() {
    List<LogSource> known = sources;
    if (known == null) {
      known = new ArrayList<>();
      // Those beside the library: the first pipeline of a process may be from a jar of its own.
      Iterator<LogSource> found =
          ServiceLoader.load(LogSource.class, LogSource.class.getClassLoader()).iterator();
      boolean more = true;
      while (more) {
        try {
          more = found.hasNext();
          LogSource source = more ? found.next() : null;
          if (source != null && source.isUsed()) {
            known.add(source);
          }
        } catch (ServiceConfigurationError | LinkageError | RuntimeException e) {
          LOG.warn("a source of steps' logs cannot be used", e);
        }
      }
      sources = known;
    }
    return known;
  }

  /** A step does not fail for its log. */
  private static void attempt(LogSource source, String what, Runnable action) {
    try {
      action.run();
    } catch (LinkageError | RuntimeException e) {
      LOG.warn("{} could not be {}", source.getClass().getName(), what, e);
    }
  }
}
