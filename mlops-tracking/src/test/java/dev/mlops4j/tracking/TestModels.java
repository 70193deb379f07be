package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/** A model that always says the same, and the data it was trained on. */
final class TestModels {

  static final Signature SIGNATURE =
      new Signature(List.of(Signature.Input.numeric("wind")), Signature.Output.binary("late"));

  static final DatasetReference FLIGHTS =
      new DatasetReference("flights", "training", Digest.of("flights"), 3);

  private TestModels() {}

  static ModelPackage packaged(double probability) {
    return new ConstantModel(probability).packaged(new Data());
  }

  record ConstantModel(double probability) implements PortableModel {

    @Override
    public Signature signature() {
      return SIGNATURE;
    }

    @Override
    public void predict(double[] vector, double[] output) {
      output[0] = probability;
    }

    @Override
    public String format() {
      return "constant";
    }

    @Override
    public SortedMap<String, byte[]> files() {
      byte[] content = Double.toString(probability).getBytes(StandardCharsets.UTF_8);
      return new TreeMap<>(Map.of("model.txt", content));
    }
  }

  record Wind(double wind) {}

  static final class Data implements TrainingData {

    @Override
    public Signature signature() {
      return SIGNATURE;
    }

    @Override
    public String featureSet() {
      return "flight_delay";
    }

    @Override
    public Digest featureFingerprint() {
      return Digest.of("features");
    }

    @Override
    public List<GoldenSample> goldenSamples() {
      return List.of();
    }

    @Override
    public List<DatasetReference> datasets() {
      return List.of(FLIGHTS);
    }

    @Override
    public double[] vectors() {
      return new double[] {1, 2, 3};
    }

    @Override
    public double[] labels() {
      return new double[] {0, 1, 0};
    }

    @Override
    public int rowCount() {
      return 3;
    }

    @Override
    public ProfileSeries referenceProfile(double[] outputs) {
      List<Wind> rows = List.of(new Wind(1), new Wind(2), new Wind(3));
      return ProfileSeries.of(DatasetProfile.of(Dataset.ofRecords(Wind.class, rows)));
    }
  }
}
