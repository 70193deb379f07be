package dev.mlops4j.tribuo;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.tribuo.classification.Label;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.impl.ArrayExample;

class TribuoLogisticRegressionTest {

  private static final TestTraining TRAINING = TestTraining.binary(2000, 1);

  @Test
  void reportsAllSettingsAndTheLossOfEveryEpoch() {
    RecordingListener listener = new RecordingListener();
    TribuoLogisticRegression.classifier().epochs(4).train(TRAINING, listener);
    assertThat(listener.params)
        .containsEntry("epochs", "4")
        .containsEntry("learning_rate", "0.1")
        .containsEntry("seed", "0")
        .containsKeys("algorithm", "optimiser");
    List<Double> loss = listener.metrics.get("train-logloss");
    assertThat(loss).hasSize(4);
    assertThat(loss.get(3)).isLessThan(loss.get(0)).isBetween(0.2, 0.6);
  }

  @Test
  void reportsWhichInputsMattered() {
    double[] labels = new double[400];
    double[] vectors = new double[800];
    Random random = new Random(1);
    for (int row = 0; row < 400; row++) {
      vectors[row * 2] = 1e6 * random.nextGaussian();
      vectors[row * 2 + 1] = random.nextGaussian();
      labels[row] = vectors[row * 2 + 1] > 0 ? 1 : 0;
    }
    Signature signature =
        new Signature(
            List.of(Input.numeric("noise"), Input.numeric("cause")), Output.binary("late"));
    RecordingListener listener = new RecordingListener();
    TribuoLogisticRegression.classifier()
        .train(new TestTraining(signature, vectors, labels), listener);
    assertThat(listener.importance).containsOnlyKeys("noise", "cause");
    assertThat(listener.importance.get("cause"))
        .isGreaterThan(5 * listener.importance.get("noise"));
  }

  @Test
  void ranksLateRowsAboveOthers() {
    TribuoModel model = TribuoLogisticRegression.classifier().train(TRAINING);
    TestTraining other = TestTraining.binary(2000, 2);
    double[] scores = model.predictAll(other.vectors(), other.rowCount());
    long right = 0;
    for (int row = 0; row < scores.length; row++) {
      right += (scores[row] > 0.5) == (other.labels()[row] == 1) ? 1 : 0;
    }
    assertThat(right).isGreaterThan(1600);
  }

  @Test
  void predictsWhatTribuoPredicts() {
    TribuoModel model = TribuoLogisticRegression.classifier().train(TRAINING);
    LinearSGDModel tribuo = (LinearSGDModel) ModelBytes.read(model.files().get("model.tribuo"));
    List<InputEncoding> encodings =
        EncodingJson.read(model.files().get("encoding.json"), TRAINING.signature());
    for (int row = 0; row < 200; row++) {
      double[] vector = TRAINING.vector(row);
      ArrayExample<Label> example = new ArrayExample<>(new Label("0"));
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
      double expected = tribuo.predict(example).getOutputScores().get("1").getScore();
      assertThat(model.predict(vector)[0]).isCloseTo(expected, within(1e-12));
    }
  }

  @Test
  void givesTheSameBytesForTheSameDataAndSeed() {
    TribuoLogisticRegression settings = TribuoLogisticRegression.classifier().epochs(2).seed(5);
    var first = settings.train(TRAINING).files();
    var second = settings.train(TRAINING).files();
    assertThat(second.keySet()).containsExactly("encoding.json", "model.tribuo");
    first.forEach((path, bytes) -> assertThat(second.get(path)).as(path).isEqualTo(bytes));
    assertThat(settings.seed(6).train(TRAINING).files().get("model.tribuo"))
        .isNotEqualTo(first.get("model.tribuo"));
  }

  @Test
  void predictsTheSameAfterAPackageWasWrittenAndLoaded() {
    TribuoModel model = TribuoLogisticRegression.classifier().train(TRAINING);
    try (Model loaded =
        ModelLoaders.discovered().load(ModelPackage.of(model.packaged(TRAINING).files()))) {
      assertThat(loaded.predictAll(TRAINING.vectors(), 2000))
          .isEqualTo(model.predictAll(TRAINING.vectors(), 2000));
    }
  }

  @Test
  void learnsSeveralClasses() {
    Output bands = Output.multiclass("band", List.of("early", "on time", "late", "very late"));
    TestTraining classes = TestTraining.rows(bands, 2000, 3);
    TribuoModel model = TribuoLogisticRegression.classifier().train(classes);
    double[] output = model.predict(classes.vector(0));
    assertThat(output).hasSize(4);
    assertThat(Arrays.stream(output).sum()).isCloseTo(1, within(1e-12));
  }

  @Test
  void givesAClassThatTrainingNeverSawNoProbability() {
    Output bands = Output.multiclass("band", List.of("early", "on time", "late"));
    TestTraining binary = TestTraining.binary(500, 3);
    TestTraining classes =
        new TestTraining(
            new dev.mlops4j.model.Signature(binary.signature().inputs(), bands),
            binary.vectors(),
            binary.labels());
    double[] output =
        TribuoLogisticRegression.classifier().train(classes).predict(classes.vector(0));
    assertThat(output[2]).isZero();
    assertThat(output[0] + output[1]).isCloseTo(1, within(1e-12));
  }

  @Test
  void takesUnseenCategoriesAndInfinitiesForMissing() {
    TribuoModel model = TribuoLogisticRegression.classifier().train(TRAINING);
    double[] missing = model.predict(new double[] {500, Double.NaN, Double.NaN});
    assertThat(missing[0]).isBetween(0.0, 1.0);
    assertThat(model.predict(new double[] {500, Double.POSITIVE_INFINITY, 99})).isEqualTo(missing);
    assertThat(model.predict(new double[] {500, Double.NaN, -1})).isEqualTo(missing);
  }

  @Test
  void refusesInfinitiesInTraining() {
    for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300}) {
      assertThatThrownBy(
              () -> TribuoLogisticRegression.classifier().train(TRAINING.withValue(5, 1, value)))
          .isInstanceOf(TribuoException.class)
          .hasMessage(
              "feature \"wind_speed\" of row 5 of the training data is infinite or beyond the range"
                  + " of a float; training takes finite values and missing ones");
    }
    TestTraining tooShort =
        new TestTraining(TRAINING.signature(), new double[5], new double[] {0, 1});
    assertThatThrownBy(() -> TribuoLogisticRegression.classifier().train(tooShort))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("of 2 rows should have 6 values and 2 labels, found 5 and 2");
  }

  @Test
  void predictsTheSameInManyThreads() throws Exception {
    TribuoModel model = TribuoLogisticRegression.classifier().epochs(1).train(TRAINING);
    double[] expected = model.predictAll(TRAINING.vectors(), 2000);
    ExecutorService threads = Executors.newFixedThreadPool(8);
    try {
      List<Future<double[]>> answers = new ArrayList<>();
      for (int thread = 0; thread < 8; thread++) {
        answers.add(threads.submit(() -> model.predictAll(TRAINING.vectors(), 2000)));
      }
      for (Future<double[]> answer : answers) {
        assertThat(answer.get()).isEqualTo(expected);
      }
    } finally {
      threads.shutdownNow();
    }
  }

  @Test
  void refusesDataThatCannotBeTrainedOn() {
    TribuoLogisticRegression settings = TribuoLogisticRegression.classifier();
    TestTraining numbers = TestTraining.rows(Output.regression("delay"), 10, 1);
    assertThatThrownBy(() -> settings.train(numbers))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("cannot learn the target \"delay\"");
    assertThatThrownBy(() -> settings.train(TestTraining.binary(0, 1)))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("0 rows of 0 classes");
    assertThatThrownBy(() -> settings.train(TRAINING.withLabel(3, 2)))
        .isInstanceOf(TribuoException.class)
        .hasMessageContaining("the label of row 3 of the training data is 2.0");
    assertThatThrownBy(() -> settings.epochs(0)).hasMessage("epochs must be 1 or more, was 0");
    assertThatThrownBy(() -> settings.learningRate(0))
        .hasMessage("learningRate must be above 0 and finite, was 0.0");
  }
}
