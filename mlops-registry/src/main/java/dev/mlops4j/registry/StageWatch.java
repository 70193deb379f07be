package dev.mlops4j.registry;

import dev.mlops4j.MlopsException;
import dev.mlops4j.workspace.Workspace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells a listener of the changes of a stage, made by this process or another, until it is closed.
 * It looks at a count that every change raises, every interval; so a change is told at the latest
 * an interval after it was made, and the time of one look. Changes between two looks are told at
 * once, also if the last one took back the first. Safe for any number of threads.
 */
public final class StageWatch implements AutoCloseable {

  /** How often a watch looks unless stated. */
  public static final Duration DEFAULT_INTERVAL = Duration.ofSeconds(1);

  private static final Logger LOG = LoggerFactory.getLogger(StageWatch.class);

  private final RegistryStore store;
  private final String model;
  private final Stage stage;
  private final StageListener listener;
  private final ScheduledThreadPoolExecutor executor;
  private final Consumer<StageWatch> onClose;
  private final Future<?> looking;
  private long count;
  private @Nullable ModelVersion current;

  private StageWatch(
      RegistryStore store,
      String model,
      Stage stage,
      Duration interval,
      StageListener listener,
      Consumer<StageWatch> onClose) {
    this.store = store;
    this.model = model;
    this.stage = stage;
    this.listener = listener;
    this.onClose = onClose;
    this.count = store.changeCount(model);
    this.current = store.currentIn(model, stage).orElse(null);
    this.executor =
        new ScheduledThreadPoolExecutor(
            1,
            work -> {
              Thread thread = new Thread(work, "mlops4j-watch-" + model);
              thread.setDaemon(true);
              return thread;
            });
    long nanos = interval.toNanos();
    this.looking = executor.scheduleWithFixedDelay(this::look, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /** A watch that ends with the workspace, if there is one, unless it is closed before. */
  static StageWatch open(
      RegistryStore store,
      @Nullable Workspace workspace,
      String model,
      Stage stage,
      Duration interval,
      StageListener listener) {
    if (stage == Stage.NONE || interval.isNegative() || interval.isZero()) {
      throw new IllegalArgumentException(
          "a watch takes STAGING, PRODUCTION or ARCHIVED and a positive interval, found "
              + stage
              + " and "
              + interval);
    }
    if (workspace == null) {
      return new StageWatch(store, model, stage, interval, listener, watch -> {});
    }
    StageWatch watch = new StageWatch(store, model, stage, interval, listener, workspace::forget);
    workspace.onClose(watch);
    return watch;
  }

  /** Ends the watch; a call of the listener that is under way goes on. Closing twice is fine. */
  @Override
  public void close() {
    looking.cancel(false);
    executor.shutdown();
    onClose.accept(this);
  }

  /** Looks once; throws nothing, or there would be no other look. */
  void look() {
    try {
      StageMove move = moved();
      if (move != null) {
        tell(() -> listener.changed(move));
      }
    } catch (MlopsException e) {
      tell(() -> listener.failed(e));
    } catch (Throwable e) { // an Error, too, would end the looks without a word
      LOG.warn("could not look at stage {} of model {}", stage, model, e);
    }
  }

  private synchronized @Nullable StageMove moved() {
    long now;
    ModelVersion found;
    List<HistoryEntry> entries;
    do { // until nothing changed while it was read
      now = store.changeCount(model);
      if (now == count) {
        return null;
      }
      found = store.currentIn(model, stage).orElse(null);
      entries = store.history(model, count);
    } while (store.changeCount(model) != now);
    ModelVersion before = current;
    count = now;
    current = found;
    return entries.stream().anyMatch(this::concerns)
        ? new StageMove(model, stage, before, found, entries)
        : null;
  }

  /** Also if another change took it back before anybody looked. */
  private boolean concerns(HistoryEntry entry) {
    if (entry instanceof StageChange change) {
      return change.from() == stage || change.to() == stage;
    }
    return entry instanceof VersionDeletion deletion && deletion.from() == stage;
  }

  private void tell(Runnable call) {
    try {
      call.run();
    } catch (Throwable e) {
      LOG.warn("a listener of stage {} of model {} failed", stage, model, e);
    }
  }
}
