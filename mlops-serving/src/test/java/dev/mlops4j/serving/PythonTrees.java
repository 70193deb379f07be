package dev.mlops4j.serving;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.zip.GZIPInputStream;

/** A model and what Python predicts with it, of the vectors that {@code mlops-trees} is held to. */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
record PythonTrees(
    byte[] model, int features, double[][] rows, double[][] margins, double[][] predictions) {

  private static final Path VECTORS =
      Path.of("../mlops-trees/src/test/resources/dev/mlops4j/trees/vectors");

  static PythonTrees read(String name) {
    try (DataInputStream in =
        new DataInputStream(
            new BufferedInputStream(
                new GZIPInputStream(Files.newInputStream(VECTORS.resolve(name + ".gz")))))) {
      byte[] model = in.readNBytes(in.readInt());
      boolean is64 = in.readInt() == 64;
      int count = in.readInt();
      int features = in.readInt();
      double[][] rows = values(in, is64, count, features);
      double[][] margins = values(in, is64, count, in.readInt());
      double[][] predictions = values(in, is64, count, in.readInt());
      return new PythonTrees(model, features, rows, margins, predictions);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static double[][] values(DataInputStream in, boolean is64, int rows, int columns)
      throws IOException {
    double[][] values = new double[rows][columns];
    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = is64 ? in.readDouble() : in.readFloat();
      }
    }
    return values;
  }
}
