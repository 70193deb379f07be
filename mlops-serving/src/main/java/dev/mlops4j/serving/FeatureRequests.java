package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.data.RecordCodec;
import dev.mlops4j.data.Row;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureMismatchException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.FeatureView;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Requests of a type, of which feature sets make vectors: the one that a version was trained on.
 */
record FeatureRequests<T>(List<FeatureSet<T>> featureSets) implements Requests<T> {

  @Override
  public String name() {
    return "predictor of " + featureSets.get(0).name();
  }

  @Override
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    Map<Digest, String> names = new HashMap<>();
    for (FeatureSet<T> features : featureSets) {
      if (names.put(features.fingerprint(), features.name()) != null) {
        problems.add(
            "feature set \""
                + features.name()
                + "\" was given twice; two sets differ in a name, a type or a version");
      }
    }
    return problems;
  }

  @Override
  public List<String> problemsWithoutLookup() {
    return featureSets.stream()
        .filter(features -> !features.views().isEmpty())
        .map(
            features ->
                "feature set \"" + features.name() + "\" looks views up, so it needs online(...)")
        .toList();
  }

  @Override
  public List<FeatureView> views() {
    return featureSets.stream().flatMap(features -> features.views().stream()).toList();
  }

  @Override
  public Set<Digest> fingerprints() {
    return featureSets.stream().map(FeatureSet::fingerprint).collect(Collectors.toSet());
  }

  @Override
  public RowVectors<T> bind(String model, int version, ModelPackage modelPackage) {
    Vectorizer<T> vectorizer = vectorizer(model, version, modelPackage.manifest());
    vectorizer.replay(modelPackage.goldenRows());
    return new Bound<>(vectorizer);
  }

  @Override
  public RowVectors<T> bind(Signature signature) {
    return new Bound<>(fitting(signature));
  }

  private Vectorizer<T> vectorizer(String model, int version, Manifest manifest) {
    Digest wanted = manifest.featureFingerprint();
    if (wanted == null) {
      return fitting(manifest.signature());
    }
    for (FeatureSet<T> features : featureSets) {
      if (features.fingerprint().equals(wanted)) {
        return features.bind(manifest.signature());
      }
    }
    throw new UnknownFeaturesException(model, version, unknown(model, version, manifest, wanted));
  }

  /** A model that was not trained on a feature set takes any that gives its inputs. */
  private Vectorizer<T> fitting(Signature signature) {
    FeatureMismatchException first = null;
    for (FeatureSet<T> features : featureSets) {
      try {
        return features.bind(signature);
      } catch (FeatureMismatchException e) {
        if (first == null) {
          first = e;
        } else {
          first.addSuppressed(e);
        }
      }
    }
    throw first == null ? new IllegalStateException("a predictor has a feature set") : first;
  }

  private String unknown(String model, int version, Manifest manifest, Digest wanted) {
    return Requests.trainedOn(model, version, manifest)
        + " "
        + wanted.shortHex()
        + ", this program has "
        + featureSets.stream()
            .map(set -> "\"" + set.name() + "\" " + set.fingerprint().shortHex())
            .collect(Collectors.joining(", "))
        + "; train a version on these features, or give the predictor the feature set of that one"
        + " too";
  }

  @Override
  public List<Input> inputs() {
    return featureSets.get(0).inputs();
  }

  @Override
  public Schema schema(@Nullable Signature signature) {
    return codec().schema();
  }

  @Override
  public T read(Schema schema, Map<String, @Nullable Object> columns) {
    return codec().read(new ColumnsRow(schema, columns));
  }

  private RecordCodec<T> codec() {
    FeatureSet<T> first = featureSets.get(0);
    return first
        .codec()
        .orElseThrow(
            () ->
                new UnsupportedOperationException(
                    "feature set \""
                        + first.name()
                        + "\" has no codec, so requests cannot be made of columns; give it one with"
                        + " codec(...)"));
  }

  private record ColumnsRow(Schema schema, Map<String, @Nullable Object> columns) implements Row {

    @Override
    public @Nullable Object value(int position) {
      return columns.get(schema.fields().get(position).name());
    }
  }

  private record Bound<T>(Vectorizer<T> vectorizer) implements RowVectors<T> {

    @Override
    public Signature signature() {
      return vectorizer.signature();
    }

    @Override
    public Optional<Instant> askedAt(T request) {
      return vectorizer.featureSet().askedAt(request);
    }

    @Override
    public double[] vector(
        T request,
        Instant at,
        FeatureLookup lookup,
        BiConsumer<String, String> unseen,
        @Nullable LookupRecord lookups) {
      return lookups == null
          ? vectorizer.vector(request, at, lookup, unseen)
          : vectorizer.vector(request, at, lookup, unseen, lookups);
    }

    @Override
    public boolean isSensitive(String input) {
      return vectorizer.featureSet().isSensitive(input);
    }
  }
}
