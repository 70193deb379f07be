package dev.mlops4j.serving;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.serving.PredictorState.Status;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One of a predictor's models in its role, kept up to date by a thread of its own. */
final class Arm<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Arm.class);

  private final String name;
  private final HotSwap<T> versions;
  private final LongAdder answered = new LongAdder();
  private @Nullable Poller poller;

  Arm(String name, ModelSource source, VersionLoader<T> loader) {
    this.name = name;
    this.versions = new HotSwap<>(source, loader);
  }

  /**
   * Loads the first version, if there is one, and begins to look for others. When it throws,
   * nothing is held.
   *
   * @param patience how long to wait for a registry, if the source remembers what served last
   */
  void start(ModelSource source, Duration pollInterval, Duration patience) {
    String thread = "mlops4j-predictor-" + source.model() + (isChampion() ? "" : "-" + name);
    try {
      if (source.remembers()) {
        poller = Poller.started(thread, pollInterval, () -> versions.look(false), patience);
        versions.fallBackToLastKnown();
        RuntimeException failure = versions.startFailure();
        if (failure != null) {
          throw failure;
        }
      } else {
        versions.start();
        if (source.changes()) {
          poller = new Poller(thread, pollInterval, () -> versions.look(false));
        }
      }
    } catch (Throwable e) {
      close(Duration.ZERO);
      throw e;
    }
  }

  private boolean isChampion() {
    return name.equals(Prediction.CHAMPION);
  }

  String name() {
    return name;
  }

  boolean serves() {
    return versions.now().version() != null;
  }

  boolean isClosed() {
    return versions.now().closed();
  }

  @Nullable ServedVersion<T> serving() {
    return versions.now().version();
  }

  /** The version that answers, which the caller releases. */
  ServedVersion<T> acquire() {
    return versions.acquire();
  }

  /** Answers one request. */
  Prediction predict(String id, T request, long start, @Nullable LookupRecord lookups) {
    ServedVersion<T> version = versions.acquire();
    Prediction prediction;
    try {
      prediction = version.predict(id, request, name, start, lookups);
    } finally {
      version.release();
    }
    answered.increment();
    return prediction;
  }

  /** Answers many requests with one version. */
  List<Prediction> predictAll(
      List<String> ids, List<T> requests, long start, Map<String, LookupRecord> lookups) {
    ServedVersion<T> version = versions.acquire();
    List<Prediction> predictions;
    try {
      predictions = version.predictAll(ids, requests, name, start, lookups);
    } finally {
      version.release();
    }
    answered.add(predictions.size());
    return predictions;
  }

  long answered() {
    return answered.sum();
  }

  void look() {
    versions.look(true);
  }

  PredictorState state(long listenerFailures) {
    HotSwap.Serving<T> now = versions.now();
    Integer number = now.number();
    return new PredictorState(
        status(now), number == null ? 0 : number, now.swaps(), listenerFailures, now.problem());
  }

  private static Status status(HotSwap.Serving<?> now) {
    if (now.closed()) {
      return Status.CLOSED;
    }
    if (now.version() == null) {
      return Status.EMPTY;
    }
    return now.problem() == null ? Status.SERVING : Status.STALE;
  }

  /** Ends serving; the registry is given so long to hear of it. */
  void close(Duration patience) {
    if (!versions.close()) {
      return;
    }
    if (poller == null) {
      versions.leave();
    } else if (!poller.finish(versions::leave, patience)) {
      LOG.warn(
          "{} was closed, but the registry did not answer within {}; it will forget it by itself",
          name,
          patience);
    }
  }
}
