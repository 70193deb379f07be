package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Sets up a {@link Predictor}. Not safe for use by several threads.
 *
 * @param <T> the type of the requests
 */
public final class PredictorBuilder<T> {

  /** How often a predictor looks for a change of its stage, unless set otherwise. */
  public static final Duration DEFAULT_POLL_INTERVAL = Duration.ofSeconds(1);

  /**
   * The longest interval: the registry takes a predictor that is silent for a minute to be dead,
   * and would no longer ask whether it can load what is promoted.
   */
  public static final Duration MAX_POLL_INTERVAL = Duration.ofSeconds(30);

  /** How long a predictor with a cache waits for the registry when it starts, unless set. */
  public static final Duration DEFAULT_START_PATIENCE = Duration.ofSeconds(10);

  /** How many requests wait for a shadow at most, unless set otherwise. */
  public static final int DEFAULT_SHADOW_QUEUE = 1_000;

  /** How many requests wait for a worker at most, unless set otherwise. */
  public static final int DEFAULT_WORKER_QUEUE = 1_000;

  private static final Duration DEFAULT_CLOSE_PATIENCE = Duration.ofSeconds(5);
  private static final Duration MAX_TIMEOUT = Duration.ofHours(1);

  private final Requests<T> requests;
  private final List<PredictionListener> listeners = new ArrayList<>();
  private final List<ArmPlan> arms = new ArrayList<>();
  private final List<ShadowPlan> shadows = new ArrayList<>();
  private FeatureLookup lookup = FeatureLookup.NONE;
  private InstantSource clock = InstantSource.system();
  private String name;
  private Duration pollInterval = DEFAULT_POLL_INTERVAL;
  private Duration startPatience = DEFAULT_START_PATIENCE;
  private Duration closePatience = DEFAULT_CLOSE_PATIENCE;
  private InputChecks checks = InputChecks.none();
  private int workerThreads = 2 * Runtime.getRuntime().availableProcessors();
  private int workerQueue = DEFAULT_WORKER_QUEUE;
  private @Nullable Function<? super T, ? extends @Nullable Object> splitKey;
  private @Nullable Fallback fallback;
  private @Nullable Batching batching;
  private @Nullable Duration timeout;
  private @Nullable Path cache;
  private @Nullable ModelLoaders loaders;
  private @Nullable ServedModel champion;

  PredictorBuilder(Requests<T> requests) {
    this.requests = requests;
    this.name = requests.name();
  }

  /** Where the features that are looked up come from; not needed if there are none. */
  public PredictorBuilder<T> online(FeatureLookup lookup) {
    this.lookup = Objects.requireNonNull(lookup, "lookup");
    return this;
  }

  /**
   * Serves the version that is in this stage, now and after every promotion and rollback. The model
   * need not have a version yet. The registry is told which features and which formats of models
   * this predictor has, and refuses to promote what it could not load.
   *
   * @throws IllegalStateException if the model was stated before
   * @throws IllegalArgumentException if the stage is NONE
   */
  public PredictorBuilder<T> follow(Registry registry, String model, Stage stage) {
    return serve(ServedModel.inStage(registry, model, stage));
  }

  /**
   * Serves the version that has this alias, now and after every change of it, as {@link
   * #follow(Registry, String, Stage)} does for a stage.
   *
   * @throws IllegalStateException if the model was stated before
   */
  public PredictorBuilder<T> follow(Registry registry, String model, String alias) {
    return serve(ServedModel.aliased(registry, model, alias));
  }

  /**
   * Serves one package, without a registry.
   *
   * @param model the name that predictions carry
   * @throws IllegalStateException if the model was stated before
   */
  public PredictorBuilder<T> serve(String model, ModelPackage modelPackage) {
    return serve(ServedModel.of(model, modelPackage));
  }

  /** The same under the name of what the model predicts. */
  public PredictorBuilder<T> serve(ModelPackage modelPackage) {
    return serve(modelPackage.manifest().signature().output().name(), modelPackage);
  }

  /**
   * Serves a model that is loaded already: rules, an ensemble. Whoever made it closes it, after the
   * predictor.
   *
   * @param name the name that predictions carry
   * @throws IllegalStateException if the model was stated before
   */
  public PredictorBuilder<T> serve(String name, Model model) {
    return serve(ServedModel.of(name, model));
  }

  /**
   * Serves this model; {@code follow(...)} and {@code serve(...)} in their other forms are short
   * for it.
   *
   * @throws IllegalStateException if the model was stated before
   */
  public PredictorBuilder<T> serve(ServedModel model) {
    Objects.requireNonNull(model, "model");
    if (champion != null) {
      throw new IllegalStateException(
          "the predictor serves \""
              + champion.model()
              + "\" already; follow(...) and serve(...) exclude each other, and one is called once");
    }
    this.champion = model;
    return this;
  }

  /**
   * Lets another model answer a share of the requests: a canary, or an arm of an A/B test. Which
   * requests is decided by a hash of what {@link #splitBy} names, the same everywhere and always;
   * the arm is in the prediction. If it has no version or fails, the champion answers.
   *
   * @param arm its name, other than those of the other arms and shadows
   * @param share above 0; all shares together are at most 1, the rest is the champion's
   * @throws IllegalArgumentException if the name is taken or the share is out of its range
   */
  public PredictorBuilder<T> arm(String arm, double share, ServedModel model) {
    checkArmName(arm);
    double sum = share + arms.stream().mapToDouble(ArmPlan::share).sum();
    if (!(share > 0 && sum <= 1)) {
      throw new IllegalArgumentException(
          "the share of an arm is above 0, and all together are at most 1; with "
              + share
              + " for \""
              + arm
              + "\" they are "
              + sum);
    }
    arms.add(new ArmPlan(arm, share, Objects.requireNonNull(model, "model")));
    return this;
  }

  /** The entity whose requests all go to the same arm, by its text; null goes to the champion. */
  public PredictorBuilder<T> splitBy(Function<? super T, ? extends @Nullable Object> key) {
    this.splitKey = Objects.requireNonNull(key, "key");
    return this;
  }

  /** Lets another model predict every request that was answered, as {@link #shadow} with more. */
  public PredictorBuilder<T> shadow(String shadow, ServedModel model) {
    return addShadow(shadow, model, DEFAULT_SHADOW_QUEUE, null);
  }

  /**
   * Lets another model predict every request that was answered, off the caller's thread, and
   * records the differences ({@link Predictor#shadows}). Requests are kept for that and must not be
   * changed by the caller.
   *
   * @param shadow its name, other than those of the arms and other shadows
   * @param waiting how many requests wait for it at most, 1 or more; beyond that they are dropped
   *     and counted
   * @param listener hears of every comparison
   * @throws IllegalArgumentException if the name is taken or {@code waiting} is below 1
   */
  public PredictorBuilder<T> shadow(
      String shadow, ServedModel model, int waiting, ShadowListener listener) {
    return addShadow(shadow, model, waiting, Objects.requireNonNull(listener, "listener"));
  }

  private PredictorBuilder<T> addShadow(
      String shadow, ServedModel model, int waiting, @Nullable ShadowListener listener) {
    checkArmName(shadow);
    if (waiting < 1) {
      throw new IllegalArgumentException(
          "at least 1 request can wait for shadow \"" + shadow + "\", found " + waiting);
    }
    shadows.add(new ShadowPlan(shadow, Objects.requireNonNull(model, "model"), waiting, listener));
    return this;
  }

  private void checkArmName(String arm) {
    Set<String> taken = new LinkedHashSet<>(List.of(Prediction.CHAMPION, Prediction.FALLBACK));
    arms.forEach(plan -> taken.add(plan.name()));
    shadows.forEach(plan -> taken.add(plan.name()));
    if (arm.isBlank() || taken.contains(arm)) {
      throw new IllegalArgumentException(
          "an arm or shadow has a name of its own, found \"" + arm + "\"; taken are " + taken);
    }
  }

  /** What to answer when the model cannot; without it the caller gets the exception. */
  public PredictorBuilder<T> fallback(Fallback fallback) {
    this.fallback = Objects.requireNonNull(fallback, "fallback");
    return this;
  }

  /**
   * How long a prediction may take. Requests are then answered by workers, which costs each some
   * microseconds. A request that takes longer gets the fallback or a {@link
   * PredictionTimeoutException}, and what it waits for is not interrupted.
   *
   * @throws IllegalArgumentException if it is not positive, or longer than an hour
   */
  public PredictorBuilder<T> timeout(Duration timeout) {
    if (timeout.isZero() || timeout.isNegative() || timeout.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "timeout is more than 0 and at most " + MAX_TIMEOUT + ", found " + timeout);
    }
    this.timeout = timeout;
    return this;
  }

  /**
   * The threads for timeouts and {@link Predictor#predictAsync}: twice the number of processors,
   * with {@value #DEFAULT_WORKER_QUEUE} places to wait, unless set.
   *
   * @throws IllegalArgumentException if one is below 1
   */
  public PredictorBuilder<T> workers(int threads, int waiting) {
    if (threads < 1 || waiting < 1) {
      throw new IllegalArgumentException(
          "workers(...) takes 1 thread or more and 1 place to wait or more, found "
              + threads
              + " and "
              + waiting);
    }
    this.workerThreads = threads;
    this.workerQueue = waiting;
    return this;
  }

  /** Predicts concurrent requests together, if the model gains from it. Off unless set. */
  public PredictorBuilder<T> batching(Batching batching) {
    this.batching = Objects.requireNonNull(batching, "batching");
    return this;
  }

  /** What to refuse requests for, beyond what cannot be computed. Nothing unless set. */
  public PredictorBuilder<T> checks(InputChecks checks) {
    this.checks = Objects.requireNonNull(checks, "checks");
    return this;
  }

  /**
   * Keeps the version that served last in this directory, which belongs to this predictor, and
   * starts from it when the registry cannot be asked, or does not answer within {@link
   * #startPatience}. The state is STALE until the registry answers.
   */
  public PredictorBuilder<T> cache(Path directory) {
    this.cache = Objects.requireNonNull(directory, "directory");
    return this;
  }

  /**
   * How long to wait for the registry at the start, if there is a cache.
   *
   * @throws IllegalArgumentException if it is negative, or longer than an hour
   */
  public PredictorBuilder<T> startPatience(Duration patience) {
    if (patience.isNegative() || patience.compareTo(MAX_TIMEOUT) > 0) {
      throw new IllegalArgumentException(
          "startPatience is from 0 to " + MAX_TIMEOUT + ", found " + patience);
    }
    this.startPatience = patience;
    return this;
  }

  /**
   * Tells this listener of every prediction, after those added before. What it throws, errors
   * included, is counted by {@link PredictorState#listenerFailures}, and logged the first time.
   */
  public PredictorBuilder<T> listener(PredictionListener listener) {
    listeners.add(Objects.requireNonNull(listener, "listener"));
    return this;
  }

  /**
   * What people call this predictor; the registry names it where it refuses a promotion. {@code
   * predictor of <feature set>} unless set.
   */
  public PredictorBuilder<T> named(String name) {
    this.name = Objects.requireNonNull(name, "name");
    return this;
  }

  /** The time of requests whose feature set does not state one; the system's unless set. */
  public PredictorBuilder<T> clock(InstantSource clock) {
    this.clock = Objects.requireNonNull(clock, "clock");
    return this;
  }

  /** Loads models with these loaders instead of those found on the class path. */
  public PredictorBuilder<T> loaders(ModelLoaders loaders) {
    this.loaders = Objects.requireNonNull(loaders, "loaders");
    return this;
  }

  /**
   * How often to look for a change of the stage: after a look, the time to the next one.
   *
   * @throws IllegalArgumentException if the interval is not positive, or longer than {@link
   *     #MAX_POLL_INTERVAL}
   */
  public PredictorBuilder<T> pollInterval(Duration interval) {
    if (interval.isZero() || interval.isNegative() || interval.compareTo(MAX_POLL_INTERVAL) > 0) {
      throw new IllegalArgumentException(
          "pollInterval is more than 0 and at most " + MAX_POLL_INTERVAL + ", found " + interval);
    }
    this.pollInterval = interval;
    return this;
  }

  /** How long closing waits for a registry that does not answer. */
  PredictorBuilder<T> closePatience(Duration patience) {
    this.closePatience = patience;
    return this;
  }

  /**
   * Loads the versions that should serve, if there are any, and returns the predictor. When it
   * throws, nothing is held and the registry knows no follower more than before.
   *
   * @throws IllegalStateException with all that is wrong: no model was stated; features are looked
   *     up and {@link #online} was not called; two feature sets have the same definition; the name
   *     is blank; there are arms without {@link #splitBy} or the reverse; there is a cache without
   *     a stage or alias to follow
   * @throws dev.mlops4j.feature.NoSuchFeatureViewException if a view that is looked up is not known
   *     to the store given to {@link #online}
   * @throws dev.mlops4j.MlopsException if a version that should serve cannot: a corrupt package,
   *     other features, golden rows that come out otherwise
   * @throws IllegalArgumentException if a model does not have an input that the fallback or the
   *     checks name
   */
  public Predictor<T> build() {
    Set<String> problems = problems();
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "a predictor cannot be built: " + String.join("; ", problems));
    }
    requests.views().forEach(lookup::requireView);
    return new Predictor<>(this);
  }

  private Set<String> problems() {
    Set<String> problems = new LinkedHashSet<>();
    if (champion == null) {
      problems.add("it needs follow(registry, model, stage) or serve(package)");
    } else if (cache != null && !champion.isFollowed()) {
      problems.add("cache(...) keeps versions of a registry, and serve(...) was called");
    }
    if (name.isBlank()) {
      problems.add("named(...) was given a blank name");
    }
    if (lookup == FeatureLookup.NONE) {
      problems.addAll(requests.problemsWithoutLookup());
    }
    problems.addAll(requests.problems());
    if (arms.isEmpty() != (splitKey == null)) {
      problems.add("arm(...) and splitBy(...) go together, and only one was called");
    }
    return problems;
  }

  Requests<T> requests() {
    return requests;
  }

  Workers newWorkers() {
    return new Workers("mlops4j-worker-" + name, workerThreads, workerQueue);
  }

  /** Loads the models and begins to look for others; when it throws, nothing is held. */
  Arms<T> startArms(FeatureLookup counted) {
    Capabilities capabilities = new Capabilities(requests.fingerprints(), loaders().formats());
    List<Arms.Starter> starters = new ArrayList<>();
    ServedModel first = Objects.requireNonNull(champion);
    Arm<T> main = arm(Prediction.CHAMPION, first, capabilities, counted, starters);
    List<Arm<T>> others = new ArrayList<>();
    for (ArmPlan plan : arms) {
      others.add(arm(plan.name(), plan.model(), capabilities, counted, starters));
    }
    List<Shadow<T>> followed = new ArrayList<>();
    for (ShadowPlan plan : shadows) {
      followed.add(
          new Shadow<>(
              arm(plan.name(), plan.model(), capabilities, counted, starters),
              plan.waiting(),
              plan.listener()));
    }
    double[] shares = arms.stream().mapToDouble(ArmPlan::share).toArray();
    Split<T> split = splitKey == null ? null : new Split<>(first.model(), splitKey, others, shares);
    Arms<T> all = new Arms<>(first.model(), main, others, split, followed);
    all.start(starters, closePatience);
    return all;
  }

  private Arm<T> arm(
      String called,
      ServedModel model,
      Capabilities capabilities,
      FeatureLookup counted,
      List<Arms.Starter> starters) {
    boolean isChampion = called.equals(Prediction.CHAMPION);
    ModelSource source = model.open(isChampion ? name : name + ", " + called, capabilities);
    if (cache != null && source instanceof FollowedModel followed) {
      source = new CachedModel(followed, new PackageCache(cache.resolve(called)));
    }
    VersionLoader<T> loader =
        new VersionLoader<>(
            requests,
            loaders(),
            counted,
            clock,
            checks,
            fallback == null ? Set.of() : fallback.inputs(),
            batching);
    Arm<T> arm = new Arm<>(called, source, loader);
    ModelSource started = source;
    starters.add(() -> arm.start(started, pollInterval, startPatience));
    return arm;
  }

  private ModelLoaders loaders() {
    if (loaders == null) {
      loaders = ModelLoaders.discovered();
    }
    return loaders;
  }

  List<PredictionListener> listeners() {
    return List.copyOf(listeners);
  }

  FeatureLookup lookup() {
    return lookup;
  }

  @Nullable Fallback fallback() {
    return fallback;
  }

  @Nullable Duration timeout() {
    return timeout;
  }

  Duration closePatience() {
    return closePatience;
  }

  private record ArmPlan(String name, double share, ServedModel model) {}

  private record ShadowPlan(
      String name, ServedModel model, int waiting, @Nullable ShadowListener listener) {}
}
