package dev.mlops4j.benchmarks.calibration;

/** In which respect the current rows differ. */
enum Shift {
  NONE("none"),
  MEAN("mean"),
  SPREAD("spread"),
  /** Two humps with the mean and the variance of one. */
  SHAPE("shape"),
  /** The share of the most frequent category, or of the ones. */
  SHARE("most frequent share"),
  /** The share of the least frequent category. */
  RARE_SHARE("least frequent share"),
  MISSING("missing share");

  private final String words;

  Shift(String words) {
    this.words = words;
  }

  String words() {
    return words;
  }
}
