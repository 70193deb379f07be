package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.FeatureMismatchException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.Vectorizer;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import java.util.List;
import java.util.stream.Collectors;

/**
 * Makes a version ready to serve: its package is verified, one of the program's feature sets fits
 * it and gives the vectors of its golden rows, and the model gives their predictions.
 */
record VersionLoader<T>(List<FeatureSet<T>> featureSets, ModelLoaders loaders) {

  /**
   * Loads a version; when it throws, nothing is held.
   *
   * @throws UnknownFeaturesException if no feature set has the fingerprint that the version names
   * @throws FeatureMismatchException if it names none, and no feature set gives its inputs
   * @throws dev.mlops4j.MlopsException if the package is corrupt, or features or predictions of its
   *     golden rows come out otherwise, or no loader can load it
   */
  ServedVersion<T> load(ModelSource source, int version) {
    ModelPackage modelPackage = source.load(version);
    Vectorizer<T> vectorizer = vectorizer(source.model(), version, modelPackage.manifest());
    vectorizer.replay(modelPackage.goldenRows());
    return new ServedVersion<>(source.model(), version, loaders.load(modelPackage), vectorizer);
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
    return (version == 0 ? "the package of \"" : "version " + version + " of \"")
        + model
        + "\" was trained on features \""
        + manifest.featureSet()
        + "\" "
        + wanted.shortHex()
        + ", this program has "
        + featureSets.stream()
            .map(set -> "\"" + set.name() + "\" " + set.fingerprint().shortHex())
            .collect(Collectors.joining(", "))
        + "; train a version on these features, or give the predictor the feature set of that one"
        + " too";
  }
}
