package dev.mlops4j.xgboost;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** Rows out of a seeded generator, in which the label depends on every input. */
final class TestTraining implements TrainingData {

  private static final List<String> CARRIERS = List.of("AA", "B6", "UA", "WN");

  private final Signature signature;
  private final double[] vectors;
  private final double[] labels;

  TestTraining(Signature signature, double[] vectors, double[] labels) {
    this.signature = signature;
    this.vectors = vectors;
    this.labels = labels;
  }

  static TestTraining binary(int rows, long seed) {
    return rows(Output.binary("late"), rows, seed);
  }

  static TestTraining rows(Output output, int rows, long seed) {
    Signature signature =
        new Signature(
            List.of(
                Input.numeric("distance"),
                Input.numeric("wind_speed"),
                Input.categorical("carrier", CARRIERS)),
            output);
    Random random = new Random(seed);
    double[] vectors = new double[rows * signature.width()];
    double[] labels = new double[rows];
    for (int row = 0; row < rows; row++) {
      double distance = 100 + 900 * random.nextDouble();
      double wind = random.nextInt(10) == 0 ? Double.NaN : 10 * Math.abs(random.nextGaussian());
      int carrier = random.nextInt(20) == 0 ? -1 : random.nextInt(CARRIERS.size());
      vectors[row * 3] = distance;
      vectors[row * 3 + 1] = wind;
      vectors[row * 3 + 2] = carrier < 0 ? Double.NaN : carrier;
      double score =
          distance / 300
              + (Double.isNaN(wind) ? 1 : wind / 5)
              + (carrier == 2 ? 2 : 0)
              + random.nextGaussian();
      labels[row] =
          switch (output.task()) {
            case BINARY -> score > 5 ? 1 : 0;
            case MULTICLASS -> Math.min(output.width() - 1, Math.max(0, (int) (score / 2)));
            case REGRESSION -> score;
          };
    }
    return new TestTraining(signature, vectors, labels);
  }

  TestTraining withLabel(int row, double label) {
    double[] changed = labels.clone();
    changed[row] = label;
    return new TestTraining(signature, vectors, changed);
  }

  TestTraining withValue(int row, int input, double value) {
    double[] changed = vectors.clone();
    changed[row * signature.width() + input] = value;
    return new TestTraining(signature, changed, labels);
  }

  double[] vector(int row) {
    return Arrays.copyOfRange(vectors, row * signature.width(), (row + 1) * signature.width());
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public double[] vectors() {
    return vectors;
  }

  @Override
  public double[] labels() {
    return labels;
  }

  @Override
  public String featureSet() {
    return "flight_delay";
  }

  @Override
  public Digest featureFingerprint() {
    return Digest.of("flight_delay");
  }

  @Override
  public List<GoldenSample> goldenSamples() {
    List<GoldenSample> samples = new ArrayList<>();
    for (int row = 0; row < Math.min(5, rowCount()); row++) {
      Map<String, @Nullable Object> input = new LinkedHashMap<>();
      input.put("distance", vector(row)[0]);
      input.put("carrier", null);
      samples.add(
          new GoldenSample(input, Instant.parse("2013-01-01T10:00:00Z"), Map.of(), vector(row)));
    }
    return samples;
  }

  @Override
  public List<DatasetReference> datasets() {
    return List.of(new DatasetReference("flights", "training", Digest.of("flights"), rowCount()));
  }

  @Override
  public int rowCount() {
    return labels.length;
  }

  @Override
  public ProfileSeries referenceProfile(double[] outputs) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().required("prediction", ColumnType.FLOAT64).build());
    for (double output : outputs) {
      builder.add(output);
    }
    return ProfileSeries.of(DatasetProfile.of(builder.build()));
  }
}
