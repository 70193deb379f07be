package dev.mlops4j.evaluation;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Errors and actual values, each sorted, so that sums do not depend on the order of the rows. */
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
    Arrays.sort(errors);
    Arrays.sort(ratios);
    Arrays.sort(predicted);
    Arrays.sort(actual);
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
    return new RegressionErrors(errors, ratios, predicted.clone(), actual.clone());
  }

  RegressionEvaluation evaluate() {
    double[] sizes = Arrays.stream(errors).map(Math::abs).sorted().toArray();
    double[] squares = Arrays.stream(sizes).map(size -> size * size).toArray();
    MeanMetric absolute = MeanMetric.ofSorted(sizes);
    MeanMetric squared = MeanMetric.ofSorted(squares);
    MeanMetric signed = MeanMetric.ofSorted(errors);
    MeanMetric relative = MeanMetric.ofSorted(ratios);
    MeanMetric actuals = MeanMetric.ofSorted(actual);
    CompensatedSum sum = new CompensatedSum();
    for (double square : squares) {
      sum.add(square);
    }
    CompensatedSum distances = new CompensatedSum();
    for (double value : actual) {
      distances.add((value - actuals.mean()) * (value - actuals.mean()));
    }
    boolean constant = actual[0] == actual[actual.length - 1];
    Map<String, Interval> intervals = new LinkedHashMap<>();
    squared.interval().ifPresent(found -> intervals.put("rmse", rootOf(found)));
    absolute.interval().ifPresent(found -> intervals.put("mae", found));
    relative.interval().ifPresent(found -> intervals.put("mape", found));
    signed.interval().ifPresent(found -> intervals.put("mean_error", found));
    intervals.values().removeIf(found -> !Double.isFinite(found.upper() - found.lower()));
    return new RegressionEvaluation(
        errors.length,
        absolute.mean(),
        Math.sqrt(squared.mean()),
        constant ? Double.NaN : 1 - sum.value() / distances.value(),
        signed.mean(),
        MeanMetric.ofSorted(predicted).mean(),
        actuals.mean(),
        relative.mean(),
        intervals);
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
