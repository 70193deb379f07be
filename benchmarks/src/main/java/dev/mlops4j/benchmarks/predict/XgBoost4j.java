package dev.mlops4j.benchmarks.predict;

import java.nio.file.Path;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** XGBoost4J without a DMatrix, which is its faster way for one row. */
final class XgBoost4j implements RowScorer, BatchScorer {

  private final Booster booster;

  XgBoost4j(Path directory) throws XGBoostError {
    this.booster = load(directory);
  }

  static Booster load(Path directory) throws XGBoostError {
    Booster booster = XGBoost.loadModel(directory.resolve("model.ubj").toString());
    booster.setParam("nthread", 1);
    return booster;
  }

  @Override
  public float predict(float[] row) throws XGBoostError {
    return booster.inplace_predict(row, 1, row.length, Float.NaN)[0][0];
  }

  @Override
  public float[] predict(float[] rows, int count) throws XGBoostError {
    return Batches.first(booster.inplace_predict(rows, count, rows.length / count, Float.NaN));
  }

  @Override
  public void close() {
    booster.dispose();
  }
}
