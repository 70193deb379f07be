package dev.mlops4j.trees;

/** What an objective of XGBoost makes of the base score, and what of margins. */
record XgBoostObjective(Link link, Transform transform) {

  /** From the base score in the file to the margin that the sum begins with. */
  enum Link {
    IDENTITY,
    LOGIT,
    LOG
  }

  static XgBoostObjective of(String name) {
    return switch (name) {
      case "binary:logistic", "reg:logistic" ->
          new XgBoostObjective(Link.LOGIT, Transform.LOGISTIC);
      case "count:poisson", "reg:gamma", "reg:tweedie", "survival:cox", "survival:aft" ->
          new XgBoostObjective(Link.LOG, Transform.EXP);
      case "multi:softprob" -> new XgBoostObjective(Link.IDENTITY, Transform.SOFTMAX);
      case "multi:softmax" -> new XgBoostObjective(Link.IDENTITY, Transform.ARGMAX);
      case "binary:hinge" -> new XgBoostObjective(Link.IDENTITY, Transform.STEP);
      case "binary:logitraw",
          "reg:squarederror",
          "reg:squaredlogerror",
          "reg:pseudohubererror",
          "reg:absoluteerror",
          "reg:quantileerror",
          "rank:pairwise",
          "rank:ndcg",
          "rank:map" ->
          new XgBoostObjective(Link.IDENTITY, Transform.IDENTITY);
      default ->
          throw new UnsupportedModelException(
              "XGBoost's objective '%s' is not supported".formatted(Excerpt.of(name)));
    };
  }

  /** Returns the margin of a base score, in float32 as XGBoost computes it. */
  float margin(float baseScore) {
    return switch (link) {
      case IDENTITY -> baseScore;
      case LOGIT -> -LogFloat.log(1f / baseScore - 1f);
      case LOG -> LogFloat.log(baseScore);
    };
  }
}
