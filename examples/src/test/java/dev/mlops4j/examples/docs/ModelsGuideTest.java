package dev.mlops4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.examples.docs.Coffees.Coffee;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.CorruptPackageException;
import dev.mlops4j.model.Explanation;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Output;
import dev.mlops4j.serving.ModelImport;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.tribuo.TribuoLoader;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.xgboost.XgBoost;
import dev.mlops4j.xgboost.XgBoostModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/models.md. */
@SuppressWarnings("unused") // what is shown names its results
final class ModelsGuideTest {

  @TempDir Path files;

  @Test
  void aPackageIsWrittenReadAndLoaded() throws IOException {
    TrainingSet training = Coffees.training();
    TrainingSet holdout = Coffees.training();
    Path directory = files.resolve("coffee-model");

    // region write
    try (XgBoostModel model =
        XgBoost.classifier()
            .trees(20)
            .maxDepth(3)
            .learningRate(0.3)
            .minChildWeight(0)
            .metrics("logloss", "auc")
            .validation(holdout)
            .train(training)) {
      model.packaged(training).writeTo(directory);
    }
    // endregion

    // region read
    ModelPackage modelPackage = ModelPackage.read(directory); // every file verified
    Manifest manifest = modelPackage.manifest(); // format, signature, features, data, environment
    List<GoldenRow> golden = modelPackage.goldenRows();
    try (Model model = ModelLoaders.discovered().load(modelPackage)) { // replays the golden rows
      double[] vector = {8, Double.NaN}; // an hour, and no weather
      double sold = model.predict(vector)[0];
    }
    // endregion

    assertThat(manifest.format()).isEqualTo("xgboost-ubj");
    assertThat(manifest.signature().names()).containsExactly("hour", "weather");
    assertThat(golden).isNotEmpty();

    Path file = directory.resolve("model.ubj");
    Files.write(file, new byte[] {1, 2, 3});
    assertThatThrownBy(() -> ModelPackage.read(directory))
        .isInstanceOf(CorruptPackageException.class);
  }

  @Test
  void aStraightLineInPureJava() {
    TrainingSet training = Coffees.training();

    // region tribuo
    ModelPackage modelPackage;
    try (TribuoModel model =
        TribuoLogisticRegression.classifier().epochs(50).learningRate(0.1).train(training)) {
      modelPackage = model.packaged(training);
    }
    try (Model model = ModelLoaders.of(new TribuoLoader()).load(modelPackage)) { // this one only
      double[] outputs = model.predictAll(training.vectors(), training.rowCount());
    }
    // endregion
  }

  @Test
  void aModelFromPythonBecomesAPackage() throws IOException {
    TrainingSet training = Coffees.training();
    Path file = files.resolve("model.ubj");
    try (XgBoostModel model = XgBoost.classifier().trees(20).minChildWeight(0).train(training)) {
      Files.write(file, model.files().get("model.ubj"));
    }

    // region import
    ModelPackage imported =
        ModelImport.of(file) // or the directory that mlflow.xgboost.log_model wrote
            .output(Output.binary("sold"))
            .categories("weather", List.of("rain", "sun")) // in the order of their codes
            .training(training) // golden rows, profile, lineage; or features(...), or neither
            .read();
    try (Predictor<Coffee> predictor =
        Predictor.of(Coffees.FEATURES).serve("coffee", imported).build()) {
      Prediction prediction = predictor.predict(new Coffee(8, "sun", true));
      Explanation why = predictor.explain(prediction); // what each input contributed
      List<Explanation.Contribution> ranked = why.ranked(0);
    }
    // endregion
    assertThat(imported.files()).containsKey("MLmodel");
  }

  @Test
  void aLoaderOfOnesOwnIsTwentyLines() {
    TrainingSet training = Coffees.training();
    PortableModel threshold =
        new PortableModel() {
          @Override
          public String format() {
            return "threshold";
          }

          @Override
          public SortedMap<String, byte[]> files() {
            return new TreeMap<>(Map.of("threshold.txt", "12.0".getBytes(StandardCharsets.UTF_8)));
          }

          @Override
          public Signature signature() {
            return training.signature();
          }

          @Override
          public void predict(double[] vector, double[] output) {
            output[0] = vector[0] > 12 ? 1 : 0;
          }
        };
    try (Model model = ModelLoaders.of(new OwnLoader()).load(threshold.packaged(training))) {
      assertThat(model.predict(new double[] {13, 0})).containsExactly(1);
    }
  }
}
