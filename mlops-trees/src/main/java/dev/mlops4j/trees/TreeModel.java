package dev.mlops4j.trees;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalInt;
import java.util.stream.IntStream;

/**
 * Gradient-boosted trees or a random forest, trained by XGBoost (1.7 to 3.x) or LightGBM and scored
 * here without either.
 *
 * <pre>{@code
 * TreeModel model = TreeModel.read(Path.of("model.ubj"));
 * float[] probability = new float[model.outputs()];
 * model.predict(new float[] {17.2f, 3f, Float.NaN}, probability);
 * }</pre>
 *
 * <p>A row has one value for each feature, in the order of {@link #features()}; NaN is a missing
 * value, and a categorical feature is given by the index of its category, from 0. Margins equal
 * those of the library that trained the model bit for bit: computed in float32 for XGBoost, in
 * float64 for LightGBM. The float form of a method rounds LightGBM's results to floats.
 *
 * <p>Immutable: any number of threads may use one model at once. Methods that fill an array given
 * to them allocate nothing, unless they say so. A row or a result of the wrong length is an {@link
 * IllegalArgumentException}.
 */
public final class TreeModel {

  private final Description description;
  private final Forest forest;

  TreeModel(Description description, Forest forest) {
    this.description = description;
    this.forest = forest;
  }

  /**
   * Reads a model from a file; its content decides how, not its name.
   *
   * @throws IOException if the file cannot be read
   * @throws MalformedModelException if it is not a model, or a damaged one
   * @throws UnsupportedModelException if the model asks for what is not computed here
   */
  public static TreeModel read(Path file) throws IOException {
    return read(Files.readAllBytes(file));
  }

  /**
   * Reads a model from a stream up to its end, and does not close it.
   *
   * @throws IOException if the stream cannot be read
   * @throws MalformedModelException as {@link #read(Path)}
   * @throws UnsupportedModelException as {@link #read(Path)}
   */
  public static TreeModel read(InputStream stream) throws IOException {
    return read(stream.readAllBytes());
  }

  /**
   * Reads a model from the bytes of a file, which are not kept.
   *
   * @throws MalformedModelException as {@link #read(Path)}
   * @throws UnsupportedModelException as {@link #read(Path)}
   */
  public static TreeModel read(byte[] bytes) {
    return ModelBytes.read(bytes);
  }

  /** Returns what the model was read from. */
  public Format format() {
    return description.format();
  }

  /** Returns the objective as the file names it, for example {@code binary:logistic}. */
  public String objective() {
    return description.objective();
  }

  /** Returns how many values a row has. */
  public int featureCount() {
    return description.features();
  }

  /** Returns the features in the order of a row; the list is made anew by each call. */
  public List<Feature> features() {
    return IntStream.range(0, featureCount()).mapToObj(description::feature).toList();
  }

  /** Returns how many values a prediction has: one, or one for each class, target or quantile. */
  public int outputs() {
    return description.transform() == Transform.ARGMAX ? 1 : margins();
  }

  /** Returns how many margins there are; more than outputs for {@code multi:softmax} only. */
  public int margins() {
    return forest.outputs();
  }

  /** Returns how many trees are walked for a prediction. */
  public int trees() {
    return forest.trees();
  }

  /** Returns how many rounds of boosting the model has; a random forest of XGBoost has one. */
  public int iterations() {
    return forest.mostTreesOfAnOutput() / description.treesPerIteration();
  }

  /**
   * Returns the round, from 0, that early stopping in XGBoost found best. A prediction is of all
   * rounds nevertheless, as in {@code Booster.predict}; {@code XGBClassifier} and the like predict
   * as {@code model.firstIterations(best + 1)} does.
   */
  public OptionalInt bestIteration() {
    return description.bestIteration() < 0
        ? OptionalInt.empty()
        : OptionalInt.of(description.bestIteration());
  }

  /**
   * Returns a model of the first rounds of this one, which shares this one's memory.
   *
   * @throws IllegalArgumentException if there are not as many, or none is asked for
   */
  public TreeModel firstIterations(int iterations) {
    if (iterations < 1 || iterations > iterations()) {
      throw new IllegalArgumentException(
          "Asked for the first %d iterations of %d".formatted(iterations, iterations()));
    }
    return new TreeModel(
        description, forest.limitedTo(iterations * description.treesPerIteration()));
  }

  /**
   * Predicts for one row: the probability of the positive class, the probability of each class, the
   * index of the class ({@code multi:softmax}) or the value, as the objective has it.
   *
   * <p>For LightGBM with several outputs this allocates an array of that length.
   *
   * @param out of length {@link #outputs()}
   */
  public void predict(float[] row, float[] out) {
    checkRow(row.length);
    checkLength("out", out.length, outputs());
    Scores.predict(description, forest, row, 0, out, 0);
  }

  /**
   * Predicts for one row at full precision. For XGBoost the row is rounded to floats first, as
   * XGBoost does.
   *
   * @param out of length {@link #outputs()}
   */
  public void predict(double[] row, double[] out) {
    checkRow(row.length);
    checkLength("out", out.length, outputs());
    Scores.predict(description, forest, row, out);
  }

  /**
   * Predicts for many rows, faster than one by one; allocates a little, whatever their number.
   *
   * @param rows one row after another
   * @param count how many rows there are
   * @param out one prediction of {@link #outputs()} values after another
   */
  public void predictAll(float[] rows, int count, float[] out) {
    if (count < 0) {
      throw new IllegalArgumentException("count is " + count);
    }
    checkLength("rows", rows.length, (long) count * featureCount());
    checkLength("out", out.length, (long) count * outputs());
    Batch.predict(description, forest, rows, count, out);
  }

  /**
   * Computes the margins of one row: the sums over the trees, before the objective's transform.
   *
   * @param out of length {@link #margins()}
   */
  public void margin(float[] row, float[] out) {
    checkRow(row.length);
    checkLength("out", out.length, margins());
    Scores.margin(description, forest, row, 0, out, 0);
  }

  /**
   * Computes the margins of one row at full precision; see {@link #predict(double[], double[])}.
   *
   * @param out of length {@link #margins()}
   */
  public void margin(double[] row, double[] out) {
    checkRow(row.length);
    checkLength("out", out.length, margins());
    Scores.margin(description, forest, row, out);
  }

  /**
   * Finds the leaf that one row reaches in each tree, in the order of the file: the number of the
   * node for XGBoost ({@code pred_leaf}), of the leaf for LightGBM.
   *
   * @param out of length {@link #trees()}
   */
  public void leaves(float[] row, int[] out) {
    checkRow(row.length);
    checkLength("out", out.length, trees());
    for (int output = 0; output < forest.outputs(); output++) {
      for (int tree = forest.first[output]; tree < forest.end(output); tree++) {
        out[forest.fileIndex[tree]] = forest.leafId[Walk.leaf(forest, tree, row, 0)];
      }
    }
  }

  /**
   * Computes what each feature contributes to the margins of one row: the exact Shapley values,
   * where a feature left out is averaged over the training data that took each branch. For each
   * margin, one value for each feature and one for the base: they add up to the margin, but for
   * rounding. Allocates in proportion to the square of the deepest tree.
   *
   * @param out of length {@link #margins()} times ({@link #featureCount()} + 1)
   * @throws UnsupportedModelException if the file has no cover (how much training data reached a
   *     node), or a tree is more than {@value Contributions#DEEPEST} deep
   */
  public void contributions(float[] row, double[] out) {
    checkRow(row.length);
    checkLength("out", out.length, (long) margins() * (featureCount() + 1));
    Contributions.compute(description, forest, row, out);
  }

  @Override
  public String toString() {
    return "TreeModel[%s, %s, %d trees, %d features, %d outputs]"
        .formatted(format(), objective(), trees(), featureCount(), outputs());
  }

  private void checkRow(int length) {
    checkLength("row", length, featureCount());
  }

  private static void checkLength(String array, int length, long expected) {
    if (length != expected) {
      throw new IllegalArgumentException(
          "%s has %d values, the model asks for %d".formatted(array, length, expected));
    }
  }
}
