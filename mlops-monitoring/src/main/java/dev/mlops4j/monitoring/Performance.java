package dev.mlops4j.monitoring;

import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.evaluation.Interval;
import dev.mlops4j.evaluation.MeanMetric;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * How good the predictions of a window were, as far as their outcomes are known. Immutable.
 *
 * @param rows how many predictions were asked
 * @param labelled how many of them have an outcome
 * @param predicted the mean of the labelled predictions: of a binary model the predicted share; NaN
 *     without any, and of a multiclass model. Here and in the metrics {@link #unusable} ones do not
 *     count
 * @param actual the mean of their outcomes: of a binary model the actual share; NaN as above
 * @param evaluated the metrics of the labelled ones, or null if there are none
 * @param business the means of the functions of {@link MonitorBuilder#metric}, by name, over the
 *     labelled ones; one that failed or gave no finite number for any of them is left out, and in
 *     spans of several windows all are
 */
public record Performance(
    long rows,
    long labelled,
    double predicted,
    double actual,
    @Nullable Evaluation evaluated,
    Map<String, MeanMetric> business) {

  /** Copies the map. */
  public Performance {
    business = Collections.unmodifiableMap(new LinkedHashMap<>(business));
  }

  /** One without functions of the user's. */
  public Performance(
      long rows, long labelled, double predicted, double actual, @Nullable Evaluation evaluated) {
    this(rows, labelled, predicted, actual, evaluated, Map.of());
  }

  /** The share of the predictions whose outcome is known; NaN without predictions. */
  public double coverage() {
    return (double) labelled / rows;
  }

  /**
   * How many labelled predictions no metric can take, as the model gave no finite number, or of a
   * classifier no probabilities from 0 to 1; the others count without them.
   */
  public long unusable() {
    return labelled - (evaluated == null ? 0 : evaluated.rows());
  }

  /** The metrics of the labelled predictions. */
  public Optional<Evaluation> evaluation() {
    return Optional.ofNullable(evaluated);
  }

  /**
   * All metrics by name: those of the {@linkplain #evaluation evaluation}, then those of functions,
   * which stand in for one of the same name.
   */
  public Map<String, Double> metrics() {
    Map<String, Double> metrics =
        new LinkedHashMap<>(evaluated == null ? Map.of() : evaluated.metrics());
    business.forEach((name, metric) -> metrics.put(name, metric.mean()));
    return Collections.unmodifiableMap(metrics);
  }

  /** The 95 % confidence intervals of those that have one. */
  public Map<String, Interval> intervals() {
    Map<String, Interval> intervals =
        new LinkedHashMap<>(evaluated == null ? Map.of() : evaluated.intervals());
    business.forEach(
        (name, metric) -> {
          intervals.remove(name);
          metric.interval().ifPresent(found -> intervals.put(name, found));
        });
    return Collections.unmodifiableMap(intervals);
  }

  /** Of a classifier the share of predictions that came true; else NaN. */
  public double accuracy() {
    return metrics().getOrDefault("accuracy", Double.NaN);
  }

  /** Of a binary model the area under the ROC curve; NaN if the outcomes are all the same. */
  public double auc() {
    return evaluated instanceof BinaryEvaluation binary ? binary.auc() : Double.NaN;
  }

  /** Of a classifier the mean negative log-likelihood; else NaN. */
  public double logLoss() {
    return metrics().getOrDefault("log_loss", Double.NaN);
  }
}
