package dev.mlops4j.trees;

/** What an objective of LightGBM makes of margins. */
record LightGbmObjective(String name, Transform transform, double slope) {

  /** Reads the line {@code objective}, for example {@code binary sigmoid:1}; empty if custom. */
  static LightGbmObjective of(String line, LightGbmLines lines) {
    String[] words = line.split(" ", -1);
    double slope = 1;
    boolean root = false;
    for (String word : words) {
      if (word.startsWith("sigmoid:")) {
        slope = lines.parseDouble(word.substring("sigmoid:".length()));
      }
      root |= word.equals("sqrt");
    }
    Transform transform =
        switch (words[0]) {
          case "regression",
              "regression_l1",
              "huber",
              "fair",
              "quantile",
              "mape",
              "lambdarank",
              "rank_xendcg",
              "custom",
              "none",
              "" ->
              root ? Transform.SIGNED_SQUARE : Transform.IDENTITY;
          case "poisson", "gamma", "tweedie" -> Transform.EXP;
          case "binary", "multiclassova", "cross_entropy" -> Transform.LOGISTIC;
          case "multiclass" -> Transform.SOFTMAX;
          case "cross_entropy_lambda" -> Transform.LOG_ONE_PLUS_EXP;
          default ->
              throw new UnsupportedModelException(
                  "LightGBM's objective '%s' is not supported".formatted(Excerpt.of(words[0])));
        };
    return new LightGbmObjective(line.isEmpty() ? "custom" : words[0], transform, slope);
  }
}
