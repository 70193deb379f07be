package dev.mlops4j.model;

import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * What each input contributed to one prediction: Shapley values in the scale the model adds up in,
 * its margin, which is the log-odds of a logistic model and the number itself of a plain
 * regression. Immutable; the arrays are not to be changed.
 *
 * @param signature names the inputs
 * @param base for each margin, what the model gives without knowing any input
 * @param contributions for each margin one value an input, in the order of the signature; with the
 *     base they add up to the margin, but for rounding
 */
@SuppressWarnings("ArrayRecordComponent") // rows are arrays of doubles everywhere
public record Explanation(Signature signature, double[] base, double[][] contributions) {

  /**
   * One input and its part.
   *
   * @param input the input's name
   * @param value what it adds to the margin
   */
  public record Contribution(String input, double value) {}

  /**
   * The contributions to one margin, the greatest in size first.
   *
   * @param margin 0 for a model with one, else the position of the class
   * @throws IndexOutOfBoundsException if there is no such margin
   */
  public List<Contribution> ranked(int margin) {
    double[] values = contributions[margin];
    return IntStream.range(0, values.length)
        .mapToObj(i -> new Contribution(signature.inputs().get(i).name(), values[i]))
        .sorted(Comparator.comparingDouble(part -> -Math.abs(part.value())))
        .toList();
  }
}
