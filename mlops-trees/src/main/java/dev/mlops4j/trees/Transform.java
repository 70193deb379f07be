package dev.mlops4j.trees;

/** What makes a prediction of margins. XGBoost computes in float32, LightGBM in float64. */
enum Transform {
  IDENTITY,
  LOGISTIC,
  EXP,
  SOFTMAX,
  /** The index of the greatest margin, the first one of equals. */
  ARGMAX,
  /** 1 for a positive margin, else 0. */
  STEP,
  /** The square with the margin's sign: LightGBM's {@code reg_sqrt}. */
  SIGNED_SQUARE,
  /** LightGBM's {@code cross_entropy_lambda}. */
  LOG_ONE_PLUS_EXP;

  /** XGBoost keeps a probability above zero by never going further than this. */
  private static final float GREATEST_EXPONENT = 88.7f;

  /** Replaces margins of XGBoost with predictions; not for the argmax, which has only one. */
  void apply(float[] margins, int from, int outputs) {
    if (this == SOFTMAX) {
      softmax(margins, from, outputs);
    } else if (this != IDENTITY) {
      for (int i = from; i < from + outputs; i++) {
        margins[i] = apply(margins[i]);
      }
    }
  }

  private float apply(float margin) {
    return switch (this) {
      case LOGISTIC -> {
        float exponent = margin < -GREATEST_EXPONENT ? GREATEST_EXPONENT : -margin;
        yield 1f / ((float) Math.exp(exponent) + 1f);
      }
      case EXP -> (float) Math.exp(margin);
      case STEP -> margin > 0 ? 1 : 0;
      default -> margin;
    };
  }

  /** Transforms one margin of LightGBM, whose logistic function has a slope. */
  double apply(double margin, double slope) {
    return switch (this) {
      case LOGISTIC -> 1 / (1 + Math.exp(-slope * margin));
      case EXP -> Math.exp(margin);
      case SIGNED_SQUARE -> Math.copySign(margin * margin, margin);
      case LOG_ONE_PLUS_EXP -> Math.log1p(Math.exp(margin));
      default -> margin;
    };
  }

  /** In float32 but for the sum, as XGBoost does. */
  private static void softmax(float[] margins, int from, int outputs) {
    float greatest = margins[from];
    for (int i = from + 1; i < from + outputs; i++) {
      greatest = Math.max(greatest, margins[i]);
    }
    double sum = 0;
    for (int i = from; i < from + outputs; i++) {
      margins[i] = (float) Math.exp(margins[i] - greatest);
      sum += margins[i];
    }
    for (int i = from; i < from + outputs; i++) {
      margins[i] /= (float) sum;
    }
  }

  /** Returns the index of the greatest margin, the first one of equals. */
  static int argmax(float[] margins, int from, int outputs) {
    int best = 0;
    for (int i = 1; i < outputs; i++) {
      if (margins[from + i] > margins[from + best]) {
        best = i;
      }
    }
    return best;
  }

  /** Replaces margins, so many from the first, with their softmax. */
  static void softmax(double[] margins, int outputs) {
    double greatest = margins[0];
    for (int i = 1; i < outputs; i++) {
      greatest = Math.max(greatest, margins[i]);
    }
    double sum = 0;
    for (int i = 0; i < outputs; i++) {
      margins[i] = Math.exp(margins[i] - greatest);
      sum += margins[i];
    }
    for (int i = 0; i < outputs; i++) {
      margins[i] /= sum;
    }
  }
}
