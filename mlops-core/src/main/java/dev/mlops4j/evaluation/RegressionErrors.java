package dev.mlops4j.evaluation;

import java.util.Arrays;

/** Errors and actual values, each sorted, so that sums do not depend on the order of the rows. */
final class RegressionErrors {

  private final double[] errors;
  private final double[] predicted;
  private final double[] actual;

  private RegressionErrors(double[] errors, double[] predicted, double[] actual) {
    this.errors = errors;
    this.predicted = predicted;
    this.actual = actual;
    Arrays.sort(errors);
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
    for (int i = 0; i < errors.length; i++) {
      errors[i] =
          checked("a prediction", predicted[i], i) - checked("an actual value", actual[i], i);
    }
    return new RegressionErrors(errors, predicted.clone(), actual.clone());
  }

  RegressionEvaluation evaluate() {
    CompensatedSum sum = new CompensatedSum();
    CompensatedSum sizes = new CompensatedSum();
    CompensatedSum squares = new CompensatedSum();
    for (double error : errors) {
      sum.add(error);
      sizes.add(Math.abs(error));
      squares.add(error * error);
    }
    double meanActual = mean(actual);
    CompensatedSum distances = new CompensatedSum();
    for (double value : actual) {
      distances.add((value - meanActual) * (value - meanActual));
    }
    double rows = errors.length;
    boolean constant = actual[0] == actual[actual.length - 1];
    return new RegressionEvaluation(
        errors.length,
        sizes.value() / rows,
        Math.sqrt(squares.value() / rows),
        constant ? Double.NaN : 1 - squares.value() / distances.value(),
        sum.value() / rows,
        mean(predicted),
        meanActual);
  }

  private static double mean(double[] values) {
    CompensatedSum sum = new CompensatedSum();
    for (double value : values) {
      sum.add(value);
    }
    return sum.value() / values.length;
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
