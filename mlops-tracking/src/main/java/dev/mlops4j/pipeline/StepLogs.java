package dev.mlops4j.pipeline;

import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.MDC;

/**
 * Where what is logged finds the log of its step: by the MDC, which a thread of the step's own has
 * too if it was handed on.
 */
final class StepLogs {

  private static final Logger LOG = LoggerFactory.getLogger(StepLogs.class);

  private static final String PIPELINE = "pipeline";
  private static final String RUN = "pipeline.run";
  private static final String STEP = "pipeline.step";

  private static final ConcurrentMap<Key, StepLog> OPEN = new ConcurrentHashMap<>();

  /** Guards what listens, and how many are open. */
  private static final Object LOCK = new Object();

  private static @Nullable List<LogSource> sources;
  private static int open;

  private StepLogs() {}

  private record Key(String run, String step) {}

  /** What the calling thread logs from now on is the step's. */
  static void begin(String pipeline, String run, String step, StepLog log) {
    MDC.put(PIPELINE, pipeline);
    MDC.put(RUN, run);
    MDC.put(STEP, step);
    OPEN.put(new Key(run, step), log);
    synchronized (LOCK) {
      if (open++ == 0) {
        for (LogSource source : used()) {
          attempt(source, "listened to", () -> source.listen(StepLogs::take));
        }
      }
    }
  }

  /** Ends it. */
  static void end(String run, String step) {
    synchronized (LOCK) {
      if (--open == 0) {
        for (LogSource source : used()) {
          attempt(source, "let go of", source::end);
        }
      }
    }
    OPEN.remove(new Key(run, step));
    MDC.remove(PIPELINE);
    MDC.remove(RUN);
    MDC.remove(STEP);
  }

  private static void take(LogEvent event) {
    String run = event.context().get(RUN);
    String step = event.context().get(STEP);
    StepLog log = run == null || step == null ? null : OPEN.get(new Key(run, step));
    // What the step's own log passes on it has kept already.
    if (log != null && !event.logger().equals(StepLog.LOGGER)) {
      log.keep(event);
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
