package dev.mlops4j.serving;

import dev.mlops4j.model.Signature;
import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.InputType;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.NumericSummary;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** {@link InputChecks} for the inputs of one version. */
final class BoundChecks {

  private final Signature signature;
  private final Predicate<String> sensitive;
  private final boolean infinities;
  private final boolean unseenCategories;
  private final boolean[] required;
  private final double[] least;
  private final double[] greatest;

  /**
   * Checks for a version.
   *
   * @param profile of the training, or null if there is none
   * @throws IllegalArgumentException if an input to be checked is none of the signature
   */
  BoundChecks(
      InputChecks checks,
      Signature signature,
      @Nullable DatasetProfile profile,
      Predicate<String> sensitive) {
    this.signature = signature;
    this.sensitive = sensitive;
    this.infinities = checks.refusesInfinities();
    this.unseenCategories = checks.refusesUnseenCategories();
    this.required = positions(signature, checks.refusedIfMissing(), "checks(missing(...))");
    int width = signature.width();
    least = new double[width];
    greatest = new double[width];
    Arrays.fill(least, Double.NEGATIVE_INFINITY);
    Arrays.fill(greatest, Double.POSITIVE_INFINITY);
    if (checks.refusesOutside() && profile != null) {
      for (int i = 0; i < width; i++) {
        range(i, signature.inputs().get(i), profile, checks.margin());
      }
    }
  }

  /** Which inputs have one of these names. */
  static boolean[] positions(Signature signature, Iterable<String> names, String asked) {
    boolean[] positions = new boolean[signature.width()];
    List<String> known = signature.names();
    for (String name : names) {
      int position = known.indexOf(name);
      if (position < 0) {
        throw new IllegalArgumentException(
            asked + " names \"" + name + "\"; the model's inputs are " + String.join(", ", known));
      }
      positions[position] = true;
    }
    return positions;
  }

  private void range(int position, Input input, DatasetProfile profile, double margin) {
    if (input.type() != InputType.NUMERIC || !profile.contains(input.name())) {
      return;
    }
    ColumnProfile column = profile.column(input.name());
    NumericSummary numbers = column.numbers().orElse(null);
    if (numbers == null || numbers.finite() == 0) {
      return;
    }
    double slack = (numbers.max() - numbers.min()) * margin;
    least[position] = numbers.min() - slack;
    greatest[position] = numbers.max() + slack;
  }

  /** Whether to hear of categories that were not seen in training. */
  boolean refusesUnseenCategories() {
    return unseenCategories;
  }

  /** Adds what is wrong with a vector. */
  void check(double[] vector, RequestProblems problems) {
    for (int i = 0; i < vector.length; i++) {
      double value = vector[i];
      if (Double.isNaN(value)) {
        if (required[i]) {
          problems.add("\"" + name(i) + "\" is missing");
        }
      } else if (Double.isInfinite(value) && infinities) {
        problems.add("\"" + name(i) + "\" is infinite");
      } else if (value < least[i] || value > greatest[i]) {
        problems.add(
            "\""
                + name(i)
                + "\" should be from "
                + least[i]
                + " to "
                + greatest[i]
                + (sensitive.test(name(i)) ? "" : ", found " + value));
      }
    }
  }

  private String name(int input) {
    return signature.inputs().get(input).name();
  }
}
