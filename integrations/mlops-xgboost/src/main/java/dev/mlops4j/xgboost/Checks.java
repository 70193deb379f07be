package dev.mlops4j.xgboost;

/** What settings accept; each failure names the setting, the value and what is accepted. */
final class Checks {

  private Checks() {}

  static void atLeast(String setting, long value, long least) {
    if (value < least) {
      throw wrong(setting, least + " or more", value);
    }
  }

  static void within(String setting, int value, int least, int greatest) {
    if (value < least || value > greatest) {
      throw wrong(setting, least + " to " + greatest, value);
    }
  }

  static void share(String setting, double value) {
    if (!(value > 0 && value <= 1)) {
      throw wrong(setting, "above 0 and at most 1", value);
    }
  }

  static void notNegative(String setting, double value) {
    if (!(value >= 0 && value < Double.POSITIVE_INFINITY)) {
      throw wrong(setting, "0 or more and finite", value);
    }
  }

  private static IllegalArgumentException wrong(String setting, String accepted, Number found) {
    return new IllegalArgumentException(setting + " must be " + accepted + ", was " + found);
  }
}
