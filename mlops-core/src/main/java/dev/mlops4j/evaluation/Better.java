package dev.mlops4j.evaluation;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/** Which values of a metric are better. */
public enum Better {
  /** As of accuracy and AUC. */
  HIGHER,
  /** As of log loss and errors. */
  LOWER;

  /** Names as this library, scikit-learn and XGBoost use them. */
  private static final Set<String> HIGHER_NAMES =
      Set.of(
          "auc",
          "aucpr",
          "roc_auc",
          "average_precision",
          "accuracy",
          "balanced_accuracy",
          "acc",
          "precision",
          "recall",
          "f1",
          "f1_score",
          "r2",
          "ndcg",
          "map",
          "pre");

  private static final Set<String> LOWER_NAMES =
      Set.of(
          "loss",
          "log_loss",
          "logloss",
          "mlogloss",
          "brier",
          "brier_score",
          "error",
          "merror",
          "mse",
          "rmse",
          "rmsle",
          "mae",
          "mape",
          "mphe",
          "calibration_error",
          "nloglik",
          "deviance");

  /** What an average over classes ends in, in the order in which it is taken off. */
  private static final List<String> AVERAGES = List.of("_macro", "_micro", "_weighted", "_ovr");

  /** What a loss of a quantile ends in. */
  private static final Pattern QUANTILE = Pattern.compile("_0\\.\\d+$");

  /** Ends like a name above, and is best at zero. */
  private static final String SIGNED = "mean_error";

  /**
   * Which values of a metric are better by its name: that of a well-known metric, such as {@code
   * log_loss} or XGBoost's {@code aucpr}, also with a prefix that ends in one of {@code _ - / .}
   * and with XGBoost's {@code @0.5} at the end. So {@code test_auc} and {@code validation-logloss}
   * are known. So are averages over classes, which end in {@code _macro}, {@code _micro}, {@code
   * _weighted} or {@code _ovr}, and losses of a quantile, such as {@code pinball_loss_0.9}. A
   * {@code mean_error} is not, as it has a sign.
   *
   * @return empty if the name says nothing
   */
  public static Optional<Better> of(String metric) {
    String name = metric.toLowerCase(Locale.ROOT);
    int at = name.indexOf('@');
    String rest = withoutEnd(at < 0 ? name : name.substring(0, at));
    while (!rest.equals(SIGNED)) {
      if (HIGHER_NAMES.contains(rest)) {
        return Optional.of(HIGHER);
      }
      if (LOWER_NAMES.contains(rest)) {
        return Optional.of(LOWER);
      }
      int end = endOfPrefix(rest);
      if (end < 0) {
        return Optional.empty();
      }
      rest = rest.substring(end + 1);
    }
    return Optional.empty();
  }

  /** How much worse a value is than another; negative if it is better. */
  public double loss(double value, double than) {
    return this == HIGHER ? than - value : value - than;
  }

  private static String withoutEnd(String name) {
    String rest = QUANTILE.matcher(name).replaceFirst("");
    for (String end : AVERAGES) {
      rest = rest.endsWith(end) ? rest.substring(0, rest.length() - end.length()) : rest;
    }
    return rest;
  }

  private static int endOfPrefix(String name) {
    for (int i = 0; i < name.length(); i++) {
      if ("_-/.".indexOf(name.charAt(i)) >= 0) {
        return i;
      }
    }
    return -1;
  }
}
