package dev.mlops4j.monitoring;

/** In which respect a column is compared. */
public enum Aspect {
  /**
   * Where the numbers lie: the probability that a number of the window is greater than one of the
   * reference, ties counting one half, less 0.5.
   */
  POSITION("position", 0.05),
  /** How far apart the numbers lie: the mean squared rank from the middle, 1/3 by construction. */
  SPREAD("spread", 0.05),
  /** The share of rows without a value, on the scale of Cohen's h. */
  MISSING("missing", 0.20),
  /** The shares of the categories, each on the scale of Cohen's h. */
  SHARES("shares", 0.10),
  /** The share of rows with a category that the reference does not have, as Cohen's h. */
  UNSEEN("unseen", 0.20),
  /** The share of labels that are true, as Cohen's h. */
  SHARE("share", 0.10),
  /** The predicted share against the actual one, as Cohen's h, less that of the reference. */
  PREDICTED_AGAINST_ACTUAL("predicted against actual", 0.10),
  /** The greatest distance of the distribution functions (Kolmogorov-Smirnov). */
  DISTRIBUTION("distribution", 0.10);

  private final String word;
  private final double floor;

  Aspect(String word, double floor) {
    this.word = word;
    this.floor = floor;
  }

  /** The effect below which a change is too small to matter, whatever its significance. */
  public double floor() {
    return floor;
  }

  String word() {
    return word;
  }
}
