package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.model.ModelPackage;
import java.util.List;
import java.util.stream.Collectors;

/** Which of a predictor's feature sets a version was trained on. */
final class FeatureSets {

  private FeatureSets() {}

  /**
   * The set whose fingerprint the package names.
   *
   * @throws UnknownFeaturesException if none has it
   */
  static <T> FeatureSet<T> matching(
      List<FeatureSet<T>> featureSets, String model, int version, ModelPackage modelPackage) {
    Digest wanted = modelPackage.manifest().featureFingerprint();
    for (FeatureSet<T> features : featureSets) {
      if (features.fingerprint().equals(wanted)) {
        return features;
      }
    }
    throw new UnknownFeaturesException(
        "version "
            + version
            + " of \""
            + model
            + "\" was trained on features \""
            + modelPackage.manifest().featureSet()
            + "\" "
            + (wanted == null ? "without a fingerprint" : wanted.shortHex())
            + ", this program has "
            + featureSets.stream()
                .map(set -> "\"" + set.name() + "\" " + set.fingerprint().shortHex())
                .collect(Collectors.joining(", "))
            + "; train a version on these features, or give the predictor the older feature set too");
  }
}
