package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.serving.PredictorState.Status;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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
 * <p>A predictor that follows a stage looks for a change at a stated interval, on a daemon thread
 * of its own. A version that comes is loaded, verified, checked against the feature definitions of
 * this program, replayed against its golden rows, and then takes over at once: a prediction under
 * way ends on the version it began with, and the old model is closed after the last of them. A
 * version that fails any of this does not take over: the old one goes on, {@link #state()} says
 * why, and the version is tried again, each time after twice as many looks, up to 64. A registry
 * that fails or hangs does not touch predictions either. A stage that becomes empty leaves the
 * predictor empty.
 *
 * <p>Safe for any number of threads. Whoever builds a predictor closes it.
 *
 * @param <T> the type of the requests
 */
public final class Predictor<T> implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(Predictor.class);

  private final String name;
  private final HotSwap<T> versions;
  private final FeatureLookup lookup;
  private final InstantSource clock;
  private final Listeners listeners;
  private final Duration closePatience;
  private final PredictionIds ids = new PredictionIds();
  private final @Nullable Poller poller;

  /** Loads the first version and begins to look for others; when it throws, nothing is held. */
  Predictor(PredictorBuilder<T> builder, ModelSource source) {
    this.name = builder.name();
    this.versions = new HotSwap<>(source, builder.versionLoader());
    this.lookup = builder.lookup();
    this.clock = builder.clock();
    this.listeners = new Listeners(builder.listeners());
    this.closePatience = builder.closePatience();
    try {
      versions.start();
      this.poller =
          source.changes()
              ? new Poller(
                  "mlops4j-predictor-" + source.model(),
                  builder.pollInterval(),
                  () -> versions.look(false))
              : null;
    } catch (Throwable e) {
      versions.close();
      versions.leave();
      throw e;
    }
  }

  /**
   * Starts a predictor of requests that these features are made from. With several sets, each
   * version uses the one it was trained on, so that a rollback works across a change of features.
   */
  @SafeVarargs
  public static <T> PredictorBuilder<T> of(FeatureSet<T> features, FeatureSet<T>... others) {
    List<FeatureSet<T>> sets = new ArrayList<>();
    sets.add(features);
    for (FeatureSet<T> other : others) {
      sets.add(other);
    }
    return new PredictorBuilder<>(sets);
  }

  /**
   * Predicts, under an id of the predictor's own making that no other prediction has.
   *
   * @throws NoServingVersionException if no version serves
   * @throws IllegalStateException if the predictor is closed
   * @throws dev.mlops4j.MlopsException if a feature cannot be computed or looked up
   */
  public Prediction predict(T request) {
    return answer(ids.next(), request);
  }

  /**
   * Predicts, under the caller's own id, by which the outcome will be joined. The predictor does
   * not see to it that ids differ. Listeners have heard of the prediction when the call returns; of
   * one that throws they do not hear.
   *
   * @param id Unicode text, without half of a surrogate pair
   * @throws IllegalArgumentException if the id is no such text, which a ledger could not tell from
   *     others
   * @throws NoServingVersionException if no version serves
   * @throws IllegalStateException if the predictor is closed
   * @throws dev.mlops4j.MlopsException if a feature cannot be computed or looked up
   */
  public Prediction predict(String id, T request) {
    PredictionIds.check(Objects.requireNonNull(id, "id"));
    return answer(id, request);
  }

  private Prediction answer(String id, T request) {
    Objects.requireNonNull(request, "request");
    ServedVersion<T> version = versions.acquire();
    Prediction prediction;
    try {
      prediction = version.predict(id, request, lookup, clock);
    } finally {
      version.release();
    }
    listeners.tell(prediction);
    return prediction;
  }

  /**
   * Looks for a change now, without waiting for the interval to end, and returns when the change,
   * if there is one, is in place or refused. A version that was refused before is tried again.
   * Blocks for as long as the registry and the loading take; never throws because of them.
   *
   * @return what is served after that
   */
  public PredictorState refresh() {
    versions.look(true);
    return state();
  }

  /** What is served at the moment. Blocks on nothing. */
  public PredictorState state() {
    HotSwap.Serving<T> now = versions.now();
    Integer number = now.number();
    return new PredictorState(
        status(now), number == null ? 0 : number, now.swaps(), listeners.failures(), now.problem());
  }

  /**
   * Ends serving: no prediction begins any more, the model is closed after those under way, and the
   * registry no longer counts this predictor among its followers. If the registry does not answer,
   * it is given a few seconds, and forgets the predictor by itself later. Closing twice does
   * nothing.
   */
  @Override
  public void close() {
    if (!versions.close()) {
      return;
    }
    if (poller == null) {
      versions.leave();
    } else if (!poller.finish(versions::leave, closePatience)) {
      LOG.warn(
          "{} was closed, but the registry did not answer within {}; it will forget it by itself",
          name,
          closePatience);
    }
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
}
