package dev.mlops4j.tribuo;

import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Logistic regression for two classes or more, trained by Tribuo with stochastic gradient descent
 * and AdaGrad, in pure Java: quick, and a candidate that any other has to beat.
 *
 * <pre>{@code
 * TribuoModel model = TribuoLogisticRegression.classifier().epochs(5).train(training, run);
 * }</pre>
 *
 * <p>Numbers are scaled to mean 0 and deviation 1, categories become one feature each, and a
 * missing value is the mean together with a feature that says so; an unseen category counts as
 * missing. The same data and settings give the same model, byte for byte. The settings are checked
 * at once; not safe for use by several threads.
 *
 * <p>See Duchi, Hazan, Singer, "Adaptive Subgradient Methods for Online Learning and Stochastic
 * Optimization", JMLR 2011. Time and memory are proportional to the rows times the inputs.
 */
public final class TribuoLogisticRegression {

  /** How often the training goes over the rows unless told otherwise. */
  public static final int DEFAULT_EPOCHS = 5;

  /** The initial size of AdaGrad's steps unless told otherwise. */
  public static final double DEFAULT_LEARNING_RATE = 0.1;

  /** What the order of the rows is drawn from unless told otherwise. */
  public static final long DEFAULT_SEED = 0;

  private int epochs = DEFAULT_EPOCHS;
  private double learningRate = DEFAULT_LEARNING_RATE;
  private long seed = DEFAULT_SEED;

  private TribuoLogisticRegression() {}

  /** Starts the training of a model that gives probabilities. */
  public static TribuoLogisticRegression classifier() {
    return new TribuoLogisticRegression();
  }

  /** How often the training goes over the rows, 1 or more. */
  public TribuoLogisticRegression epochs(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("epochs must be 1 or more, was " + count);
    }
    epochs = count;
    return this;
  }

  /** The initial size of AdaGrad's steps, above 0. */
  public TribuoLogisticRegression learningRate(double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learningRate must be above 0 and finite, was " + rate);
    }
    learningRate = rate;
    return this;
  }

  /** What the order of the rows is drawn from. */
  public TribuoLogisticRegression seed(long start) {
    seed = start;
    return this;
  }

  /** Trains without a listener; see {@link #train(TrainingData, TrainingListener)}. */
  public TribuoModel train(TrainingData training) {
    return train(training, TrainingListener.NONE);
  }

  /**
   * Trains a model. Blocks until it is done.
   *
   * @param listener hears of all settings, defaults included, and after each epoch of {@code
   *     train-logloss}, the mean over the epoch's rows before each was learned, with steps from 0,
   *     and in the end of the importance {@code weight}, the greatest absolute weight of an input,
   *     numbers being scaled to deviation 1
   * @throws TribuoException if the target is a number, the data has no rows or rows of one class
   *     only, a label is none of the target's, or a value is neither missing nor finite and within
   *     the range of a float
   */
  public TribuoModel train(TrainingData training, TrainingListener listener) {
    Task task = training.signature().output().task();
    if (task == Task.REGRESSION) {
      throw new TribuoException(
          "a logistic regression cannot learn the target \""
              + training.signature().output().name()
              + "\", which is a number; choose a trainer for REGRESSION");
    }
    return new TribuoTraining(training).train(learningRate, epochs, seed, params(), listener);
  }

  private Map<String, String> params() {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("algorithm", "tribuo logistic regression");
    params.put("optimiser", "adagrad");
    params.put("epochs", Integer.toString(epochs));
    params.put("learning_rate", Double.toString(learningRate));
    params.put("seed", Long.toString(seed));
    return params;
  }
}
