package dev.mlops4j.feature;

import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Turns requests into the vectors of one model: a {@link FeatureSet} bound to a {@link Signature}.
 * Immutable, safe for any number of threads. A category has the code that the signature gives it,
 * one that is not in it NaN.
 *
 * @param <T> the requests
 */
public final class Vectorizer<T> {

  private final FeatureSet<T> set;
  private final Signature signature;
  private final List<SetFeature<T>> features;
  private final List<SetLookup<T>> lookups;
  private final List<Map<String, Double>> codes;
  private final FeatureValues[] nothing;

  Vectorizer(FeatureSet<T> set, Signature signature) {
    this.set = set;
    this.signature = signature;
    this.features = matched(set, signature);
    this.lookups = set.lookups();
    this.codes = signature.inputs().stream().map(Vectorizer::codes).toList();
    this.nothing =
        lookups.stream()
            .map(lookup -> FeatureValues.none(lookup.view()))
            .toArray(FeatureValues[]::new);
  }

  /** What the vectors are for. */
  public Signature signature() {
    return signature;
  }

  /** The features the vectors are made of. */
  public FeatureSet<T> featureSet() {
    return set;
  }

  /**
   * The vector of this request.
   *
   * @param at the moment the prediction is asked; views are looked up at it
   * @return a new array of the signature's width
   * @throws FeatureComputationException if a feature's function throws
   * @throws FeatureDataException if a key is not of the view's types
   */
  public double[] vector(T request, Instant at, FeatureLookup lookup) {
    return vector(request, lookedUp(request, at, lookup));
  }

  /** The values of the views for this request, in the order of the set's lookups. */
  FeatureValues[] lookedUp(T request, Instant at, FeatureLookup lookup) {
    if (nothing.length == 0) {
      return nothing;
    }
    FeatureValues[] lookedUp = new FeatureValues[nothing.length];
    for (int i = 0; i < lookedUp.length; i++) {
      SetLookup<T> asked = lookups.get(i);
      EntityKey key = key(asked, request);
      lookedUp[i] = key == null ? nothing[i] : lookup.get(asked.view(), key, at);
    }
    return lookedUp;
  }

  double[] vector(T request, FeatureValues[] lookedUp) {
    double[] vector = new double[features.size()];
    for (int i = 0; i < vector.length; i++) {
      SetFeature<T> feature = features.get(i);
      try {
        if (feature.type == Signature.InputType.NUMERIC) {
          vector[i] = feature.number(request, lookedUp);
        } else {
          String category = feature.category(request, lookedUp);
          Double code = category == null ? null : codes.get(i).get(category);
          vector[i] = code == null ? Double.NaN : code;
        }
      } catch (RuntimeException e) {
        throw new FeatureComputationException(set.name(), feature.name, e);
      }
    }
    return vector;
  }

  /**
   * Computes the vectors of these samples with the code at hand, from the requests and looked-up
   * values recorded at training. They must be equal to the bit to those of the training, except for
   * features that state a tolerance.
   *
   * @throws FeatureSkewException for the first difference: the feature, the row and both values
   * @throws FeatureDefinitionException if there are samples, but the set has no codec
   */
  public void replay(List<GoldenSample> samples) {
    GoldenReplay<T> replay = new GoldenReplay<>(this, features);
    for (int row = 0; row < samples.size(); row++) {
      replay.check(row, samples.get(row));
    }
  }

  private @Nullable EntityKey key(SetLookup<T> lookup, T request) {
    try {
      return lookup.key(request);
    } catch (FeatureDataException e) {
      throw e;
    } catch (RuntimeException e) {
      throw new FeatureComputationException(set.name(), "key of " + lookup.alias(), e);
    }
  }

  private static Map<String, Double> codes(Signature.Input input) {
    Map<String, Double> codes = new HashMap<>();
    for (int i = 0; i < input.categories().size(); i++) {
      codes.put(input.categories().get(i), (double) i);
    }
    return codes;
  }

  /** The set's features in the order of the signature. */
  private static <T> List<SetFeature<T>> matched(FeatureSet<T> set, Signature signature) {
    Map<String, SetFeature<T>> byName = new HashMap<>();
    set.setFeatures().forEach(feature -> byName.put(feature.name, feature));
    List<SetFeature<T>> matched = new ArrayList<>();
    List<String> differences = new ArrayList<>();
    for (Signature.Input input : signature.inputs()) {
      SetFeature<T> feature = byName.remove(input.name());
      if (feature == null) {
        differences.add("the model takes \"" + input.name() + "\", the set does not give it");
      } else if (feature.type != input.type()) {
        differences.add(
            "\"" + input.name() + "\" is " + input.type() + " for the model, " + feature.type
                + " in the set");
      } else {
        matched.add(feature);
      }
    }
    byName.keySet().stream()
        .sorted()
        .forEach(name -> differences.add("the set gives \"" + name + "\", the model does not take it"));
    if (!differences.isEmpty()) {
      throw new FeatureMismatchException(set.name(), differences);
    }
    return List.copyOf(matched);
  }
}
