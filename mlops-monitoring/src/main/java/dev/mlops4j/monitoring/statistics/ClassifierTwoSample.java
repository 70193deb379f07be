package dev.mlops4j.monitoring.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.function.ToDoubleFunction;

/**
 * The classifier two-sample test (D. Lopez-Paz, M. Oquab, "Revisiting classifier two-sample tests",
 * 2017): a classifier is trained on one half of the rows to tell the reference from the current
 * sample, and its scores of the other half are compared. Sees what no single column shows, such as
 * two columns that no longer go together.
 *
 * <p>The statistic is the area under the ROC curve, 0.5 where the samples cannot be told apart and
 * 1 where they always can. The p-value is that of {@link MannWhitney} over the held-out rows, which
 * the classifier has not seen: it holds whatever the classifier. One-sided it is not: an area far
 * below 0.5 is as improbable as one far above, and as little to be expected. Assumes independent
 * rows; equal vectors count half.
 *
 * <p>The built-in classifier is a boosting of {@value BoostedTrees#ROUNDS} trees of depth {@value
 * BoostedTrees#DEPTH} over 32 quantile bins a column, NaN (missing) in one of its own. It finds
 * changes of single columns best. Cost: rows times columns times rounds times depth; a second for
 * some 20,000 rows of 20 columns.
 */
public final class ClassifierTwoSample {

  /** What the classifier learns from and is asked about: at least so many rows of each sample. */
  public static final int MIN_ROWS = 20;

  private ClassifierTwoSample() {}

  /** A way to train a classifier. */
  @FunctionalInterface
  public interface Classifier {

    /**
     * Trains on these rows; must not change them.
     *
     * @param rows vectors of one length
     * @param current which of them are of the current sample
     * @return greater for what looks more like the current sample; never NaN
     */
    ToDoubleFunction<double[]> train(double[][] rows, boolean[] current);
  }

  /**
   * The test with the built-in classifier.
   *
   * @param reference vectors of one length, NaN where a value is missing; not changed
   * @param current vectors of the same length
   * @param seed decides which half a row is in; the same seed gives the same result
   * @throws IllegalArgumentException if a sample has fewer than {@link #MIN_ROWS} rows, lengths
   *     differ, or there is no column
   */
  public static TestResult of(double[][] reference, double[][] current, long seed) {
    return of(reference, current, seed, BoostedTrees::train);
  }

  /** The same with another classifier. */
  public static TestResult of(
      double[][] reference, double[][] current, long seed, Classifier classifier) {
    int columns = reference.length == 0 ? 0 : reference[0].length;
    check(reference, columns, "reference");
    check(current, columns, "current");
    Random random = new Random(seed);
    List<double[]> first = shuffled(reference, random);
    List<double[]> second = shuffled(current, random);
    int firstHalf = first.size() / 2;
    int secondHalf = second.size() / 2;
    List<double[]> learning = new ArrayList<>(first.subList(0, firstHalf));
    learning.addAll(second.subList(0, secondHalf));
    boolean[] isCurrent = new boolean[learning.size()];
    Arrays.fill(isCurrent, firstHalf, isCurrent.length, true);
    ToDoubleFunction<double[]> trained =
        classifier.train(learning.toArray(double[][]::new), isCurrent);
    return MannWhitney.of(
        NumericPair.of(
            scores(trained, first.subList(firstHalf, first.size())),
            scores(trained, second.subList(secondHalf, second.size()))));
  }

  private static double[] scores(ToDoubleFunction<double[]> trained, List<double[]> rows) {
    return rows.stream().mapToDouble(trained).toArray();
  }

  private static List<double[]> shuffled(double[][] rows, Random random) {
    List<double[]> shuffled = new ArrayList<>(Arrays.asList(rows));
    Collections.shuffle(shuffled, random);
    return shuffled;
  }

  private static void check(double[][] rows, int columns, String name) {
    if (rows.length < MIN_ROWS) {
      throw new IllegalArgumentException(
          "the " + name + " sample has " + rows.length + " rows, this takes " + MIN_ROWS);
    }
    for (double[] row : rows) {
      if (row.length != columns) {
        throw new IllegalArgumentException(
            "a row of the " + name + " sample has " + row.length + " columns, not " + columns);
      }
    }
  }
}
