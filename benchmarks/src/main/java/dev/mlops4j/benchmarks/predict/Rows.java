package dev.mlops4j.benchmarks.predict;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * The rows to predict, and what the library that trained the model said of them.
 *
 * @param flat one row after another
 * @param expected a probability a row
 */
@SuppressWarnings("ArrayRecordComponent") // made once, only read
record Rows(float[] flat, float[] expected) {

  static final int FEATURES = 11;

  static Rows read(Path model) throws IOException {
    return new Rows(floats(model.resolve("rows.f32")), floats(model.resolve("expected.f32")));
  }

  int count() {
    return expected.length;
  }

  /** The rows, each as an array of its own. */
  float[][] separate() {
    float[][] rows = new float[count()][FEATURES];
    for (int i = 0; i < rows.length; i++) {
      System.arraycopy(flat, i * FEATURES, rows[i], 0, FEATURES);
    }
    return rows;
  }

  private static float[] floats(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    float[] floats = new float[bytes.remaining() / Float.BYTES];
    bytes.asFloatBuffer().get(floats);
    return floats;
  }
}
