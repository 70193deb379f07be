package dev.mlops4j.evaluation;

/**
 * A sum of doubles that carries along what rounding lost: A. Neumaier, "Rundungsfehleranalyse
 * einiger Verfahren zur Summation endlicher Summen", ZAMM 54 (1974). Over n terms of one sign the
 * relative error is about 2^-53, whatever n.
 */
final class CompensatedSum {

  private double sum;
  private double lost;

  void add(double value) {
    double next = sum + value;
    lost += Math.abs(sum) >= Math.abs(value) ? (sum - next) + value : (value - next) + sum;
    sum = next;
  }

  double value() {
    // An infinite sum has lost NaN.
    return Double.isFinite(sum) ? sum + lost : sum;
  }
}
