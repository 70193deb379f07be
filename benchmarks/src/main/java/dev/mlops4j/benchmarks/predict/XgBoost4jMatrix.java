package dev.mlops4j.benchmarks.predict;

import java.nio.file.Path;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** XGBoost4J with a DMatrix, made in each call as whoever has floats must. */
final class XgBoost4jMatrix implements BatchScorer {

  private final Booster booster;

  XgBoost4jMatrix(Path directory) throws XGBoostError {
    this.booster = XgBoost4j.load(directory);
  }

  @Override
  public float[] predict(float[] rows, int count) throws XGBoostError {
    DMatrix matrix = new DMatrix(rows, count, rows.length / count, Float.NaN);
    try {
      return Batches.first(booster.predict(matrix));
    } finally {
      matrix.dispose();
    }
  }

  @Override
  public void close() {
    booster.dispose();
  }
}
