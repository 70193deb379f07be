package dev.mlops4j.benchmarks.predict;

import biz.k11i.xgboost.Predictor;
import biz.k11i.xgboost.util.FVec;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** ai.h2o xgboost-predictor from a dense vector of floats, one output: its fastest form. */
final class H2oPredictor implements RowScorer {

  private final Predictor predictor;

  H2oPredictor(Path directory) throws IOException {
    try (InputStream file =
        new BufferedInputStream(Files.newInputStream(directory.resolve("model.bin")))) {
      this.predictor = new Predictor(file);
    }
  }

  @Override
  public float predict(float[] row) {
    return predictor.predictSingle(FVec.Transformer.fromArray(row, false));
  }
}
