package dev.mlops4j.xgboost;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The settings of a training; see {@link XgBoost}. Each is checked at once. Not safe for use by
 * several threads; one may train any number of models.
 *
 * <p>The same data, settings and version of XGBoost on the same kind of machine give the same
 * model, byte for byte. Categories go in as their codes, missing values and unseen categories as
 * missing, for which every split learns a side. XGBoost computes with floats: what a vector holds
 * beyond the 24 bits of a float is not seen.
 */
public final class XgBoostTrainer {

  /** How many trees (of each class, if there are more than two) unless told otherwise. */
  public static final int DEFAULT_TREES = 100;

  /** How many levels of splits a tree has at most unless told otherwise. */
  public static final int DEFAULT_MAX_DEPTH = 6;

  /** The share of each tree's correction that is taken unless told otherwise. */
  public static final double DEFAULT_LEARNING_RATE = 0.3;

  /** The least sum of instance weights in a leaf unless told otherwise. */
  public static final double DEFAULT_MIN_CHILD_WEIGHT = 1;

  /** The share of the rows that each tree sees unless told otherwise. */
  public static final double DEFAULT_SUBSAMPLE = 1;

  /** The share of the features that each tree sees unless told otherwise. */
  public static final double DEFAULT_COLSAMPLE = 1;

  /** The weight of the squared leaf values in the loss unless told otherwise. */
  public static final double DEFAULT_LAMBDA = 1;

  /** The least gain that a split must bring unless told otherwise. */
  public static final double DEFAULT_GAMMA = 0;

  /** What random choices start from unless told otherwise. */
  public static final long DEFAULT_SEED = 0;

  private static final int MAX_DEPTH_LIMIT = 30;

  private final boolean classifier;
  private int trees = DEFAULT_TREES;
  private int maxDepth = DEFAULT_MAX_DEPTH;
  private double learningRate = DEFAULT_LEARNING_RATE;
  private double minChildWeight = DEFAULT_MIN_CHILD_WEIGHT;
  private double subsample = DEFAULT_SUBSAMPLE;
  private double colsample = DEFAULT_COLSAMPLE;
  private double lambda = DEFAULT_LAMBDA;
  private double gamma = DEFAULT_GAMMA;
  private long seed = DEFAULT_SEED;
  private int threads = Runtime.getRuntime().availableProcessors();
  private List<String> metrics = List.of();
  private @Nullable TrainingData validation;

  XgBoostTrainer(boolean classifier) {
    this.classifier = classifier;
  }

  /** How many boosting rounds, 1 or more. */
  public XgBoostTrainer trees(int count) {
    Checks.atLeast("trees", count, 1);
    trees = count;
    return this;
  }

  /** How many levels of splits a tree has at most, 1 to 30. */
  public XgBoostTrainer maxDepth(int levels) {
    Checks.within("maxDepth", levels, 1, MAX_DEPTH_LIMIT);
    maxDepth = levels;
    return this;
  }

  /** The share of each tree's correction that is taken, above 0 up to 1. */
  public XgBoostTrainer learningRate(double rate) {
    Checks.share("learningRate", rate);
    learningRate = rate;
    return this;
  }

  /** The least sum of instance weights (second derivatives of the loss) in a leaf, 0 or more. */
  public XgBoostTrainer minChildWeight(double weight) {
    Checks.notNegative("minChildWeight", weight);
    minChildWeight = weight;
    return this;
  }

  /** The share of the rows, drawn at random, that each tree sees, above 0 up to 1. */
  public XgBoostTrainer subsample(double share) {
    Checks.share("subsample", share);
    subsample = share;
    return this;
  }

  /** The share of the features, drawn at random, that each tree sees, above 0 up to 1. */
  public XgBoostTrainer colsample(double share) {
    Checks.share("colsample", share);
    colsample = share;
    return this;
  }

  /** The weight of the squared leaf values in the loss, 0 or more. */
  public XgBoostTrainer lambda(double weight) {
    Checks.notNegative("lambda", weight);
    lambda = weight;
    return this;
  }

  /** The least gain that a split must bring, 0 or more. */
  public XgBoostTrainer gamma(double gain) {
    Checks.notNegative("gamma", gain);
    gamma = gain;
    return this;
  }

  /** What random choices start from, 0 or more; of use only with a share below 1. */
  public XgBoostTrainer seed(long start) {
    Checks.atLeast("seed", start, 0);
    seed = start;
    return this;
  }

  /** How many threads train, 1 or more; all processors unless told otherwise. */
  public XgBoostTrainer threads(int count) {
    Checks.atLeast("threads", count, 1);
    threads = count;
    return this;
  }

  /**
   * Which of XGBoost's metrics to report after each round, such as {@code logloss} and {@code auc}.
   * Unless told otherwise: {@code logloss}, {@code mlogloss} of more than two classes, {@code rmse}
   * of a number.
   *
   * @throws IllegalArgumentException if none is given; XGBoost itself refuses unknown ones
   */
  public XgBoostTrainer metrics(String... names) {
    if (names.length == 0) {
      throw new IllegalArgumentException("metrics must name at least one, such as \"logloss\"");
    }
    metrics = List.of(names);
    return this;
  }

  /** Data to report the metrics of as well, as {@code validation-...}; it has no other effect. */
  public XgBoostTrainer validation(TrainingData data) {
    validation = data;
    return this;
  }

  /** Trains without a listener; see {@link #train(TrainingData, TrainingListener)}. */
  public XgBoostModel train(TrainingData training) {
    return train(training, TrainingListener.NONE);
  }

  /**
   * Trains a model. Blocks until it is done.
   *
   * @param listener hears of all settings, defaults included, and after each round of {@code
   *     train-<metric>} and {@code validation-<metric>}, with steps from 0, and in the end of the
   *     importance {@code gain}, the mean reduction of the loss by an input's splits
   * @return a model that the caller closes
   * @throws XgBoostException if the data has no rows, rows of one class only, a label or value that
   *     cannot be trained on (a value is missing, or finite and within the range of a float), or
   *     another kind of target; if the validation data has other inputs; if XGBoost reports an
   *     error or its native library cannot be loaded
   */
  public XgBoostModel train(TrainingData training, TrainingListener listener) {
    Signature signature = training.signature();
    Task task = signature.output().task();
    if (classifier == (task == Task.REGRESSION)) {
      throw new XgBoostException(
          "a "
              + (classifier ? "classifier" : "regressor")
              + " cannot learn the target \""
              + signature.output().name()
              + "\", which is "
              + task
              + "; use XgBoost."
              + (classifier ? "regressor()" : "classifier()"));
    }
    TrainingData judged = validation;
    if (judged != null && !judged.signature().equals(signature)) {
      throw new XgBoostException(
          "the validation data has other inputs than the training data: "
              + judged.signature()
              + " and "
              + signature
              + "; build both from one feature set, with the categories of the training data");
    }
    return XgBoostTraining.train(training, judged, trees, settings(signature), listener);
  }

  private Map<String, String> settings(Signature signature) {
    Objective objective = Objective.of(signature.output().task());
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("objective", objective.xgboostName());
    if (objective == Objective.MULTICLASS) {
      settings.put("num_class", Integer.toString(signature.output().width()));
    }
    settings.put("max_depth", Integer.toString(maxDepth));
    settings.put("learning_rate", Double.toString(learningRate));
    settings.put("min_child_weight", Double.toString(minChildWeight));
    settings.put("subsample", Double.toString(subsample));
    settings.put("colsample_bytree", Double.toString(colsample));
    settings.put("lambda", Double.toString(lambda));
    settings.put("gamma", Double.toString(gamma));
    settings.put("seed", Long.toString(seed));
    settings.put("nthread", Integer.toString(threads));
    settings.put("tree_method", "hist");
    settings.put("eval_metric", metrics.isEmpty() ? objective.metric() : String.join(",", metrics));
    return settings;
  }
}
