package dev.mlops4j.model;

import java.util.Arrays;
import java.util.List;

/**
 * The weighted mean of what several models of one signature predict. Immutable; as safe for several
 * threads as its models, which it closes.
 */
public final class EnsembleModel implements Model {

  private final List<Model> models;
  private final double[] weights;

  private EnsembleModel(List<Model> models, double[] weights) {
    this.models = models;
    this.weights = weights;
  }

  /**
   * The mean of these models.
   *
   * @throws IllegalArgumentException if there is none, or their signatures differ
   */
  public static EnsembleModel mean(List<? extends Model> models) {
    double[] weights = new double[models.size()];
    Arrays.fill(weights, 1);
    return weighted(models, weights);
  }

  /**
   * The mean of these models by these weights, which need not add up to one.
   *
   * @param weights one a model, finite and above 0
   * @throws IllegalArgumentException if there is no model, their signatures differ, or a weight is
   *     missing or no such number
   */
  public static EnsembleModel weighted(List<? extends Model> models, double... weights) {
    ModelGroup.check("an ensemble", models);
    if (weights.length != models.size()) {
      throw new IllegalArgumentException(
          "an ensemble of "
              + models.size()
              + " models takes as many weights, found "
              + weights.length);
    }
    double sum = 0;
    for (double weight : weights) {
      if (!(weight > 0 && weight < Double.POSITIVE_INFINITY)) {
        throw new IllegalArgumentException(
            "a weight of an ensemble is above 0 and finite, found " + weight);
      }
      sum += weight;
    }
    double[] shares = new double[weights.length];
    for (int i = 0; i < shares.length; i++) {
      shares[i] = weights[i] / sum;
    }
    return new EnsembleModel(List.copyOf(models), shares);
  }

  @Override
  public Signature signature() {
    return models.get(0).signature();
  }

  @Override
  public void predict(double[] vector, double[] output) {
    ModelArrays.check(signature(), vector, output);
    int out = signature().output().width();
    double[] sum = new double[out];
    double[] one = new double[out];
    for (int i = 0; i < weights.length; i++) {
      models.get(i).predict(vector, one);
      add(sum, one, weights[i]);
    }
    System.arraycopy(sum, 0, output, 0, out);
  }

  @Override
  public double[] predictAll(double[] vectors, int rows) {
    ModelArrays.checkRows(signature(), vectors, rows);
    double[] sum = new double[Math.multiplyExact(rows, signature().output().width())];
    for (int i = 0; i < weights.length; i++) {
      add(sum, models.get(i).predictAll(vectors, rows), weights[i]);
    }
    return sum;
  }

  private static void add(double[] sum, double[] values, double weight) {
    for (int i = 0; i < sum.length; i++) {
      sum[i] += weight * values[i];
    }
  }

  @Override
  public boolean gainsFromBatches() {
    return models.stream().anyMatch(Model::gainsFromBatches);
  }

  /** Closes every model, also when one of them throws. */
  @Override
  public void close() {
    ModelGroup.close(models);
  }
}
