package dev.mlops4j.tribuo;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.tribuo.MutableDataset;
import org.tribuo.classification.Label;
import org.tribuo.classification.LabelFactory;
import org.tribuo.classification.sgd.linear.LinearSGDModel;
import org.tribuo.classification.sgd.linear.LinearSGDTrainer;
import org.tribuo.impl.ArrayExample;
import org.tribuo.math.optimisers.AdaGrad;
import org.tribuo.provenance.SimpleDataSourceProvenance;
import org.tribuo.regression.RegressionFactory;
import org.tribuo.regression.Regressor;

/** One training: rows to Tribuo's examples, Tribuo's trainer, the model's bytes. */
final class TribuoTraining {

  /** The time that goes into provenance instead of the present one, which would be in the bytes. */
  static final OffsetDateTime NO_TIME = OffsetDateTime.ofInstant(Instant.EPOCH, ZoneOffset.UTC);

  private static final int NO_LOGGING = -1;

  private final TrainingData training;
  private final Signature signature;
  private final List<InputEncoding> encodings;

  TribuoTraining(TrainingData training) {
    this.training = training;
    this.signature = training.signature();
    checkValues(training);
    this.encodings =
        IntStream.range(0, signature.width())
            .mapToObj(position -> InputEncoding.of(training, position))
            .toList();
  }

  TribuoModel train(
      double learningRate,
      int epochs,
      long seed,
      Map<String, String> params,
      TrainingListener listener) {
    MutableDataset<Label> examples = examples();
    if (examples.getOutputs().size() < 2) {
      throw new TribuoException(
          "the training data has "
              + training.rowCount()
              + " rows of "
              + examples.getOutputs().size()
              + " classes; a classifier needs rows of two classes or more");
    }
    listener.params(params);
    LinearSGDTrainer trainer =
        new LinearSGDTrainer(
            new EpochLoss(training.rowCount(), listener),
            new AdaGrad(learningRate),
            epochs,
            NO_LOGGING,
            seed);
    LinearSGDModel model = trainer.train(examples);
    return told(ModelBytes.write(model), TargetScale.NONE, listener);
  }

  TribuoModel trainNumber(
      double learningRate,
      int epochs,
      long seed,
      Map<String, String> params,
      TrainingListener listener) {
    if (training.rowCount() == 0) {
      throw new TribuoException("the training data has no rows; a regression needs some");
    }
    TargetScale target = TargetScale.of(training);
    MutableDataset<Regressor> examples = numbers(target);
    listener.params(params);
    org.tribuo.regression.sgd.linear.LinearSGDTrainer trainer =
        new org.tribuo.regression.sgd.linear.LinearSGDTrainer(
            new EpochError(training.rowCount(), target.scale(), listener),
            new AdaGrad(learningRate),
            epochs,
            NO_LOGGING,
            1,
            seed);
    return told(ModelBytes.write(trainer.train(examples)), target, listener);
  }

  private TribuoModel told(byte[] bytes, TargetScale target, TrainingListener listener) {
    TribuoModel model = TribuoModel.of(signature, bytes, EncodingJson.write(encodings, target));
    listener.importance("weight", model.importance());
    return model;
  }

  private MutableDataset<Regressor> numbers(TargetScale target) {
    RegressionFactory factory = new RegressionFactory();
    MutableDataset<Regressor> examples =
        new MutableDataset<>(
            new SimpleDataSourceProvenance("MLOps4J training data", NO_TIME, factory), factory);
    Names names = new Names(encodings);
    double[] vectors = training.vectors();
    double[] labels = training.labels();
    int width = signature.width();
    for (int row = 0; row < training.rowCount(); row++) {
      if (!Double.isFinite(labels[row])) {
        throw new TribuoException(
            "the label of row "
                + row
                + " of the training data is "
                + labels[row]
                + "; it should be a finite number");
      }
      ArrayExample<Regressor> example =
          new ArrayExample<>(
              new Regressor(signature.output().name(), target.scaled(labels[row])), 1.0f, width);
      for (int i = 0; i < width; i++) {
        names.add(example, i, vectors[row * width + i]);
      }
      examples.add(example);
    }
    return examples;
  }

  /** The rule of every trainer: predictions take infinities, training does not. */
  private static void checkValues(TrainingData training) {
    double[] vectors = training.vectors();
    Signature signature = training.signature();
    int width = signature.width();
    long values = (long) training.rowCount() * width;
    if (vectors.length != values || training.labels().length != training.rowCount()) {
      throw new TribuoException(
          "the training data of "
              + training.rowCount()
              + " rows should have "
              + values
              + " values and "
              + training.rowCount()
              + " labels, found "
              + vectors.length
              + " and "
              + training.labels().length);
    }
    for (int i = 0; i < vectors.length; i++) {
      if (Float.isInfinite((float) vectors[i])) {
        throw new TribuoException(
            "feature \""
                + signature.names().get(i % width)
                + "\" of row "
                + i / width
                + " of the training data is infinite or beyond the range of a float; training takes"
                + " finite values and missing ones");
      }
    }
  }

  private MutableDataset<Label> examples() {
    LabelFactory labelFactory = new LabelFactory();
    MutableDataset<Label> examples =
        new MutableDataset<>(
            new SimpleDataSourceProvenance("MLOps4J training data", NO_TIME, labelFactory),
            labelFactory);
    int classes = signature.output().labels().isEmpty() ? 2 : signature.output().width();
    List<Label> outputs =
        IntStream.range(0, classes).mapToObj(i -> new Label(Integer.toString(i))).toList();
    Names names = new Names(encodings);
    double[] vectors = training.vectors();
    double[] labels = training.labels();
    int width = signature.width();
    for (int row = 0; row < training.rowCount(); row++) {
      double label = labels[row];
      if (!(label >= 0 && label < classes && label == Math.rint(label))) {
        throw new TribuoException(
            "the label of row "
                + row
                + " of the training data is "
                + label
                + "; it should be a whole number from 0 to "
                + (classes - 1));
      }
      ArrayExample<Label> example = new ArrayExample<>(outputs.get((int) label), 1.0f, width);
      for (int i = 0; i < width; i++) {
        names.add(example, i, vectors[row * width + i]);
      }
      examples.add(example);
    }
    return examples;
  }

  /** The names of all features, each made once. */
  private static final class Names {

    private final List<InputEncoding> encodings;
    private final List<List<String>> names = new ArrayList<>();

    Names(List<InputEncoding> encodings) {
      this.encodings = encodings;
      for (InputEncoding encoding : encodings) {
        names.add(
            encoding.numeric()
                ? List.of(encoding.featureName())
                : IntStream.range(0, encoding.input().categories().size())
                    .mapToObj(encoding::featureName)
                    .toList());
      }
    }

    void add(ArrayExample<?> example, int position, double value) {
      InputEncoding encoding = encodings.get(position);
      if (!encoding.present(value)) {
        example.add(encoding.missingName(), 1);
      } else if (encoding.numeric()) {
        example.add(names.get(position).get(0), encoding.scaled(value));
      } else {
        example.add(names.get(position).get((int) value), 1);
      }
    }
  }
}
