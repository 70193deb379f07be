package dev.mlops4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.CorruptPackageException;
import dev.mlops4j.model.GoldenRow;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.tribuo.TribuoLoader;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.xgboost.XgBoost;
import dev.mlops4j.xgboost.XgBoostModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
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
}
