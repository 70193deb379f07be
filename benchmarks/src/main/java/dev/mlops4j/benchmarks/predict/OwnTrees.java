package dev.mlops4j.benchmarks.predict;

import dev.mlops4j.trees.TreeModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** {@code mlops-trees}, as its Javadoc shows it. */
final class OwnTrees implements RowScorer, BatchScorer {

  private final TreeModel model;
  private final float[] out = new float[1];
  private float[] batch = new float[0];

  OwnTrees(Path directory) throws IOException {
    Path ubjson = directory.resolve("model.ubj");
    this.model = TreeModel.read(Files.exists(ubjson) ? ubjson : directory.resolve("model.txt"));
  }

  @Override
  public float predict(float[] row) {
    model.predict(row, out);
    return out[0];
  }

  @Override
  public float[] predict(float[] rows, int count) {
    if (batch.length != count) {
      batch = new float[count];
    }
    model.predictAll(rows, count, batch);
    return batch;
  }

  @Override
  public void close() {}
}
