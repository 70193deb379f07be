package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.ProfileSeries;
import java.util.List;

/** Data that no feature set made, such as that of a model from elsewhere. */
record Unfingerprinted(TrainingData data) implements TrainingData {

  @Override
  public Signature signature() {
    return data.signature();
  }

  @Override
  public String featureSet() {
    return data.featureSet();
  }

  @Override
  public Digest featureFingerprint() {
    return null;
  }

  @Override
  public List<GoldenSample> goldenSamples() {
    return List.of();
  }

  @Override
  public List<DatasetReference> datasets() {
    return data.datasets();
  }

  @Override
  public double[] vectors() {
    return data.vectors();
  }

  @Override
  public double[] labels() {
    return data.labels();
  }

  @Override
  public int rowCount() {
    return data.rowCount();
  }

  @Override
  public ProfileSeries referenceProfile(double[] outputs) {
    return data.referenceProfile(outputs);
  }
}
