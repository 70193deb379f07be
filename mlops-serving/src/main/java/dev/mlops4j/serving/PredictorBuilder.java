package dev.mlops4j.serving;

import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PredictionListener;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
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

  private static final String DEFAULT_NAME = "predictor";

  private final List<FeatureSet<T>> featureSets = new ArrayList<>();
  private final List<PredictionListener> listeners = new ArrayList<>();
  private FeatureLookup lookup = FeatureLookup.NONE;
  private InstantSource clock = InstantSource.system();
  private String name = DEFAULT_NAME;
  private Duration pollInterval = DEFAULT_POLL_INTERVAL;
  private @Nullable ModelLoaders loaders;
  private @Nullable Supplier<ModelSource> source;

  @SafeVarargs
  PredictorBuilder(FeatureSet<T> features, FeatureSet<T>... others) {
    featureSets.add(features);
    featureSets.addAll(List.of(others));
  }

  /** Where the features that are looked up come from; not needed if there are none. */
  public PredictorBuilder<T> online(FeatureLookup lookup) {
    this.lookup = lookup;
    return this;
  }

  /**
   * Serves the version that is in this stage, now and after every promotion and rollback.
   *
   * @throws IllegalStateException if {@link #serve} was called
   */
  public PredictorBuilder<T> follow(Registry registry, String model, Stage stage) {
    requireNoSource("follow");
    this.source =
        () ->
            new FollowedStage(
                registry,
                model,
                stage,
                name,
                featureSets.stream().map(FeatureSet::fingerprint).collect(Collectors.toSet()));
    return this;
  }

  /**
   * Serves one package, without a registry.
   *
   * @throws IllegalStateException if {@link #follow} was called
   */
  public PredictorBuilder<T> serve(ModelPackage modelPackage) {
    requireNoSource("serve");
    this.source = () -> new FixedPackage(modelPackage);
    return this;
  }

  /** Tells this listener of every prediction, after those added before. */
  public PredictorBuilder<T> listener(PredictionListener listener) {
    listeners.add(listener);
    return this;
  }

  /** What people call this predictor; the registry names it where it refuses a promotion. */
  public PredictorBuilder<T> named(String name) {
    this.name = name;
    return this;
  }

  /** The time of requests whose feature set does not state one; the system's unless set. */
  public PredictorBuilder<T> clock(InstantSource clock) {
    this.clock = clock;
    return this;
  }

  /** Loads models with these loaders instead of those found on the class path. */
  public PredictorBuilder<T> loaders(ModelLoaders loaders) {
    this.loaders = loaders;
    return this;
  }

  /**
   * How often to look for a change of the stage.
   *
   * @throws IllegalArgumentException if the interval is not positive
   */
  public PredictorBuilder<T> pollInterval(Duration interval) {
    if (interval.isZero() || interval.isNegative()) {
      throw new IllegalArgumentException("pollInterval is positive, found " + interval);
    }
    this.pollInterval = interval;
    return this;
  }

  /**
   * Loads the version that should serve, and returns the predictor.
   *
   * @throws IllegalStateException if neither {@link #follow} nor {@link #serve} was called, or
   *     features are looked up and {@link #online} was not called
   * @throws dev.mlops4j.MlopsException if the version that should serve cannot: a corrupt package,
   *     other features, golden rows that come out otherwise
   */
  public Predictor<T> build() {
    checkComplete();
    Predictor<T> predictor = new Predictor<>(this, Objects.requireNonNull(source).get());
    try {
      predictor.start(pollInterval);
    } catch (RuntimeException e) {
      predictor.close();
      throw e;
    }
    return predictor;
  }

  private void checkComplete() {
    List<String> problems = new ArrayList<>();
    if (source == null) {
      problems.add("it needs follow(...) or serve(...)");
    }
    for (FeatureSet<T> features : featureSets) {
      if (!features.views().isEmpty() && lookup == FeatureLookup.NONE) {
        problems.add("features \"" + features.name() + "\" are looked up, so it needs online(...)");
      }
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException(
          "a predictor cannot be built: " + String.join("; ", problems));
    }
  }

  private void requireNoSource(String asked) {
    if (source != null) {
      throw new IllegalStateException(
          asked
              + "(...) was called, but the predictor has a model already; "
              + "follow(...) and serve(...) exclude each other");
    }
  }

  List<FeatureSet<T>> featureSets() {
    return List.copyOf(featureSets);
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

  ModelLoaders loaders() {
    return loaders == null ? ModelLoaders.discovered() : loaders;
  }
}
