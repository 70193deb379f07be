package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.registry.Capabilities;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;
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

  private static final Duration DEFAULT_CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final List<FeatureSet<T>> featureSets;
  private final List<PredictionListener> listeners = new ArrayList<>();
  private FeatureLookup lookup = FeatureLookup.NONE;
  private InstantSource clock = InstantSource.system();
  private String name;
  private Duration pollInterval = DEFAULT_POLL_INTERVAL;
  private Duration closePatience = DEFAULT_CLOSE_PATIENCE;
  private @Nullable ModelLoaders loaders;
  private @Nullable Supplier<ModelSource> source;

  PredictorBuilder(List<FeatureSet<T>> featureSets) {
    this.featureSets = List.copyOf(featureSets);
    this.name = "predictor of " + this.featureSets.get(0).name();
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
   * @throws IllegalStateException if {@link #serve} or this was called before
   * @throws IllegalArgumentException if the stage is NONE
   */
  public PredictorBuilder<T> follow(Registry registry, String model, Stage stage) {
    Objects.requireNonNull(registry, "registry");
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(stage, "stage");
    requireNoSource("follow");
    if (stage == Stage.NONE) {
      throw new IllegalArgumentException(
          "follow(...) takes a stage that a version serves in, such as PRODUCTION, found NONE, which"
              + " has no current version");
    }
    this.source = () -> new FollowedStage(registry, model, stage, name, capabilities());
    return this;
  }

  /**
   * Serves one package, without a registry.
   *
   * @param model the name that predictions carry
   * @throws IllegalStateException if {@link #follow} or this was called before
   */
  public PredictorBuilder<T> serve(String model, ModelPackage modelPackage) {
    Objects.requireNonNull(model, "model");
    Objects.requireNonNull(modelPackage, "modelPackage");
    requireNoSource("serve");
    this.source = () -> new FixedPackage(model, modelPackage);
    return this;
  }

  /** The same under the name of what the model predicts. */
  public PredictorBuilder<T> serve(ModelPackage modelPackage) {
    return serve(modelPackage.manifest().signature().output().name(), modelPackage);
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
   * Loads the version that should serve, if there is one, and returns the predictor. When it
   * throws, nothing is held and the registry knows no follower more than before.
   *
   * @throws IllegalStateException with all that is wrong: neither {@link #follow} nor {@link
   *     #serve} was called; features are looked up and {@link #online} was not called; two feature
   *     sets have the same definition; the name is blank
   * @throws dev.mlops4j.feature.NoSuchFeatureViewException if a view that is looked up is not known
   *     to the store given to {@link #online}
   * @throws dev.mlops4j.MlopsException if the version that should serve cannot: a corrupt package,
   *     other features, golden rows that come out otherwise
   */
  public Predictor<T> build() {
    Supplier<ModelSource> from = source;
    Set<String> problems = problems();
    if (from == null || !problems.isEmpty()) {
      throw new IllegalStateException(
          "a predictor cannot be built: " + String.join("; ", problems));
    }
    featureSets.forEach(features -> features.views().forEach(lookup::requireView));
    return new Predictor<>(this, from.get());
  }

  private Set<String> problems() {
    Set<String> problems = new LinkedHashSet<>();
    if (source == null) {
      problems.add("it needs follow(registry, model, stage) or serve(package)");
    }
    if (name.isBlank()) {
      problems.add("named(...) was given a blank name");
    }
    Map<Digest, String> names = new HashMap<>();
    for (FeatureSet<T> features : featureSets) {
      if (!features.views().isEmpty() && lookup == FeatureLookup.NONE) {
        problems.add(
            "feature set \"" + features.name() + "\" looks views up, so it needs online(...)");
      }
      if (names.put(features.fingerprint(), features.name()) != null) {
        problems.add(
            "feature set \""
                + features.name()
                + "\" was given twice; two sets differ in a name, a type or a version");
      }
    }
    return problems;
  }

  private void requireNoSource(String asked) {
    if (source != null) {
      throw new IllegalStateException(
          asked
              + "(...) was called, but the predictor has a model already; "
              + "follow(...) and serve(...) exclude each other, and each is called once");
    }
  }

  String name() {
    return name;
  }

  VersionLoader<T> versionLoader() {
    return new VersionLoader<>(featureSets, modelLoaders());
  }

  private Capabilities capabilities() {
    return new Capabilities(
        featureSets.stream().map(FeatureSet::fingerprint).collect(Collectors.toSet()),
        modelLoaders().formats());
  }

  private ModelLoaders modelLoaders() {
    return loaders == null ? ModelLoaders.discovered() : loaders;
  }

  List<PredictionListener> listeners() {
    return List.copyOf(listeners);
  }

  FeatureLookup lookup() {
    return lookup;
  }

  InstantSource clock() {
    return clock;
  }

  Duration pollInterval() {
    return pollInterval;
  }

  Duration closePatience() {
    return closePatience;
  }
}
