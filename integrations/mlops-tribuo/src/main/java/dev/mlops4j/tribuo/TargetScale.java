package dev.mlops4j.tribuo;

import dev.mlops4j.model.TrainingData;

/**
 * How a number that is to be predicted is moved and scaled for the training, so that steps of one
 * size suit every target: to mean 0 and deviation 1 over the training rows.
 *
 * @param mean subtracted from a label
 * @param scale by which it is divided then, above 0
 */
record TargetScale(double mean, double scale) {

  /** That of a target which is not scaled. */
  static final TargetScale NONE = new TargetScale(0, 1);

  static TargetScale of(TrainingData training) {
    // Welford's method: one pass, no cancellation.
    double mean = 0;
    double squares = 0;
    int count = 0;
    for (double label : training.labels()) {
      count++;
      double delta = label - mean;
      mean += delta / count;
      squares += delta * (label - mean);
    }
    double deviation = count == 0 ? 0 : Math.sqrt(squares / count);
    return new TargetScale(mean, deviation > 0 ? deviation : 1);
  }

  double scaled(double label) {
    return (label - mean) / scale;
  }

  double unscaled(double score) {
    return mean + scale * score;
  }
}
