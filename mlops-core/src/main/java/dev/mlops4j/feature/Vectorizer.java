package dev.mlops4j.feature;

import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.ServedLookup;
import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.Consumer;

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
  private final List<Map<String, Double>> codes;

  Vectorizer(FeatureSet<T> set, Signature signature) {
    this.set = set;
    this.signature = signature;
    this.features = matched(set, signature);
    this.codes = signature.inputs().stream().map(Vectorizer::codes).toList();
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
    return vector(request, set.lookedUp(request, at, lookup), Vectorizer::ignore);
  }

  /**
   * The vector of this request, and word of every category in it that the signature does not have.
   *
   * @param at the moment the prediction is asked; views are looked up at it
   * @param unseen is told the feature's name and the category
   * @return a new array of the signature's width
   * @throws FeatureComputationException if a feature's function throws
   * @throws FeatureDataException if a key is not of the view's types
   */
  public double[] vector(
      T request, Instant at, FeatureLookup lookup, BiConsumer<String, String> unseen) {
    return vector(request, set.lookedUp(request, at, lookup), unseen);
  }

  /**
   * As {@link #vector(Object, Instant, FeatureLookup, BiConsumer)}, with word of what was looked
   * up.
   *
   * @param served is told once, before features are computed, of what each lookup of the set found
   */
  public double[] vector(
      T request,
      Instant at,
      FeatureLookup lookup,
      BiConsumer<String, String> unseen,
      Consumer<? super List<ServedLookup>> served) {
    FeatureValues[] lookedUp = set.lookedUp(request, at, lookup);
    served.accept(set.served(lookedUp));
    return vector(request, lookedUp, unseen);
  }

  double[] vector(T request, FeatureValues[] lookedUp) {
    return vector(request, lookedUp, Vectorizer::ignore);
  }

  private double[] vector(T request, FeatureValues[] lookedUp, BiConsumer<String, String> unseen) {
    double[] vector = new double[features.size()];
    for (int i = 0; i < vector.length; i++) {
      SetFeature<T> feature = features.get(i);
      if (feature.type == Signature.InputType.NUMERIC) {
        vector[i] = set.number(feature, request, lookedUp);
      } else {
        String category = set.category(feature, request, lookedUp);
        Double code = category == null ? null : codes.get(i).get(category);
        vector[i] = code == null ? Double.NaN : code;
        if (code == null && category != null) {
          unseen.accept(feature.name, category);
        }
      }
    }
    return vector;
  }

  /**
   * Computes the vectors of these rows with the code at hand, from the requests and looked-up
   * values recorded at training. They must be equal to the bit to those of the training, except for
   * features that state a tolerance. Rows that are vectors alone are left out.
   *
   * @throws FeatureSkewException for the first difference: the feature, the row and both values
   * @throws FeatureDefinitionException if there are rows, but the set has no codec
   */
  public void replay(List<GoldenRow> rows) {
    check(rows.stream().map(GoldenRow::sample).toList());
  }

  void check(List<GoldenSample> samples) {
    GoldenVectors<T> replay = new GoldenVectors<>(this, features);
    for (int row = 0; row < samples.size(); row++) {
      replay.check(row, samples.get(row));
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
    Map<String, Signature.InputType> types = new HashMap<>();
    for (SetFeature<T> feature : set.setFeatures()) {
      byName.put(feature.name, feature);
      types.put(feature.name, feature.type);
    }
    FeatureMismatchException.check(set.name(), types, signature);
    return signature.inputs().stream()
        .map(input -> Objects.requireNonNull(byName.get(input.name())))
        .toList();
  }

  private static void ignore(String input, String category) {}
}
