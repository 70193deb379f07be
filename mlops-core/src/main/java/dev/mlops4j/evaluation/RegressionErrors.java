package dev.mlops4j.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Errors and actual values of rows. What is added up is sorted first, so that sums do not depend on
 * the order of the rows.
 */
final class RegressionErrors {

  /** What scikit-learn divides by where an actual value is 0 or nearly so. */
  private static final double LEAST_SIZE = Math.ulp(1.0);

  private final double[] errors;
  private final double[] ratios;
  private final double[] predicted;
  private final double[] actual;

  private RegressionErrors(double[] errors, double[] ratios, double[] predicted, double[] actual) {
    this.errors = errors;
    this.ratios = ratios;
    this.predicted = predicted;
    this.actual = actual;
  }

  static RegressionErrors of(double[] predicted, double[] actual) {
    if (predicted.length != actual.length) {
      throw new EvaluationException(
          "one actual value for each prediction is needed, found "
              + predicted.length
              + " predictions and "
              + actual.length
              + " actual values");
    }
    if (predicted.length == 0) {
      throw new EvaluationException("nothing to evaluate: there are no rows; give at least one");
    }
    double[] errors = new double[predicted.length];
    double[] ratios = new double[predicted.length];
    for (int i = 0; i < errors.length; i++) {
      errors[i] =
          checked("a prediction", predicted[i], i) - checked("an actual value", actual[i], i);
      ratios[i] = Math.abs(errors[i]) / Math.max(Math.abs(actual[i]), LEAST_SIZE);
    }
    return new RegressionErrors(errors, ratios, predicted, actual);
  }

  RegressionEvaluation evaluate() {
    double[] sizes = sorted(Arrays.stream(errors).map(Math::abs).toArray());
    double[] squares = Arrays.stream(sizes).map(size -> size * size).toArray();
    double[] actuals = sorted(actual);
    MeanMetric absolute = MeanMetric.ofSorted(sizes);
    MeanMetric squared = MeanMetric.ofSorted(squares);
    MeanMetric signed = MeanMetric.ofSorted(sorted(errors));
    MeanMetric relative = MeanMetric.ofSorted(sorted(ratios));
    MeanMetric prediction = MeanMetric.ofSorted(sorted(predicted));
    MeanMetric truth = MeanMetric.ofSorted(actuals);
    double distances =
        sum(Arrays.stream(actuals).map(value -> square(value - truth.mean())).toArray());
    boolean constant = actuals[0] == actuals[actuals.length - 1];
    double r2 = constant ? Double.NaN : 1 - sum(squares) / distances;
    Map<String, Interval> intervals = new LinkedHashMap<>();
    squared.interval().ifPresent(found -> intervals.put("rmse", rootOf(found)));
    absolute.interval().ifPresent(found -> intervals.put("mae", found));
    r2Interval(r2, truth.mean(), distances).ifPresent(found -> intervals.put("r2", found));
    relative.interval().ifPresent(found -> intervals.put("mape", found));
    signed.interval().ifPresent(found -> intervals.put("mean_error", found));
    prediction.interval().ifPresent(found -> intervals.put("mean_prediction", found));
    truth.interval().ifPresent(found -> intervals.put("mean_actual", found));
    intervals.values().removeIf(found -> !Double.isFinite(found.upper() - found.lower()));
    RegressionEvaluation evaluation =
        new RegressionEvaluation(
            errors.length,
            absolute.mean(),
            Math.sqrt(squared.mean()),
            r2,
            signed.mean(),
            prediction.mean(),
            truth.mean(),
            relative.mean(),
            covariance(absolute.mean(), signed.mean()),
            intervals);
    return evaluation.withPinballIntervals();
  }

  /**
   * R2 is 1 less a ratio of two means, whose linearization has what each row adds to the one less
   * the ratio times what it adds to the other: W. G. Cochran, "Sampling techniques", 3rd edition
   * 1977, chapter 6.
   */
  private Optional<Interval> r2Interval(double r2, double mean, double distances) {
    double[] moved = new double[errors.length];
    for (int i = 0; i < moved.length; i++) {
      moved[i] = (square(errors[i]) - (1 - r2) * square(actual[i] - mean)) / distances;
    }
    double error = Influence.standardError(moved) * Math.sqrt(moved.length / (moved.length - 1.0));
    return Interval.atMost(1, r2, error);
  }

  /** Of the size of an error with the error, in a sample; NaN of one row. */
  private double covariance(double meanSize, double meanError) {
    double[] products = new double[errors.length];
    for (int i = 0; i < products.length; i++) {
      products[i] = (Math.abs(errors[i]) - meanSize) * (errors[i] - meanError);
    }
    return sum(sorted(products)) / (errors.length - 1.0);
  }

  private static double square(double value) {
    return value * value;
  }

  private static double[] sorted(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    return sorted;
  }

  private static double sum(double[] values) {
    CompensatedSum sum = new CompensatedSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum.value();
  }

  private static Interval rootOf(Interval squared) {
    return new Interval(Math.sqrt(Math.max(0, squared.lower())), Math.sqrt(squared.upper()));
  }

  private static double checked(String what, double value, int row) {
    if (Double.isFinite(value)) {
      return value;
    }
    throw new EvaluationException(
        what
            + " must be a finite number, found "
            + value
            + " in row "
            + row
            + "; leave out rows whose value is not known");
  }
}
