package dev.mlops4j.serving;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureMismatchException;
import dev.mlops4j.feature.FeatureSet;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.ReferenceProfile;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What is known of the training of an imported model: sample vectors, and rows to profile. */
final class ImportedData implements TrainingData {

  private static final String NO_FEATURES = "inputs";

  private final Signature signature;
  private final String featureSet;
  private final @Nullable Digest fingerprint;
  private final List<GoldenSample> samples;
  private final Dataset rows;
  private final double[] vectors;
  private final @Nullable TrainingSet training;

  private ImportedData(
      Signature signature,
      String featureSet,
      @Nullable Digest fingerprint,
      List<GoldenSample> samples,
      Dataset rows,
      double[] vectors,
      @Nullable TrainingSet training) {
    this.signature = signature;
    this.featureSet = featureSet;
    this.fingerprint = fingerprint;
    this.samples = samples;
    this.rows = rows;
    this.vectors = vectors;
    this.training = training;
  }

  /**
   * What was given, for a model of this signature.
   *
   * @throws ModelImportException if a row does not have the model's inputs
   */
  static ImportedData of(
      Signature signature,
      @Nullable FeatureSet<?> features,
      @Nullable TrainingSet training,
      List<Map<String, @Nullable Object>> golden,
      @Nullable Dataset profile) {
    RowVectors<Map<String, @Nullable Object>> byName = new InputRequests().bind(signature);
    List<GoldenSample> samples = new ArrayList<>();
    for (Map<String, @Nullable Object> row : golden) {
      samples.add(
          new GoldenSample(
              Map.of(),
              Instant.EPOCH,
              Map.of(),
              vector(byName, texts(signature, row), "a golden row")));
    }
    if (training != null) {
      TrainingSet same = training.as(signature);
      samples.addAll(0, same.goldenSamples());
      return new ImportedData(
          signature,
          same.featureSet(),
          same.featureFingerprint(),
          samples,
          same.dataset(),
          same.vectors(),
          same);
    }
    Dataset rows = profile == null ? Dataset.builder(Schema.of(List.of())).build() : profile;
    double[] vectors = new double[Math.multiplyExact(rows.rowCount(), signature.width())];
    for (int row = 0; row < rows.rowCount(); row++) {
      Map<String, @Nullable Object> values = new HashMap<>();
      for (String name : signature.names()) {
        if (rows.schema().contains(name)) {
          values.put(name, rows.column(name).get(row));
        }
      }
      System.arraycopy(
          vector(byName, values, "the dataset to profile"),
          0,
          vectors,
          row * signature.width(),
          signature.width());
    }
    checkFeatures(features, signature);
    return new ImportedData(
        signature,
        features == null ? NO_FEATURES : features.name(),
        features == null ? null : features.fingerprint(),
        samples,
        rows,
        vectors,
        null);
  }

  /** The row with the categories as text that it has as codes, as Python's own inputs have them. */
  private static Map<String, @Nullable Object> texts(
      Signature signature, Map<String, @Nullable Object> row) {
    Map<String, @Nullable Object> texts = new HashMap<>(row);
    for (Signature.Input input : signature.inputs()) {
      if (input.type() == Signature.InputType.CATEGORICAL
          && row.get(input.name()) instanceof Number code) {
        List<String> categories = input.categories();
        int position = code.intValue();
        boolean isCode = position >= 0 && position < categories.size();
        texts.put(input.name(), isCode ? categories.get(position) : null);
      }
    }
    return texts;
  }

  private static void checkFeatures(@Nullable FeatureSet<?> features, Signature signature) {
    if (features != null) {
      try {
        features.bind(signature);
      } catch (FeatureMismatchException e) {
        throw new ModelImportException("the features do not fit: " + e.getMessage(), e);
      }
    }
  }

  private static double[] vector(
      RowVectors<Map<String, @Nullable Object>> byName,
      Map<String, @Nullable Object> row,
      String what) {
    try {
      return byName.vector(row, Instant.EPOCH, FeatureLookup.NONE, (input, category) -> {}, null);
    } catch (InvalidRequestException e) {
      throw new ModelImportException(
          what + " does not fit the model: " + String.join("; ", e.problems()), e);
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public String featureSet() {
    return featureSet;
  }

  @Override
  public @Nullable Digest featureFingerprint() {
    return fingerprint;
  }

  @Override
  public List<GoldenSample> goldenSamples() {
    return samples;
  }

  @Override
  public List<DatasetReference> datasets() {
    if (training != null) {
      return training.datasets();
    }
    return rows.rowCount() == 0
        ? List.of()
        : List.of(new DatasetReference(featureSet, "profile", rows.digest(), rows.rowCount()));
  }

  @Override
  public double[] vectors() {
    return vectors.clone();
  }

  @Override
  public double[] labels() {
    if (training == null) {
      throw new UnsupportedOperationException("the labels of an imported model are not known");
    }
    return training.labels();
  }

  @Override
  public int rowCount() {
    return rows.rowCount();
  }

  @Override
  public ProfileSeries referenceProfile(double[] outputs) {
    return training == null
        ? ReferenceProfile.of(rows, signature.output(), outputs, null)
        : training.referenceProfile(outputs);
  }
}
