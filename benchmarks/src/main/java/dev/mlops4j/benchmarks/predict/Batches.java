package dev.mlops4j.benchmarks.predict;

import java.nio.file.Path;
import java.util.Locale;

/** What scores batches. */
public enum Batches {
  /** {@code mlops-trees}. */
  OURS {
    @Override
    BatchScorer open(Path model) throws Exception {
      return new OwnTrees(model);
    }
  },
  /** XGBoost4J from an array. */
  XGBOOST4J_INPLACE {
    @Override
    BatchScorer open(Path model) throws Exception {
      return new XgBoost4j(model);
    }
  },
  /** XGBoost4J from a DMatrix. */
  XGBOOST4J_MATRIX {
    @Override
    BatchScorer open(Path model) throws Exception {
      return new XgBoost4jMatrix(model);
    }
  };

  /** What it is called in the notes. */
  String label() {
    return name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  /** Loads the model of this directory. */
  abstract BatchScorer open(Path model) throws Exception;

  /** The only column of a result of rows. */
  static float[] first(float[][] rows) {
    float[] column = new float[rows.length];
    for (int i = 0; i < column.length; i++) {
      column[i] = rows[i][0];
    }
    return column;
  }
}
