package dev.mlops4j.benchmarks.calibration;

/** What a column holds. */
enum Kind {
  NORMAL("normal", "numbers"),
  LOGNORMAL("lognormal", "numbers"),
  /** Student's t with two degrees of freedom: no variance. */
  HEAVY_TAILED("heavy-tailed", "numbers"),
  /** Poisson with mean 3. */
  COUNTS("counts", "integers"),
  /** 1 in three rows of ten, else 0. */
  FLAG("flag, 0 or 1", "integers"),
  /** Normal, one row in ten missing. */
  WITH_MISSING("normal, 10 % missing", "numbers"),
  CATEGORIES_2("2 categories", "categories"),
  CATEGORIES_5("5 categories", "categories"),
  CATEGORIES_20("20 categories", "categories"),
  CATEGORIES_200("200 categories", "categories"),
  /** Normal around a mean that differs from week to week, by 0.1 deviations of a row. */
  CALM_WEEKS("weeks, calm", "weeks"),
  /** The same by 0.5 deviations. */
  RESTLESS_WEEKS("weeks, restless", "weeks");

  private final String words;
  private final String form;

  Kind(String words, String form) {
    this.words = words;
    this.form = form;
  }

  String words() {
    return words;
  }

  /** How the peers are given it: numbers, integers, categories or weeks. */
  String form() {
    return form;
  }

  boolean hasWeeks() {
    return this == CALM_WEEKS || this == RESTLESS_WEEKS;
  }

  int categories() {
    return switch (this) {
      case CATEGORIES_2 -> 2;
      case CATEGORIES_5 -> 5;
      case CATEGORIES_20 -> 20;
      case CATEGORIES_200 -> 200;
      default -> 0;
    };
  }
}
