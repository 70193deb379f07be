package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.serving.PredictorState.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers requests in this process with the model of a registry's stage, or of one package.
 *
 * <pre>{@code
 * try (Predictor<Flight> predictor = Predictor.of(FEATURES)
 *     .online(features)
 *     .follow(registry, "flight-delay", Stage.PRODUCTION)
 *     .build()) {
 *   double late = predictor.predict(flight).value();
 * }
 * }</pre>
 *
 * <p>A predictor that follows a stage looks for a change at a stated interval. A version that comes
 * is loaded, verified, checked against the feature definitions of this program, replayed against
 * its golden rows, and then takes over at once: a prediction under way ends on the version it began
 * with, and the old model is closed after the last of them. A version that fails any of this does
 * not take over; the old one goes on, and {@link #state()} says why. A stage that becomes empty
 * leaves the predictor empty.
 *
 * <p>Safe for any number of threads. Whoever builds a predictor closes it.
 *
 * @param <T> the type of the requests
 */
public final class Predictor<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);

  private final List<FeatureSet<T>> featureSets;
  private final FeatureLookup lookup;
  private final InstantSource clock;
  private final ModelSource source;
  private final ModelLoaders loaders;
  private final List<PredictionListener> listeners;
  private final PredictionIds ids = new PredictionIds();
  private final LongAdder listenerFailures = new LongAdder();
  private final ScheduledExecutorService poller;

  private volatile @Nullable ServedVersion<T> serving;
  private volatile @Nullable String problem;
  private volatile long swaps;
  private volatile boolean closed;
  private @Nullable Integer refused;

  Predictor(PredictorBuilder<T> builder, ModelSource source) {
    this.featureSets = builder.featureSets();
    this.lookup = builder.lookup();
    this.clock = builder.clock();
    this.source = source;
    this.loaders = builder.loaders();
    this.listeners = builder.listeners();
    this.poller = Executors.newSingleThreadScheduledExecutor(Predictor::daemon);
  }

  /** Starts a predictor of requests that these features, or one of several sets, are made from. */
  @SafeVarargs
  public static <T> PredictorBuilder<T> of(FeatureSet<T> features, FeatureSet<T>... others) {
    return new PredictorBuilder<>(features, others);
  }

  /** Loads the first version and begins to look for others; called once. */
  void start(Duration pollInterval) {
    swapTo(source.current());
    long nanos = pollInterval.toNanos();
    poller.scheduleWithFixedDelay(this::poll, nanos, nanos, TimeUnit.NANOSECONDS);
  }

  /**
   * Predicts, under an id of the predictor's own making.
   *
   * @throws NoServingVersionException if the stage is empty
   * @throws IllegalStateException if the predictor is closed
   */
  public Prediction predict(T request) {
    return predict(ids.next(), request);
  }

  /**
   * Predicts, under the caller's own id, by which the outcome will be joined.
   *
   * @throws NoServingVersionException if the stage is empty
   * @throws IllegalStateException if the predictor is closed
   */
  public Prediction predict(String id, T request) {
    ServedVersion<T> version = acquire();
    Prediction prediction;
    try {
      prediction = version.predict(id, request, lookup, clock);
    } finally {
      version.release();
    }
    for (PredictionListener listener : listeners) {
      tell(listener, prediction);
    }
    return prediction;
  }

  /**
   * Looks for a change now, without waiting for the interval to end, and returns when the change,
   * if there was one, is in place or refused.
   *
   * @return what is served after that
   */
  public PredictorState refresh() {
    poll();
    return state();
  }

  /** What is served at the moment. */
  public PredictorState state() {
    ServedVersion<T> version = serving;
    String why = problem;
    Status status = version == null ? Status.EMPTY : why == null ? Status.SERVING : Status.STALE;
    return new PredictorState(
        status, version == null ? 0 : version.number(), swaps, listenerFailures.sum(), why);
  }

  /** Stops looking for changes; the model is closed after the predictions under way. */
  @Override
  public void close() {
    poller.shutdownNow();
    synchronized (this) {
      if (!closed) {
        closed = true;
        serve(null);
        source.close();
      }
    }
  }

  private ServedVersion<T> acquire() {
    while (true) {
      ServedVersion<T> version = serving;
      if (version == null) {
        if (closed) {
          throw new IllegalStateException("the predictor of \"" + source.model() + "\" is closed");
        }
        throw source.empty();
      }
      if (version.acquire()) {
        return version;
      }
    }
  }

  private void tell(PredictionListener listener, Prediction prediction) {
    try {
      listener.predicted(prediction);
    } catch (RuntimeException e) {
      if (listenerFailures.sum() == 0) {
        LOG.warn("a prediction listener failed; further failures are only counted", e);
      }
      listenerFailures.increment();
    }
  }

  private synchronized void poll() {
    if (closed) {
      return;
    }
    Integer wanted = null;
    try {
      wanted = source.current();
      if (isNews(wanted)) {
        swapTo(wanted);
        LOG.info("\"{}\" is now served by version {}", source.model(), wanted);
      }
    } catch (RuntimeException e) {
      if (wanted == null || !wanted.equals(refused)) {
        LOG.warn("\"{}\" goes on as it is, version {} cannot serve", source.model(), wanted, e);
      }
      refused = wanted;
      problem = e.getMessage() == null ? e.toString() : e.getMessage();
    }
  }

  /** A version that was refused is not tried again before another one was wanted. */
  private boolean isNews(@Nullable Integer wanted) {
    ServedVersion<T> now = serving;
    Integer current = now == null ? null : (Integer) now.number();
    if (Objects.equals(wanted, current)) {
      problem = null;
      refused = null;
      return false;
    }
    return wanted == null || !wanted.equals(refused);
  }

  private synchronized void swapTo(@Nullable Integer wanted) {
    serve(wanted == null ? null : load(wanted));
    problem = null;
    refused = null;
    source.serving(wanted);
  }

  private void serve(@Nullable ServedVersion<T> next) {
    ServedVersion<T> previous = serving;
    serving = next;
    if (previous != null) {
      previous.retire();
      swaps++;
    }
  }

  private ServedVersion<T> load(int version) {
    ModelPackage modelPackage = source.load(version);
    FeatureSet<T> features =
        FeatureSets.matching(featureSets, source.model(), version, modelPackage);
    Vectorizer<T> vectorizer = features.bind(modelPackage.manifest().signature());
    vectorizer.replay(modelPackage.goldenRows());
    return new ServedVersion<>(source.model(), version, loaders.load(modelPackage), vectorizer);
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "mlops4j-predictor");
    thread.setDaemon(true);
    return thread;
  }
}
