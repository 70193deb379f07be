package dev.mlops4j.tribuo;

import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.model.TrainingData;

/**
 * How one input becomes features of a linear model. A number becomes one feature, moved and scaled
 * to mean 0 and deviation 1 over the training rows; a category becomes one feature a category, 1 or
 * absent. Where training had missing values there is one more, 1 if the value is missing; a missing
 * value has no other feature, which for a number is the same as its mean. What is not finite, or no
 * category's code, counts as missing.
 *
 * @param mean subtracted from a number; 0 of a category
 * @param scale by which a number is divided then, above 0; 1 of a category
 * @param missing whether there is a feature for missing values
 */
record InputEncoding(Input input, double mean, double scale, boolean missing) {

  static InputEncoding of(TrainingData training, int position) {
    Input input = training.signature().inputs().get(position);
    int width = training.signature().width();
    double[] vectors = training.vectors();
    int rows = training.rowCount();
    boolean numeric = input.type() == InputType.NUMERIC;
    // Welford's method: one pass, no cancellation.
    double mean = 0;
    double squares = 0;
    int count = 0;
    for (int row = 0; row < rows; row++) {
      double value = vectors[row * width + position];
      if (present(input, value)) {
        count++;
        double delta = value - mean;
        mean += delta / count;
        squares += delta * (value - mean);
      }
    }
    double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
    boolean usable = numeric && Double.isFinite(mean) && Double.isFinite(deviation);
    return new InputEncoding(
        input, usable ? mean : 0, usable && deviation > 0 ? deviation : 1, count < rows);
  }

  /** Whether the value is a finite number, or the code of a category. */
  boolean present(double value) {
    return present(input, value);
  }

  boolean numeric() {
    return input.type() == InputType.NUMERIC;
  }

  double scaled(double value) {
    return (value - mean) / scale;
  }

  String featureName() {
    return input.name();
  }

  String featureName(int category) {
    return input.name() + "=" + input.categories().get(category);
  }

  String missingName() {
    return input.name() + " is missing";
  }

  private static boolean present(Input input, double value) {
    return input.type() == InputType.NUMERIC
        ? Double.isFinite(value)
        : value >= 0 && value < input.categories().size();
  }
}
