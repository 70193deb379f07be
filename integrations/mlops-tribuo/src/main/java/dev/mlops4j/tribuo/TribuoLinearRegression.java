package dev.mlops4j.tribuo;

import dev.mlops4j.model.Signature.Task;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.model.TrainingListener;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Linear regression trained by Tribuo with stochastic gradient descent and AdaGrad on the squared
 * error, in pure Java: quick, and a candidate that any other has to beat.
 *
 * <pre>{@code
 * TribuoModel model = TribuoLinearRegression.regressor().epochs(5).train(training, run);
 * }</pre>
 *
 * <p>Inputs are encoded as {@link TribuoLogisticRegression} does; the target is scaled to mean 0
 * and deviation 1 for the training. The same data and settings give the same model, byte for byte.
 * The settings are checked at once; not safe for use by several threads.
 */
public final class TribuoLinearRegression {

  /** How often the training goes over the rows unless told otherwise. */
  public static final int DEFAULT_EPOCHS = 5;

  /** The initial size of AdaGrad's steps unless told otherwise. */
  public static final double DEFAULT_LEARNING_RATE = 0.1;

  /** What the order of the rows is drawn from unless told otherwise. */
  public static final long DEFAULT_SEED = 0;

  private int epochs = DEFAULT_EPOCHS;
  private double learningRate = DEFAULT_LEARNING_RATE;
  private long seed = DEFAULT_SEED;

  private TribuoLinearRegression() {}

  /** Starts the training of a model that gives a number. */
  public static TribuoLinearRegression regressor() {
    return new TribuoLinearRegression();
  }

  /** How often the training goes over the rows, 1 or more. */
  public TribuoLinearRegression epochs(int count) {
    if (count < 1) {
      throw new IllegalArgumentException("epochs must be 1 or more, was " + count);
    }
    epochs = count;
    return this;
  }

  /** The initial size of AdaGrad's steps, above 0. */
  public TribuoLinearRegression learningRate(double rate) {
    if (!(rate > 0 && rate < Double.POSITIVE_INFINITY)) {
      throw new IllegalArgumentException("learningRate must be above 0 and finite, was " + rate);
    }
    learningRate = rate;
    return this;
  }

  /** What the order of the rows is drawn from. */
  public TribuoLinearRegression seed(long start) {
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
   *     train-rmse}, over the epoch's rows before each was learned, with steps from 0, and in the
   *     end of the importance {@code weight}, the greatest absolute weight of an input, numbers
   *     being scaled to deviation 1
   * @throws TribuoException if the target is no number, the data has no rows, a label is not
   *     finite, or a value is neither missing nor finite and within the range of a float
   */
  public TribuoModel train(TrainingData training, TrainingListener listener) {
    Task task = training.signature().output().task();
    if (task != Task.REGRESSION) {
      throw new TribuoException(
          "a linear regression cannot learn the target \""
              + training.signature().output().name()
              + "\", which is "
              + task
              + "; choose TribuoLogisticRegression");
    }
    return new TribuoTraining(training).trainNumber(learningRate, epochs, seed, params(), listener);
  }

  private Map<String, String> params() {
    Map<String, String> params = new LinkedHashMap<>();
    params.put("algorithm", "tribuo linear regression");
    params.put("optimiser", "adagrad");
    params.put("epochs", Integer.toString(epochs));
    params.put("learning_rate", Double.toString(learningRate));
    params.put("seed", Long.toString(seed));
    return params;
  }
}
