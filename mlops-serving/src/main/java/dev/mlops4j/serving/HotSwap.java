package dev.mlops4j.serving;

import java.util.Objects;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The version that serves, replaced by another one while predictions run.
 *
 * <p>Predictions only read {@link #now}, so nothing that the source does, or fails to do, holds
 * them up. Whoever asks the source holds {@link #looking}, for as long as that takes; whoever
 * changes {@code now} holds this object's monitor, for an instant.
 */
final class HotSwap<T> {

  private static final Logger LOG = LoggerFactory.getLogger(HotSwap.class);

  private final ModelSource source;
  private final VersionLoader<T> loader;
  private final ReentrantLock looking = new ReentrantLock();

  private volatile Serving<T> now = new Serving<>(null, null, 0, false);
  private @Nullable Refusal refusal;
  private boolean inTrouble;
  private volatile boolean lookedOnce;
  private volatile @Nullable Throwable firstFailure;

  HotSwap(ModelSource source, VersionLoader<T> loader) {
    this.source = source;
    this.loader = loader;
  }

  /** Loads the version that should serve, if there is one; called once, before all else. */
  void start() {
    Integer wanted = source.current();
    if (wanted != null) {
      now = new Serving<>(source.load(wanted, loader), null, 0, false);
    }
    source.serving(wanted);
  }

  /**
   * Takes the version that served last, if it is known and no version serves, because the first
   * look has failed or has not come back.
   *
   * @throws dev.mlops4j.MlopsException if the version is known, but cannot serve
   */
  void fallBackToLastKnown() {
    Serving<T> before = now;
    if (before.version() != null || (before.problem() == null && lookedOnce)) {
      return;
    }
    ServedVersion<T> last = source.lastKnown(loader);
    if (last == null) {
      if (!lookedOnce && before.problem() == null) {
        state("the registry has not answered yet");
      }
      return;
    }
    String problem =
        "version "
            + last.number()
            + " serves from the local cache: "
            + (before.problem() == null ? "the registry has not answered yet" : before.problem());
    boolean taken;
    synchronized (this) {
      taken = !now.closed() && now.version() == null;
      if (taken) {
        now = new Serving<>(last, problem, now.swaps(), false);
      }
    }
    if (taken) {
      LOG.warn("\"{}\": {}", source.model(), problem);
    } else {
      last.retire();
    }
  }

  /** What the first look failed with, if no version serves because of it; else null. */
  @Nullable RuntimeException startFailure() {
    Throwable failure = firstFailure;
    if (failure == null || now.version() != null) {
      return null;
    }
    return failure instanceof RuntimeException e
        ? e
        : new IllegalStateException(
            "the model \"" + source.model() + "\" cannot be served", failure);
  }

  Serving<T> now() {
    return now;
  }

  /** The version that answers a prediction, which then releases it. */
  ServedVersion<T> acquire() {
    while (true) {
      Serving<T> current = now;
      ServedVersion<T> version = current.version();
      if (version == null) {
        throw current.closed()
            ? new IllegalStateException("the predictor of \"" + source.model() + "\" is closed")
            : source.empty(current.problem());
      }
      if (version.acquire()) {
        return version;
      }
    }
  }

  /**
   * Looks whether another version should serve, and takes it. What fails is logged and stated, and
   * leaves the version that serves.
   *
   * @param insistently whether to try a version again at once that was refused before
   */
  void look(boolean insistently) {
    looking.lock();
    try {
      if (!now.closed()) {
        follow(source.current(), insistently);
        lookedOnce = true;
        source.serving(now.number());
        inTrouble = false;
      }
    } catch (Throwable e) {
      firstFailure = lookedOnce || firstFailure != null ? firstFailure : e;
      if (!inTrouble) {
        LOG.warn("the stage of \"{}\" cannot be followed; its version goes on", source.model(), e);
      }
      inTrouble = true;
      state("the stage cannot be followed: " + text(e));
    } finally {
      looking.unlock();
    }
  }

  private void follow(@Nullable Integer wanted, boolean insistently) {
    Refusal refused = refusal;
    if (Objects.equals(wanted, now.number())) {
      refusal = null;
      state(null);
    } else if (wanted == null) {
      refusal = null;
      replace(null);
      LOG.info("\"{}\" is not served any more: no version is in the stage", source.model());
    } else if (refused != null && refused.isOf(wanted) && !(refused.isDue() || insistently)) {
      state(refused.reason());
    } else {
      take(wanted);
    }
  }

  private void take(int wanted) {
    ServedVersion<T> next;
    try {
      next = source.load(wanted, loader);
    } catch (Throwable e) {
      firstFailure = firstFailure == null ? e : firstFailure;
      refuse(wanted, e);
      return;
    }
    refusal = null;
    replace(next);
    LOG.info("\"{}\" is served by version {}", source.model(), wanted);
  }

  private void refuse(int version, Throwable e) {
    String reason = "version " + version + " cannot serve: " + text(e);
    Refusal before = refusal;
    if (before == null || !before.isOf(version)) {
      LOG.warn("version {} of \"{}\" cannot serve", version, source.model(), e);
      refusal = new Refusal(version, reason);
    } else {
      refusal = before.again(reason);
    }
    state(reason);
  }

  private void replace(@Nullable ServedVersion<T> next) {
    ServedVersion<T> done;
    synchronized (this) {
      Serving<T> before = now;
      if (before.closed()) {
        done = next;
      } else {
        done = before.version();
        now = new Serving<>(next, null, before.swaps() + (next == null ? 0 : 1), false);
      }
    }
    if (done != null) {
      done.retire();
    }
  }

  private synchronized void state(@Nullable String problem) {
    Serving<T> before = now;
    if (!before.closed() && !Objects.equals(problem, before.problem())) {
      now = new Serving<>(before.version(), problem, before.swaps(), false);
    }
  }

  /**
   * Ends serving, whatever the source is doing: the model closes after the predictions under way.
   *
   * @return whether it was open
   */
  boolean close() {
    ServedVersion<T> done;
    synchronized (this) {
      Serving<T> before = now;
      if (before.closed()) {
        return false;
      }
      done = before.version();
      now = new Serving<>(null, null, before.swaps(), true);
    }
    if (done != null) {
      done.retire();
    }
    return true;
  }

  /** Closes the source, after the look under way. */
  void leave() {
    looking.lock();
    try {
      source.close();
    } catch (Throwable e) {
      LOG.warn("the predictor of \"{}\" could not take its leave", source.model(), e);
    } finally {
      looking.unlock();
    }
  }

  private static String text(Throwable e) {
    return e.getMessage() == null ? e.toString() : e.getMessage();
  }

  /**
   * What serves at one moment.
   *
   * @param problem why the version that should serve does not, or null
   */
  record Serving<T>(
      @Nullable ServedVersion<T> version, @Nullable String problem, long swaps, boolean closed) {

    @Nullable Integer number() {
      return version == null ? null : (Integer) version.number();
    }
  }
}
