package dev.mlops4j.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.tribuo.impl.ArrayExample;
import org.tribuo.regression.Regressor;
import org.tribuo.regression.sgd.linear.LinearSGDModel;

class TribuoLinearRegressionTest {

  private static final Signature TWO =
      new Signature(
          List.of(Input.numeric("x"), Input.categorical("kind", List.of("a", "b"))),
          Output.regression("y"));

  /** {@code y = 1000 + 30 x - 5 [kind is b]}, without noise. */
  private static TestTraining plane(int rows) {
    Random random = new Random(7);
    double[] vectors = new double[rows * 2];
    double[] labels = new double[rows];
    for (int row = 0; row < rows; row++) {
      vectors[2 * row] = random.nextGaussian();
      vectors[2 * row + 1] = random.nextInt(2);
      labels[row] = 1000 + 30 * vectors[2 * row] - 5 * vectors[2 * row + 1];
    }
    return new TestTraining(TWO, vectors, labels);
  }

  @Test
  void learnsAPlaneInTheTargetsUnitAndSaysHowItGoes() {
    RecordingListener listener = new RecordingListener();
    TribuoModel model = TribuoLinearRegression.regressor().epochs(50).train(plane(2_000), listener);

    assertThat(model.predict(new double[] {0, 0})[0]).isCloseTo(1000, within(0.5));
    assertThat(model.predict(new double[] {1, 1})[0]).isCloseTo(1025, within(0.5));
    assertThat(listener.params).containsEntry("epochs", "50").containsEntry("seed", "0");
    List<Double> errors = listener.metrics.get("train-rmse");
    assertThat(errors).hasSize(50);
    assertThat(errors.get(49)).isLessThan(errors.get(0)).isLessThan(1);
  }

  @Test
  void predictsWhatTribuoPredicts() {
    TestTraining training = TestTraining.rows(Output.regression("delay"), 500, 3);
    TribuoModel model = TribuoLinearRegression.regressor().train(training);
    LinearSGDModel tribuo = (LinearSGDModel) ModelBytes.read(model.files().get("model.tribuo"));
    List<InputEncoding> encodings =
        EncodingJson.read(model.files().get("encoding.json"), training.signature());
    TargetScale target = EncodingJson.readTarget(model.files().get("encoding.json"));
    for (int row = 0; row < 500; row++) {
      double[] vector = training.vector(row);
      ArrayExample<Regressor> example = new ArrayExample<>(new Regressor("delay", 0));
      for (int i = 0; i < vector.length; i++) {
        InputEncoding encoding = encodings.get(i);
        if (!encoding.present(vector[i])) {
          example.add(encoding.missingName(), 1);
        } else if (encoding.numeric()) {
          example.add(encoding.featureName(), encoding.scaled(vector[i]));
        } else {
          example.add(encoding.featureName((int) vector[i]), 1);
        }
      }
      double expected = target.unscaled(tribuo.predict(example).getOutput().getValues()[0]);
      assertThat(model.predict(vector)[0]).isCloseTo(expected, within(1e-9));
    }
  }

  @Test
  void predictsTheSameAfterAPackageWasWrittenAndLoaded() {
    TestTraining training = TestTraining.rows(Output.regression("delay"), 500, 3);
    TribuoModel model = TribuoLinearRegression.regressor().train(training);
    try (Model loaded = ModelLoaders.of(new TribuoLoader()).load(model.packaged(training))) {
      assertThat(loaded.predictAll(training.vectors(), 500))
          .isEqualTo(model.predictAll(training.vectors(), 500));
    }
    assertThat(TribuoLinearRegression.regressor().train(training).files().get("model.tribuo"))
        .isEqualTo(model.files().get("model.tribuo"));
  }

  @Test
  void refusesWhatItCannotLearn() {
    assertThatThrownBy(() -> TribuoLinearRegression.regressor().train(TestTraining.binary(50, 1)))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("BINARY");
    assertThatThrownBy(() -> TribuoLinearRegression.regressor().train(plane(0)))
        .hasMessageContaining("no rows");
    TestTraining infinite =
        new TestTraining(TWO, plane(1).vectors(), new double[] {Double.POSITIVE_INFINITY});
    assertThatThrownBy(() -> TribuoLinearRegression.regressor().train(infinite))
        .hasMessageContaining("finite number");
    assertThatThrownBy(() -> TribuoLinearRegression.regressor().epochs(0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aModelOfAnotherTaskIsRefused() {
    TestTraining numbers = TestTraining.rows(Output.regression("delay"), 50, 3);
    TribuoModel model = TribuoLinearRegression.regressor().train(numbers);
    Signature binary = new Signature(numbers.signature().inputs(), Output.binary("late"));

    assertThatThrownBy(
            () ->
                TribuoModel.of(
                    binary, model.files().get("model.tribuo"), model.files().get("encoding.json")))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("task BINARY");
  }
}
