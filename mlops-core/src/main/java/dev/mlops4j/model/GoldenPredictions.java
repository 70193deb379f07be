package dev.mlops4j.model;

import java.util.List;
import java.util.Objects;

/** Compares what a loaded model predicts for the golden vectors with what training predicted. */
final class GoldenPredictions {

  private GoldenPredictions() {}

  static void check(ModelLoader loader, Model model, ModelPackage modelPackage) {
    Signature signature = modelPackage.manifest().signature();
    if (!Objects.equals(model.signature(), signature)) { // most loaders give back the same object
      throw new ModelLoadException(
          "the model loaded by \""
              + loader.name()
              + "\" has the signature "
              + model.signature()
              + ", its manifest says "
              + signature
              + "; the loader is at fault");
    }
    List<GoldenRow> rows = modelPackage.goldenRows();
    for (int row = 0; row < rows.size(); row++) {
      check(loader, row, rows.get(row).output(), model.predict(rows.get(row).sample().vector()));
    }
  }

  private static void check(ModelLoader loader, int row, double[] expected, double[] found) {
    double tolerance = loader.tolerance();
    for (int i = 0; i < expected.length; i++) {
      if (!close(expected[i], found[i], tolerance)) {
        throw new GoldenRowMismatchException(
            loader.name(), row, i, expected[i], found[i], tolerance);
      }
    }
  }

  private static boolean close(double expected, double found, double tolerance) {
    return Double.compare(expected, found) == 0
        || (tolerance > 0
            && Math.abs(found - expected) <= tolerance * Math.max(1, Math.abs(expected)));
  }
}
