package dev.mlops4j.feature;

import dev.mlops4j.Digest;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import java.util.List;

/** What a training set says besides its rows; shared by its parts. */
record TrainingDefinition(
    String featureSet, Digest fingerprint, Signature signature, List<GoldenSample> samples) {

  TrainingDefinition {
    samples = List.copyOf(samples);
  }
}
