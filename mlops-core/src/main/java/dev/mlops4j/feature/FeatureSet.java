package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * The features of a request, defined once for training and serving: functions of the request, and
 * views that are looked up for it. Immutable; safe for any number of threads if its functions are.
 *
 * <pre>{@code
 * FeatureSet<Flight> features = FeatureSet.named("flight_delay", Flight.class)
 *     .at(flight -> flight.scheduledDeparture().minus(1, HOURS))
 *     .numeric("distance", Flight::distanceMiles)
 *     .categorical("carrier", Flight::carrier)
 *     .lookup(WEATHER.as("origin_weather"), Flight::origin)
 *     .build();
 * }</pre>
 *
 * <p>What is looked up is what was visible when the prediction was asked, in training as in
 * serving. A flight that is asked about an hour before its departure at 12:00:
 *
 * <pre>
 *       ├──────── looked up ───────┤ at                      knownAt
 *   ──●────────●───────────────●───◆────────────○────┼──────────▲────▶
 *     events visible by then       11:00        │    12:00      14:40
 *                                  what became visible later    the label is known from here on
 *                                  is not seen
 * </pre>
 *
 * <p>A training set as of a moment before 14:40 leaves the record out, as its label is not yet
 * known then; see {@link Target#knownAt}.
 *
 * <p>A feature is sensitive if it has the name of a sensitive column of the request ({@link
 * dev.mlops4j.data.Sensitive}; a component {@code cardNumber} is the column {@code card_number}).
 * What a function reads cannot be seen: one that gives a sensitive value another name passes it on.
 *
 * @param <T> the requests
 */
public final class FeatureSet<T> {

  private final String name;
  private final @Nullable Function<? super T, Instant> at;
  private final List<SetFeature<T>> features;
  private final List<SetLookup<T>> lookups;
  private final @Nullable RecordCodec<T> codec;
  private final Set<String> sensitive;
  private final Digest fingerprint;
  private final String definition;
  private final LookedUp.Names names;
  private final String description;
  private final String owner;
  private final Class<T> requestType;

  FeatureSet(
      String name,
      @Nullable Function<? super T, Instant> at,
      List<SetFeature<T>> features,
      List<SetLookup<T>> lookups,
      @Nullable RecordCodec<T> codec,
      Set<String> sensitive,
      String description,
      String owner,
      Class<T> requestType) {
    this.requestType = requestType;
    this.name = name;
    this.description = description;
    this.owner = owner;
    this.at = at;
    this.features = List.copyOf(features);
    this.lookups = List.copyOf(lookups);
    this.codec = codec;
    this.sensitive = Set.copyOf(sensitive);
    this.names = new LookedUp.Names(name, this.lookups);
    this.definition = SetDefinition.of(name, this.features, this.lookups);
    this.fingerprint = Digest.of(definition);
  }

  /** Starts a set of this name over requests of this type. */
  public static <T> Builder<T> named(String name, Class<T> type) {
    return new FeatureSetBuilder<>(name, type);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** What the features are of. */
  Class<T> requestType() {
    return requestType;
  }

  /** What the set is for; empty if that is not stated. */
  public String description() {
    return description;
  }

  /** Who answers for the set; empty if that is not stated. */
  public String owner() {
    return owner;
  }

  /**
   * The features as inputs that no training has seen yet: in the order of the vector, the
   * categorical ones without categories.
   */
  public List<Signature.Input> inputs() {
    return features.stream()
        .map(feature -> new Signature.Input(feature.name, feature.type, List.of()))
        .toList();
  }

  /**
   * Whether a feature has the name of a sensitive column, so that its values are not to be told.
   */
  public boolean isSensitive(String feature) {
    return sensitive.contains(feature);
  }

  /**
   * By how much a value of this feature may differ from another computation of it: 0, which means
   * not by a bit, unless it states a tolerance.
   *
   * @throws NoSuchFeatureException if the set has none of this name
   */
  public double tolerance(String feature) {
    for (SetFeature<T> one : features) {
      if (one.name.equals(feature)) {
        return one.tolerance;
      }
    }
    throw new NoSuchFeatureException("feature set \"" + name + "\"", feature, features());
  }

  /** The names of the features, in the order of the vector; see {@link Builder#lookup}. */
  public List<String> features() {
    return features.stream().map(feature -> feature.name).toList();
  }

  /** The names under which views are looked up, in the order in which they were stated. */
  public List<String> lookupNames() {
    return lookups.stream().map(SetLookup::alias).toList();
  }

  /** The views that are looked up, each once. */
  public List<FeatureView> views() {
    return lookups.stream().map(SetLookup::view).distinct().toList();
  }

  /**
   * The moment the prediction for this request is asked, or empty if the set does not state one,
   * which means now.
   */
  public Optional<Instant> askedAt(T request) {
    if (at == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(at.apply(request));
    } catch (RuntimeException e) {
      throw new FeatureComputationException(name, "at", e);
    }
  }

  /** How requests become rows and come back; empty for a set without golden rows. */
  public Optional<RecordCodec<T>> codec() {
    return Optional.ofNullable(codec);
  }

  /**
   * The definition as canonical text: names, types, versions and tolerances of the functions, and
   * the definitions of the views with the names they are looked up under.
   */
  public String definition() {
    return definition;
  }

  /**
   * The SHA-256 of {@link #definition()}: the same on every machine, another one if anything in it
   * changes. A function's code is no part of it: state a new {@link Builder#version} when it
   * changes.
   */
  public Digest fingerprint() {
    return fingerprint;
  }

  /**
   * What turns requests into the vectors of a model of this signature.
   *
   * @throws FeatureMismatchException with all differences, if the inputs are not these features
   */
  public Vectorizer<T> bind(Signature signature) {
    return new Vectorizer<>(this, signature);
  }

  /** The values of the views for this request, in the order of the lookups. */
  FeatureValues[] lookedUp(T request, Instant at, FeatureLookup lookup) {
    FeatureValues[] lookedUp = new FeatureValues[lookups.size()];
    for (int i = 0; i < lookedUp.length; i++) {
      SetLookup<T> asked = lookups.get(i);
      EntityKey key = key(asked, request);
      lookedUp[i] =
          key == null ? FeatureValues.none(asked.view()) : lookup.get(asked.view(), key, at);
    }
    return lookedUp;
  }

  /** What is kept of these values beside a prediction, in the order of the lookups. */
  List<ServedLookup> served(FeatureValues[] lookedUp) {
    ServedLookup[] served = new ServedLookup[lookedUp.length];
    for (int i = 0; i < served.length; i++) {
      served[i] = lookedUp[i].served(lookups.get(i).alias());
    }
    return List.of(served);
  }

  double number(SetFeature<T> feature, T request, FeatureValues[] lookedUp) {
    try {
      return feature.number(request, lookedUp, names);
    } catch (RuntimeException e) {
      throw new FeatureComputationException(name, feature.name, e);
    }
  }

  @Nullable String category(SetFeature<T> feature, T request, FeatureValues[] lookedUp) {
    try {
      return feature.category(request, lookedUp, names);
    } catch (RuntimeException e) {
      throw new FeatureComputationException(name, feature.name, e);
    }
  }

  /** Whether a feature is a function of what was looked up. */
  boolean isOverLookups() {
    return features.stream().anyMatch(SetFeature::isOverLookups);
  }

  @Nullable EntityKey key(SetLookup<T> lookup, T request) {
    try {
      return lookup.key(request);
    } catch (FeatureDataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new FeatureComputationException(name, "key of " + lookup.alias(), e);
    }
  }

  /** The sensitive columns of a request, as far as they are known. */
  Set<String> sensitive() {
    return sensitive;
  }

  boolean statesMoment() {
    return at != null;
  }

  List<SetFeature<T>> setFeatures() {
    return features;
  }

  List<SetLookup<T>> lookups() {
    return lookups;
  }

  @Override
  public String toString() {
    return "FeatureSet " + name + " " + features();
  }

  /**
   * Collects a definition; what is wrong with it is said by {@link #build()}. Not safe for use by
   * several threads.
   *
   * @param <T> the requests
   */
  public abstract static sealed class Builder<T> permits FeatureSetBuilder {

    Builder() {}

    /** The moment a prediction is asked, which is not the moment it is about. */
    public abstract Builder<T> at(Function<? super T, Instant> at);

    /** Adds a number; NaN is missing. */
    public abstract Builder<T> numeric(String name, ToDoubleFunction<? super T> function);

    /** Adds a number that may be absent: null is missing, and so is NaN. */
    public abstract Builder<T> numericOrMissing(
        String name, Function<? super T, ? extends @Nullable Number> function);

    /** Adds a truth value, 0 or 1; null is missing. */
    public abstract Builder<T> flag(String name, Function<? super T, @Nullable Boolean> function);

    /**
     * Adds a category; null is missing. The categories that occur are kept in the model's
     * signature, so it must not have the name of a sensitive column of the request.
     */
    public abstract Builder<T> categorical(
        String name, Function<? super T, @Nullable String> function);

    /**
     * Adds a number that is computed of the request and of what was looked up for it; NaN is
     * missing. The lookups may be stated before or after it.
     */
    public abstract Builder<T> numeric(
        String name, ToDoubleBiFunction<? super T, LookedUp> function);

    /**
     * Adds a category that is computed of the request and of what was looked up for it; null is
     * missing.
     */
    public abstract Builder<T> categorical(
        String name, BiFunction<? super T, LookedUp, @Nullable String> function);

    /**
     * Adds all features of a view, each named {@code view.feature}. STRING features are categories,
     * BOOLEAN ones 0 or 1. An array of n floats is n numbers, {@code view.feature_0} to {@code
     * view.feature_(n-1)}; of a null one all are missing. A TIMESTAMP is left out of the vector:
     * functions of what was looked up have it by {@link LookedUp#value}, for the time since.
     *
     * @param keys where a request has the view's key columns, in their order; for a request in
     *     which one is null, the features are those of a key without events
     */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final Builder<T> lookup(
        FeatureView view, Function<? super T, ? extends @Nullable Object>... keys) {
      return lookup(view.as(view.name()), List.of(keys));
    }

    /** Adds all features of a view under an alias, each named {@code alias.feature}. */
    @SafeVarargs
    @SuppressWarnings("varargs") // the array is only read
    public final Builder<T> lookup(
        AliasedView view, Function<? super T, ? extends @Nullable Object>... keys) {
      return lookup(view, List.of(keys));
    }

    abstract Builder<T> lookup(
        AliasedView view, List<Function<? super T, ? extends @Nullable Object>> keys);

    /**
     * States the version of a function added before, 1 unless stated: raise it when the function
     * gives other values than before.
     */
    public abstract Builder<T> version(String feature, int version);

    /**
     * States by how much a value of a feature added before may differ from the training's when
     * golden rows are replayed: nothing, to the bit, unless stated.
     */
    public abstract Builder<T> tolerance(String feature, double tolerance);

    /**
     * How requests are kept as golden rows: automatic for records. Where it marks columns as
     * sensitive, the rows are put together of the other columns of several requests.
     */
    public abstract Builder<T> codec(RecordCodec<T> codec);

    /** What the set is for, for people; no part of the definition. */
    public abstract Builder<T> description(String description);

    /** Who answers for the set; no part of the definition. */
    public abstract Builder<T> owner(String owner);

    /** No golden rows: a model package cannot be checked against the code when it is loaded. */
    public abstract Builder<T> withoutGoldenRows();

    /**
     * The set.
     *
     * @throws FeatureDefinitionException with all that is wrong in one message
     */
    public abstract FeatureSet<T> build();
  }
}
