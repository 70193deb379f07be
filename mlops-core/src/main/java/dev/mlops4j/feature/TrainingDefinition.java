package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.util.List;

/**
 * What a training set says besides its rows; shared by its parts.
 *
 * @param source where the records came from
 */
record TrainingDefinition(
    String featureSet,
    Digest fingerprint,
    Signature signature,
    List<GoldenSample> samples,
    String source) {

  TrainingDefinition {
    samples = List.copyOf(samples);
  }

  TrainingDefinition withSource(String stated) {
    return new TrainingDefinition(featureSet, fingerprint, signature, samples, stated);
  }
}
