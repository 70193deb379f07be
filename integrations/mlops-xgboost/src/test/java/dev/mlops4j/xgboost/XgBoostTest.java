package dev.mlops4j.xgboost;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.withinPercentage;

import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Output;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;
import org.junit.jupiter.api.Test;

class XgBoostTest {

  private static final TestTraining TRAINING = TestTraining.binary(1000, 1);

  @Test
  void reportsAllSettingsAndTheMetricsOfEveryRound() {
    RecordingListener listener = new RecordingListener();
    try (XgBoostModel model =
        small()
            .metrics("logloss", "auc")
            .validation(TestTraining.binary(200, 2))
            .train(TRAINING, listener)) {
      assertThat(model.signature()).isEqualTo(TRAINING.signature());
    }
    assertThat(listener.params)
        .containsEntry("trees", "10")
        .containsEntry("max_depth", "3")
        .containsEntry("learning_rate", "0.3")
        .containsKeys("objective", "lambda", "gamma", "subsample", "seed", "nthread");
    assertThat(listener.metrics)
        .containsOnlyKeys("train-logloss", "train-auc", "validation-logloss", "validation-auc");
    assertThat(listener.metrics.values()).allMatch(series -> series.size() == 10);
    List<Double> loss = listener.metrics.get("train-logloss");
    assertThat(loss.get(9)).isLessThan(loss.get(0)).isPositive();
    assertThat(listener.metrics.get("train-auc").get(9)).isBetween(0.8, 1.0);
  }

  @Test
  void reportsTheGainThatXgBoostItselfTells() throws XGBoostError, IOException {
    RecordingListener listener = new RecordingListener();
    Map<String, Double> expected;
    try (XgBoostModel model = small().train(TRAINING, listener)) {
      Booster booster = XGBoost.loadModel(BaseScore.asNumber(model.files().get("model.ubj")));
      expected = booster.getScore(new String[] {"f0", "f1", "f2"}, "gain");
      booster.dispose();
    }
    assertThat(listener.importance).containsOnlyKeys("distance", "wind_speed", "carrier");
    for (int i = 0; i < 3; i++) {
      assertThat(listener.importance.get(TRAINING.signature().names().get(i)))
          .isPositive()
          .isCloseTo(expected.get("f" + i), withinPercentage(0.001));
    }
  }

  @Test
  void anInputThatNoTreeUsesHasNoGain() {
    double[] labels = new double[100];
    double[] vectors = new double[200];
    for (int row = 0; row < 100; row++) {
      labels[row] = row < 50 ? 0 : 1;
      vectors[row * 2] = 7;
      vectors[row * 2 + 1] = row;
    }
    Signature odd =
        new Signature(
            List.of(Input.numeric("same [f1<2] gain=9"), Input.numeric("row\"},{")),
            Output.binary("late"));
    RecordingListener listener = new RecordingListener();
    small().train(new TestTraining(odd, vectors, labels), listener).close();
    assertThat(listener.importance.get("same [f1<2] gain=9")).isZero();
    assertThat(listener.importance.get("row\"},{")).isPositive();
  }

  @Test
  void givesTheSameBytesForTheSameDataAndSeed() {
    XgBoostTrainer trainer = small().subsample(0.5).seed(7);
    try (XgBoostModel first = trainer.train(TRAINING);
        XgBoostModel second = trainer.train(TRAINING);
        XgBoostModel other = trainer.seed(8).train(TRAINING)) {
      assertThat(second.files().get("model.ubj")).isEqualTo(first.files().get("model.ubj"));
      assertThat(other.files().get("model.ubj")).isNotEqualTo(first.files().get("model.ubj"));
    }
  }

  @Test
  void predictsTheSameAfterAPackageWasWrittenAndLoaded() {
    try (XgBoostModel model = small().train(TRAINING);
        Model loaded =
            ModelLoaders.discovered().load(ModelPackage.of(model.packaged(TRAINING).files()))) {
      assertThat(loaded.signature()).isEqualTo(TRAINING.signature());
      assertThat(loaded.predictAll(TRAINING.vectors(), 1000))
          .isEqualTo(model.predictAll(TRAINING.vectors(), 1000));
      assertThat(loaded.predict(TRAINING.vector(17)))
          .containsExactly(model.predictAll(TRAINING.vectors(), 1000)[17]);
    }
  }

  @Test
  void learnsClassesAndNumbers() {
    Output bands = Output.multiclass("band", List.of("early", "on time", "late", "very late"));
    TestTraining classes = TestTraining.rows(bands, 1000, 3);
    try (XgBoostModel model = small().train(classes)) {
      double[] output = model.predict(classes.vector(0));
      assertThat(output).hasSize(4);
      assertThat(Arrays.stream(output).sum()).isBetween(0.999999, 1.000001);
    }
    TestTraining numbers = TestTraining.rows(Output.regression("delay"), 1000, 3);
    RecordingListener listener = new RecordingListener();
    try (XgBoostModel model = XgBoost.regressor().trees(20).train(numbers, listener)) {
      assertThat(model.predict(numbers.vector(0))).hasSize(1);
    }
    assertThat(listener.metrics.get("train-rmse").get(19)).isLessThan(1);
  }

  @Test
  void predictsTheSameInManyThreads() throws Exception {
    try (XgBoostModel model = small().train(TRAINING)) {
      double[] expected = model.predictAll(TRAINING.vectors(), 1000);
      ExecutorService threads = Executors.newFixedThreadPool(8);
      try {
        List<Future<Boolean>> answers = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
          int start = thread * 100;
          answers.add(
              threads.submit(
                  () -> {
                    boolean same = true;
                    for (int i = 0; i < 500; i++) {
                      int row = (start + i) % 1000;
                      same &= model.predict(TRAINING.vector(row))[0] == expected[row];
                    }
                    return same;
                  }));
        }
        for (Future<Boolean> answer : answers) {
          assertThat(answer.get()).isTrue();
        }
      } finally {
        threads.shutdownNow();
      }
    }
  }

  @Test
  void refusesToPredictOnceClosedAlsoWhileOthersPredict() throws Exception {
    XgBoostModel model = small().train(TRAINING);
    ExecutorService threads = Executors.newFixedThreadPool(4);
    try {
      List<Future<String>> answers = new ArrayList<>();
      for (int thread = 0; thread < 4; thread++) {
        answers.add(
            threads.submit(
                () -> {
                  try {
                    while (true) {
                      model.predict(TRAINING.vector(3));
                    }
                  } catch (IllegalStateException e) {
                    return e.getMessage();
                  }
                }));
      }
      model.predict(TRAINING.vector(3));
      model.close();
      model.close();
      for (Future<String> answer : answers) {
        assertThat(answer.get()).isEqualTo("the XGBoost model is closed");
      }
    } finally {
      threads.shutdownNow();
    }
    assertThatThrownBy(() -> model.predictAll(TRAINING.vectors(), 1000))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void checksSettingsAtOnce() {
    assertThatThrownBy(() -> XgBoost.classifier().trees(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("trees must be 1 or more, was 0");
    assertThatThrownBy(() -> XgBoost.classifier().maxDepth(31))
        .hasMessage("maxDepth must be 1 to 30, was 31");
    assertThatThrownBy(() -> XgBoost.classifier().learningRate(Double.NaN))
        .hasMessage("learningRate must be above 0 and at most 1, was NaN");
    assertThatThrownBy(() -> XgBoost.classifier().gamma(-1))
        .hasMessage("gamma must be 0 or more and finite, was -1.0");
    assertThatThrownBy(() -> XgBoost.classifier().metrics())
        .hasMessage("metrics must name at least one, such as \"logloss\"");
  }

  @Test
  void refusesDataThatCannotBeTrainedOn() {
    assertThatThrownBy(() -> small().train(TestTraining.binary(0, 1)))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("the training data has no rows");
    assertThatThrownBy(() -> small().train(TRAINING.withLabel(4, Double.NaN)))
        .isInstanceOf(XgBoostException.class)
        .hasMessage("the label of row 4 of the training data is NaN; it should be 0 or 1");
    assertThatThrownBy(() -> small().train(TRAINING.withValue(5, 1, 1e300)))
        .isInstanceOf(XgBoostException.class)
        .hasMessageStartingWith("feature \"wind_speed\" of row 5 of the training data is infinite");
    assertThatThrownBy(() -> XgBoost.regressor().train(TRAINING))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("\"late\", which is BINARY; use XgBoost.classifier()");
    assertThatThrownBy(
            () ->
                small()
                    .validation(TestTraining.rows(Output.binary("early"), 10, 1))
                    .train(TRAINING))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("the validation data has other inputs");
    assertThatThrownBy(() -> small().metrics("no_such_metric").train(TRAINING))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("no_such_metric");
  }

  @Test
  void refusesLabelsThatAreNoTwoClasses() {
    TestTraining one = TestTraining.binary(3, 1).withLabel(0, 1).withLabel(1, 1).withLabel(2, 1);
    assertThatThrownBy(() -> small().train(one))
        .isInstanceOf(XgBoostException.class)
        .hasMessage(
            "the training data has 3 rows of 1 classes; a classifier needs rows of two classes or"
                + " more");
    Output bands = Output.multiclass("band", List.of("early", "on time", "late"));
    assertThatThrownBy(
            () -> small().train(new TestTraining(signature(bands), one.vectors(), one.labels())))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("3 rows of 1 classes");
    TestTraining classes = TestTraining.rows(bands, 10, 1);
    assertThatThrownBy(() -> small().train(classes.withLabel(7, 3)))
        .isInstanceOf(XgBoostException.class)
        .hasMessage(
            "the label of row 7 of the training data is 3.0; it should be a whole number from 0 to"
                + " 2");
    assertThatThrownBy(
            () -> small().train(new TestTraining(one.signature(), one.vectors(), classes.labels())))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("of 10 rows should have 30 values and 10 labels, found 9 and 10");
    assertThatCode(() -> small().validation(one).train(TRAINING).close())
        .doesNotThrowAnyException();
    TestTraining constant =
        new TestTraining(signature(Output.regression("delay")), one.vectors(), one.labels());
    assertThatCode(() -> XgBoost.regressor().trees(2).train(constant).close())
        .doesNotThrowAnyException();
  }

  @Test
  void refusesInfinitiesInTrainingAndTakesThemInPredictions() {
    for (double value : new double[] {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY}) {
      assertThatThrownBy(() -> small().train(TRAINING.withValue(5, 0, value)))
          .isInstanceOf(XgBoostException.class)
          .hasMessage(
              "feature \"distance\" of row 5 of the training data is infinite or beyond the range of"
                  + " a float; training takes finite values and missing ones");
    }
    try (XgBoostModel model = small().train(TRAINING)) {
      double[] infinite = {Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY, 1e300};
      assertThat(model.predict(infinite)[0]).isBetween(0.0, 1.0);
    }
  }

  @Test
  void refusesFilesThatAreNotTheModelOfTheSignature() {
    try (XgBoostModel model = small().train(TRAINING)) {
      byte[] bytes = model.files().get("model.ubj");
      Signature signature = TRAINING.signature();
      Signature wider =
          new Signature(List.of(Input.numeric("a"), Input.numeric("b")), signature.output());
      Output bands = Output.multiclass("band", List.of("early", "late"));
      assertThatThrownBy(() -> XgBoostModel.of(wider, bytes))
          .isInstanceOf(XgBoostException.class)
          .hasMessageContaining(
              "has 3 features [distance, wind_speed, carrier], the signature has 2");
      assertThatThrownBy(() -> XgBoostModel.of(new Signature(signature.inputs(), bands), bytes))
          .isInstanceOf(XgBoostException.class)
          .hasMessageContaining("predicts 1 numbers a row, the signature says 2");
      assertThatThrownBy(() -> XgBoostModel.of(signature, Arrays.copyOf(bytes, 1000)))
          .isInstanceOf(XgBoostException.class)
          .hasMessageContaining("is not a model in UBJSON: a length is");
      assertThatThrownBy(
              () -> XgBoostModel.of(signature, "binf".getBytes(StandardCharsets.US_ASCII)))
          .isInstanceOf(XgBoostException.class)
          .hasMessageContaining("is not a model in UBJSON");
    }
  }

  @Test
  void saysWhyAPackageCannotBeLoaded() {
    try (XgBoostModel model = small().train(TRAINING)) {
      ModelPackage trained = model.packaged(TRAINING);
      assertThat(new XgBoostLoader().whyNot(trained.manifest())).isEmpty();
      assertThat(new XgBoostLoader().isNative()).isTrue();
      assertThat(ModelLoadException.class).isAssignableTo(dev.mlops4j.MlopsException.class);
    }
  }

  @Test
  void saysWhatToInstallWhereTheNativeLibraryDoesNotLoad() {
    assertThatThrownBy(
            () ->
                NativeLibrary.call(
                    "train",
                    () -> {
                      throw new ExceptionInInitializerError(
                          new UnsatisfiedLinkError("libgomp.so.1: cannot open shared object file"));
                    }))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("libgomp.so.1: cannot open shared object file")
        .hasMessageContaining("apt-get install libgomp1")
        .hasMessageContaining("dnf install libgomp")
        .hasMessageContaining("brew install libomp");
  }

  @Test
  void namesTheClassThatIsMissingInsteadOfANativeLibrary() {
    NoClassDefFoundError missing =
        new NoClassDefFoundError("org/apache/commons/logging/LogFactory");
    missing.initCause(new ClassNotFoundException("org.apache.commons.logging.LogFactory"));
    assertThatThrownBy(
            () ->
                NativeLibrary.call(
                    "train",
                    () -> {
                      throw missing;
                    }))
        .isInstanceOf(XgBoostException.class)
        .hasMessageContaining("org.apache.commons.logging.LogFactory")
        .hasMessageContaining("class path")
        .hasMessageNotContaining("OpenMP")
        .hasMessageNotContaining("libgomp");
  }

  @Test
  void refusesArraysThatAreTooShort() {
    try (XgBoostModel model = small().train(TRAINING)) {
      assertThatThrownBy(() -> model.predict(new double[2], new double[1]))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessageContaining(
              "a vector of 3 and an output of 1 doubles are needed, found 2 and 1");
      assertThatThrownBy(() -> model.predictAll(new double[5], 2))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("2 rows of 3 doubles are needed, found 5 doubles");
    }
  }

  private static Signature signature(Output output) {
    return new Signature(TRAINING.signature().inputs(), output);
  }

  private static XgBoostTrainer small() {
    return XgBoost.classifier().trees(10).maxDepth(3).threads(1);
  }
}
