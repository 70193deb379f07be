package dev.mlops4j.xgboost;

/**
 * Gradient-boosted trees, trained by XGBoost's own native library.
 *
 * <pre>{@code
 * XgBoostModel model = XgBoost.classifier().trees(100).maxDepth(6).train(training, run);
 * }</pre>
 *
 * <p>The native library needs the system's OpenMP library; where that is missing, the first call
 * that needs it throws an {@link XgBoostException} that says what to install.
 */
public final class XgBoost {

  private XgBoost() {}

  /** Starts the training of a model that gives probabilities, of a truth value or of classes. */
  public static XgBoostTrainer classifier() {
    return new XgBoostTrainer(true);
  }

  /** Starts the training of a model that gives a number; it minimises the squared error. */
  public static XgBoostTrainer regressor() {
    return new XgBoostTrainer(false);
  }
}
