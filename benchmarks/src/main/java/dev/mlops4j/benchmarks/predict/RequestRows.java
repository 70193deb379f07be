package dev.mlops4j.benchmarks.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;

/** Rows for protocols that have no way to say that a value is missing. */
public final class RequestRows {

  private RequestRows() {}

  /** The first rows of a model without a missing value. */
  public static float[][] complete(Path model, int count) throws IOException {
    return Arrays.stream(Rows.read(model).separate())
        .filter(RequestRows::isComplete)
        .limit(count)
        .toArray(float[][]::new);
  }

  private static boolean isComplete(float[] row) {
    for (float value : row) {
      if (Float.isNaN(value)) {
        return false;
      }
    }
    return true;
  }
}
