package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.Explanation;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.model.Signature;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Answers requests in this process with the model of a registry's stage or alias, or of one
 * package.
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
 * this program, replayed against its golden rows, warmed, and then takes over at once: a prediction
 * under way ends on the version it began with, and the old model is closed after the last of them.
 * A version that fails any of this does not take over: the old one goes on, {@link #state()} says
 * why, and the version is tried again, each time after twice as many looks, up to 64. A registry
 * that fails or hangs does not touch predictions either. A stage that becomes empty leaves the
 * predictor empty.
 *
 * <p>Safe for any number of threads. Whoever builds a predictor closes it.
 *
 * @param <T> the type of the requests
 */
public final class Predictor<T> implements AutoCloseable {

  private final Arms<T> arms;
  private final Requests<T> requests;
  private final Answers<T> answers;
  private final Listeners listeners;
  private final CountingLookup lookup;
  private final Workers workers;
  private final @Nullable Duration timeout;
  private final Duration closePatience;
  private final PredictionIds ids = new PredictionIds();

  /** Loads the first versions and begins to look for others; when it throws, nothing is held. */
  Predictor(PredictorBuilder<T> builder) {
    this.requests = builder.requests();
    this.lookup = new CountingLookup(builder.lookup(), requests.views());
    this.listeners = new Listeners(builder.listeners());
    this.timeout = builder.timeout();
    this.closePatience = builder.closePatience();
    this.workers = builder.newWorkers();
    this.arms = builder.startArms(lookup);
    this.answers = new Answers<>(arms, requests, builder.fallback(), listeners);
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
    return new PredictorBuilder<>(new FeatureRequests<>(List.copyOf(sets)));
  }

  /**
   * Starts a predictor of requests that are the inputs of the model themselves, by name: a number
   * for a numeric input (or a truth value), text for a category, null for what is missing. No code
   * of features runs, so golden requests are not replayed, golden vectors are. Every input has to
   * be there, and no other.
   */
  public static PredictorBuilder<Map<String, @Nullable Object>> ofInputs() {
    return new PredictorBuilder<>(new InputRequests());
  }

  /**
   * Predicts, under an id of the predictor's own making that no other prediction has.
   *
   * @throws InvalidRequestException with all that is wrong with the request, if it is refused
   * @throws NoServingVersionException if no version serves, and there is no fallback
   * @throws PredictionTimeoutException if a timeout was set and passes, and there is no fallback
   * @throws PredictorOverloadedException if a timeout was set and all workers and places to wait
   *     are taken, and there is no fallback
   * @throws IllegalStateException if the predictor is closed
   * @throws dev.mlops4j.MlopsException if a feature cannot be computed or looked up, and there is
   *     no fallback
   */
  public Prediction predict(T request) {
    return answer(ids.next(), request);
  }

  /**
   * Predicts, under the caller's own id, by which the outcome will be joined. The predictor does
   * not see to it that ids differ. Listeners have heard of the prediction when the call returns;
   * one that throws or falls back they hear of as failed.
   *
   * @param id Unicode text, without half of a surrogate pair
   * @throws IllegalArgumentException if the id is no such text, which a ledger could not tell from
   *     others
   * @throws IllegalStateException if the predictor is closed
   * @throws dev.mlops4j.MlopsException as {@link #predict(Object)}
   */
  public Prediction predict(String id, T request) {
    PredictionIds.check(Objects.requireNonNull(id, "id"));
    return answer(id, request);
  }

  private Prediction answer(String id, T request) {
    Objects.requireNonNull(request, "request");
    Duration limit = timeout;
    long start = System.nanoTime();
    LookupRecord lookups = listeners.lookupsOf(id);
    Prediction prediction;
    try {
      prediction =
          limit == null
              ? answers.model(id, request, start, lookups)
              : workers.call(() -> answers.model(id, request, start, lookups), limit);
    } catch (RuntimeException e) {
      return answers.instead(id, e, start);
    }
    tell(request, prediction, lookups);
    return prediction;
  }

  /**
   * Predicts many requests at once, with one version for each arm they fall to; for models that
   * gain from batches that is much faster than one by one. The timeout is for all of them. A
   * request that fails is asked again alone, and gets its fallback; without one its exception ends
   * the call, and listeners do not hear of any.
   *
   * @return one prediction a request, in their order
   * @throws dev.mlops4j.MlopsException as {@link #predict(Object)}
   */
  public List<Prediction> predictAll(List<? extends T> requests) {
    List<T> all = new ArrayList<>(requests.size());
    List<String> under = new ArrayList<>(requests.size());
    for (T request : requests) {
      all.add(Objects.requireNonNull(request, "request"));
      under.add(ids.next());
    }
    Duration limit = timeout;
    long start = System.nanoTime();
    Map<String, LookupRecord> lookups = listeners.lookupsOf(under);
    List<Prediction> predictions;
    try {
      predictions =
          limit == null
              ? answers.models(under, all, start, lookups)
              : workers.call(() -> answers.models(under, all, start, lookups), limit);
    } catch (PredictionTimeoutException | PredictorOverloadedException e) {
      return under.stream().map(id -> answers.instead(id, e, start)).toList();
    }
    for (int i = 0; i < predictions.size(); i++) {
      Prediction prediction = predictions.get(i);
      if (!prediction.arm().equals(Prediction.FALLBACK)) {
        tell(all.get(i), prediction, lookups.get(prediction.id()));
      }
    }
    return predictions;
  }

  /**
   * Predicts on a worker of the predictor.
   *
   * @return completed by the worker, with what {@link #predict(Object)} gives or throws; if a
   *     timeout was set, not later than that
   */
  public CompletableFuture<Prediction> predictAsync(T request) {
    Objects.requireNonNull(request, "request");
    String id = ids.next();
    long start = System.nanoTime();
    CompletableFuture<Prediction> future = new CompletableFuture<>();
    try {
      workers.execute(() -> complete(future, id, request, start));
    } catch (PredictorOverloadedException e) {
      completeInstead(future, id, e, start);
    }
    Duration limit = timeout;
    return limit == null
        ? future
        : future
            .orTimeout(limit.toNanos(), TimeUnit.NANOSECONDS)
            .exceptionally(e -> late(id, e, limit, start));
  }

  private void complete(CompletableFuture<Prediction> future, String id, T request, long start) {
    LookupRecord lookups = listeners.lookupsOf(id);
    try {
      Prediction prediction = answers.model(id, request, start, lookups);
      if (future.complete(prediction)) {
        tell(request, prediction, lookups);
      }
    } catch (RuntimeException e) {
      if (!future.isDone()) {
        completeInstead(future, id, e, start);
      }
    } catch (Throwable e) {
      future.completeExceptionally(e);
    }
  }

  private void completeInstead(
      CompletableFuture<Prediction> future, String id, RuntimeException failure, long start) {
    try {
      future.complete(answers.instead(id, failure, start));
    } catch (RuntimeException e) {
      future.completeExceptionally(e);
    }
  }

  private Prediction late(String id, Throwable failure, Duration limit, long start) {
    if (failure instanceof TimeoutException) {
      return answers.instead(id, new PredictionTimeoutException(limit), start);
    }
    throw failure instanceof CompletionException e ? e : new CompletionException(failure);
  }

  private void tell(T request, Prediction prediction, @Nullable LookupRecord lookups) {
    arms.shadow(request, prediction);
    listeners.tell(request, prediction, lookups);
  }

  /**
   * What each input contributed to a prediction that this predictor gave.
   *
   * @throws dev.mlops4j.model.ExplanationException if the model does not explain, the answer was a
   *     fallback, or the version that gave it serves no more
   */
  public Explanation explain(Prediction prediction) {
    return arms.explain(prediction);
  }

  /** This predictor for callers that have columns or JSON instead of a type. */
  public UntypedPredictor untyped() {
    return new UntypedRequests<>(this, requests, arms);
  }

  /**
   * Tells this listener too of every prediction from now on, as {@link PredictorBuilder#listener}.
   */
  public void addListener(PredictionListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
  }

  /**
   * Looks for changes now, without waiting for the interval to end, and returns when the change, if
   * there is one, is in place or refused. A version that was refused before is tried again. Blocks
   * for as long as the registry and the loading take; never throws because of them.
   *
   * @return what is served after that
   */
  public PredictorState refresh() {
    arms.look();
    return state();
  }

  /** What the champion serves at the moment. Blocks on nothing. */
  public PredictorState state() {
    return arms.champion().state(listeners.failures());
  }

  /** What each arm and shadow serves at the moment, by name, the champion among them. */
  public SortedMap<String, PredictorState> states() {
    SortedMap<String, PredictorState> states = new TreeMap<>();
    arms.all().forEach(arm -> states.put(arm.name(), arm.state(0)));
    states.put(Prediction.CHAMPION, state());
    return states;
  }

  /** What was done so far. */
  public PredictorCounts counts() {
    return new PredictorCounts(
        arms.answered(),
        answers.fallbacks(),
        answers.failed(),
        answers.armFailures(),
        listeners.failures(),
        lookup.counts());
  }

  /** How each shadow compares with the answers given. */
  public List<ShadowReport> shadows() {
    return arms.shadowReports();
  }

  /** Whether it does its work. */
  public Health health() {
    return arms.health();
  }

  /** The name of the champion's model. */
  public String model() {
    return arms.model();
  }

  /** The signature of the version that serves, or null if none does. */
  public @Nullable Signature signature() {
    return arms.signature();
  }

  /**
   * Ends serving: no prediction begins any more, the models are closed after those under way, and
   * the registry no longer counts this predictor among its followers. If the registry does not
   * answer, it is given a few seconds, and forgets the predictor by itself later. Closing twice
   * does nothing.
   */
  @Override
  public void close() {
    arms.close(closePatience);
    workers.close();
  }
}
