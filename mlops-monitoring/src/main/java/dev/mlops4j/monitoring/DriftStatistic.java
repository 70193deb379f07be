package dev.mlops4j.monitoring;

/** How far two samples of one column are apart; all but the p-values are 0 if they are the same. */
public enum DriftStatistic {
  /** The greatest distance of the distribution functions, 0 to 1. */
  KOLMOGOROV_SMIRNOV("Kolmogorov-Smirnov"),
  /**
   * The probability of that distance or more if nothing differs and no numbers are equal, as
   * scipy's. The verdict's takes ties into account where numbers are few.
   */
  KOLMOGOROV_SMIRNOV_P("Kolmogorov-Smirnov p, without ties"),
  /** How far the numbers must be moved in the mean, in the column's unit. */
  WASSERSTEIN("Wasserstein distance"),
  /** The same, divided by the standard deviation of the reference. */
  WASSERSTEIN_IN_DEVIATIONS("Wasserstein distance in standard deviations"),
  /** The difference of the means, in the column's unit. */
  MEAN_DIFFERENCE("difference of the means"),
  /** The population stability index: of numbers in the tenths of the reference. */
  POPULATION_STABILITY_INDEX("population stability index"),
  /** The Jensen-Shannon distance of the categories' shares, base 2, 0 to 1. */
  JENSEN_SHANNON("Jensen-Shannon distance"),
  /** Half the sum of the differences of the categories' shares, 0 to 1. */
  TOTAL_VARIATION("total variation"),
  /** The p-value of Pearson's chi-square test of both samples' counts. */
  CHI_SQUARE_P("chi-square p");

  private final String words;

  DriftStatistic(String words) {
    this.words = words;
  }

  /** The name for people. */
  public String words() {
    return words;
  }
}
