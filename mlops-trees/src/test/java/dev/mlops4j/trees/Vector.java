package dev.mlops4j.trees;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;

/** A model and what the Python library that trained it predicts; src/test/python makes them. */
final class Vector {
  final String name;
  final byte[] model;
  final boolean is64;
  final int count;
  final int features;

  /** Of each row its values; for XGBoost they are floats. */
  final double[][] rows;

  final double[][] margins;
  final double[][] predictions;

  /** Of each row the leaves; -1 where Python cannot tell. */
  final double[][] leaves;

  /** Of each row the contributions; empty or NaN where Python cannot tell. */
  final double[][] contributions;

  /** How many iterations {@link #firstMargins} are of; 0 if there are none. */
  final int firstIterations;

  final double[][] firstMargins;

  private Vector(String name, DataInputStream in) throws IOException {
    this.name = name;
    model = in.readNBytes(in.readInt());
    is64 = in.readInt() == 64;
    count = in.readInt();
    features = in.readInt();
    rows = floats(in, features);
    margins = floats(in, in.readInt());
    predictions = floats(in, in.readInt());
    int trees = in.readInt();
    leaves = new double[count][trees];
    for (double[] row : leaves) {
      for (int i = 0; i < trees; i++) {
        row[i] = in.readInt();
      }
    }
    int contributed = in.readInt();
    contributions = new double[count][contributed];
    for (double[] row : contributions) {
      for (int i = 0; i < contributed; i++) {
        row[i] = in.readDouble();
      }
    }
    firstIterations = in.readInt();
    firstMargins = firstIterations == 0 ? new double[0][] : floats(in, margins[0].length);
  }

  private double[][] floats(DataInputStream in, int columns) throws IOException {
    double[][] values = new double[count][columns];
    for (double[] row : values) {
      for (int i = 0; i < columns; i++) {
        row[i] = is64 ? in.readDouble() : in.readFloat();
      }
    }
    return values;
  }

  TreeModel read() {
    return TreeModel.read(model);
  }

  /** Returns a row as floats. */
  float[] row32(int index) {
    return toFloats(rows[index]);
  }

  static float[] toFloats(double[] row) {
    float[] floats = new float[row.length];
    for (int i = 0; i < row.length; i++) {
      floats[i] = (float) row[i];
    }
    return floats;
  }

  /** Whether a row is the same as floats. */
  boolean isFloats(int index) {
    for (double value : rows[index]) {
      if (Double.compare((float) value, value) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return name;
  }

  static Stream<Vector> all() {
    Path directory = Path.of("src/test/resources/dev/mlops4j/trees/vectors");
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> sorted = files.sorted().toList();
      return sorted.stream().map(Vector::read);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static Vector named(String part) {
    return all().filter(vector -> vector.name.contains(part)).findFirst().orElseThrow();
  }

  private static Vector read(Path file) {
    String name = file.getFileName().toString().replace(".gz", "");
    try (InputStream in = Files.newInputStream(file);
        DataInputStream data =
            new DataInputStream(new BufferedInputStream(new GZIPInputStream(in)))) {
      return new Vector(name, data);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
