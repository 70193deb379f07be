package dev.mlops4j.serving;

import dev.mlops4j.model.Explainable;
import dev.mlops4j.model.Explanation;
import dev.mlops4j.model.ExplanationException;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelArrays;
import dev.mlops4j.model.ModelLoadException;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.trees.Feature;
import dev.mlops4j.trees.Format;
import dev.mlops4j.trees.TreeModel;
import dev.mlops4j.trees.UnsupportedModelException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A {@link TreeModel} as a {@link Model} of the signature of its package. */
final class TreesModel implements Model, Explainable {

  private static final int BATCH_ROWS = 1024;

  private final Signature signature;
  private final TreeModel trees;
  private final boolean floats;

  private TreesModel(Signature signature, TreeModel trees) {
    this.signature = signature;
    this.trees = trees;
    this.floats = trees.format() != Format.LIGHTGBM_TEXT;
  }

  /**
   * The model with this signature.
   *
   * @throws ModelLoadException with all differences, if the trees have other inputs or outputs
   */
  static TreesModel of(Signature signature, TreeModel trees) {
    List<String> problems = new ArrayList<>();
    List<Feature> features = trees.features();
    if (features.size() != signature.width()) {
      problems.add(
          "they take " + features.size() + " inputs, the signature has " + signature.width());
    } else {
      for (int i = 0; i < features.size(); i++) {
        checkInput(i, features.get(i), signature.inputs().get(i), problems);
      }
    }
    if (trees.outputs() != signature.output().width()) {
      problems.add(
          "their objective "
              + trees.objective()
              + " gives "
              + trees.outputs()
              + " outputs, the signature has "
              + signature.output().width()
              + (trees.margins() > 1 && trees.outputs() == 1
                  ? "; a model of multi:softmax gives a class alone, multi:softprob gives"
                      + " probabilities"
                  : ""));
    }
    if (!problems.isEmpty()) {
      throw new ModelLoadException(
          "the trees are not of this signature: " + String.join("; ", problems));
    }
    return new TreesModel(signature, trees);
  }

  private static void checkInput(
      int position, Feature feature, Input input, List<String> problems) {
    if (!TreesDescription.isUnnamed(feature.name(), position)
        && !feature.name().equals(input.name())) {
      problems.add(
          "input "
              + position
              + " is \""
              + feature.name()
              + "\" there and \""
              + input.name()
              + "\" in the signature");
    }
    if (feature.categorical() && input.type() != InputType.CATEGORICAL) {
      problems.add("\"" + input.name() + "\" is a category there and a number in the signature");
    }
    if (!feature.categories().isEmpty()
        && input.type() == InputType.CATEGORICAL
        && !feature.categories().equals(input.categories())) {
      problems.add("\"" + input.name() + "\" has other categories there than in the signature");
    }
  }

  @Override
  public Signature signature() {
    return signature;
  }

  @Override
  public void predict(double[] vector, double[] output) {
    ModelArrays.check(signature, vector, output);
    int in = signature.width();
    int out = signature.output().width();
    if (vector.length == in && output.length == out) {
      trees.predict(vector, output);
    } else {
      double[] predicted = new double[out];
      trees.predict(Arrays.copyOf(vector, in), predicted);
      System.arraycopy(predicted, 0, output, 0, out);
    }
  }

  @Override
  public double[] predictAll(double[] vectors, int rows) {
    ModelArrays.checkRows(signature, vectors, rows);
    int in = signature.width();
    int out = signature.output().width();
    if (!floats) {
      return Model.super.predictAll(vectors, rows);
    }
    double[] outputs = new double[Math.multiplyExact(rows, out)];
    for (int start = 0; start < rows; start += BATCH_ROWS) {
      int count = Math.min(BATCH_ROWS, rows - start);
      float[] predicted = new float[count * out];
      trees.predictAll(floats(vectors, start * in, count * in), count, predicted);
      copy(predicted, 0, outputs, start * out, count * out);
    }
    return outputs;
  }

  @Override
  public Explanation explain(double[] vector) {
    int in = signature.width();
    if (vector.length < in) {
      throw new IllegalArgumentException(
          "a vector of " + in + " doubles is needed, found " + vector.length);
    }
    int margins = trees.margins();
    double[] all = new double[margins * (in + 1)];
    try {
      trees.contributions(floats(vector, 0, in), all);
    } catch (UnsupportedModelException e) {
      throw new ExplanationException("the trees cannot be explained: " + e.getMessage(), e);
    }
    double[] base = new double[margins];
    double[][] contributions = new double[margins][];
    for (int margin = 0; margin < margins; margin++) {
      int from = margin * (in + 1);
      contributions[margin] = Arrays.copyOfRange(all, from, from + in);
      base[margin] = all[from + in];
    }
    return new Explanation(signature, base, contributions);
  }

  private static float[] floats(double[] values, int from, int count) {
    float[] floats = new float[count];
    for (int i = 0; i < count; i++) {
      floats[i] = (float) values[from + i];
    }
    return floats;
  }

  private static void copy(float[] from, int start, double[] to, int at, int count) {
    for (int i = 0; i < count; i++) {
      to[at + i] = from[start + i];
    }
  }
}
