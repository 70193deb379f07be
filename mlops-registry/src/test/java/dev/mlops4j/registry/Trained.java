package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.workspace.Artifacts;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What constants are trained on.
 *
 * @param golden how many golden samples there are
 */
record Trained(Signature signature, List<DatasetReference> datasets, int golden)
    implements TrainingData {

  static final DatasetReference YEAR =
      new DatasetReference("flights", "training", Digest.of("year"), 300);

  /** The same as a run logs it, which knows more of it than a package. */
  static final DatasetReference YEAR_LOGGED =
      new DatasetReference(
          "flights",
          "training",
          Digest.of("year"),
          300,
          Schema.builder()
              .required("wind", ColumnType.FLOAT64)
              .optional("passenger", ColumnType.STRING)
              .sensitive("passenger")
              .build(),
          "CSV /data/year.csv");

  static Trained on(String... inputs) {
    List<Signature.Input> all =
        List.of(inputs).stream().map(name -> Signature.Input.numeric(name)).toList();
    return new Trained(new Signature(all, Signature.Output.regression("delay")), List.of(YEAR), 2);
  }

  ModelPackage packaged(double value) {
    return new ConstantModel(signature, value).packaged(this);
  }

  /** A package among the artifacts, as a run would give it. */
  StoredPackage stored(Artifacts artifacts, double value, String runId, RunFacts facts) {
    ModelPackage trained = packaged(value).fromRun(runId);
    return new StoredPackage(artifacts.putTree(trained.files()), trained.manifest(), facts);
  }

  @Override
  public String featureSet() {
    return "flight_delay";
  }

  @Override
  public @Nullable Digest featureFingerprint() {
    return Digest.of(signature.names().toString());
  }

  @Override
  public List<GoldenSample> goldenSamples() {
    return IntStream.range(0, golden)
        .mapToObj(
            i -> new GoldenSample(Map.of(), Instant.EPOCH, Map.of(), new double[signature.width()]))
        .toList();
  }

  @Override
  public double[] vectors() {
    return new double[signature.width()];
  }

  @Override
  public double[] labels() {
    return new double[1];
  }

  @Override
  public int rowCount() {
    return 1;
  }

  @Override
  public ProfileSeries referenceProfile(double[] outputs) {
    Schema schema =
        Schema.of(List.of(new Field(PREDICTION_COLUMN, ColumnType.FLOAT64, false, false)));
    return ProfileSeries.of(Dataset.builder(schema).add(outputs[0]).build());
  }
}
