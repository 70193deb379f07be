package dev.mlops4j.model;

import dev.mlops4j.Digest;
import java.util.List;
import java.util.Locale;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * What a model takes and gives: the inputs in the order of the vector, and the output. Immutable.
 *
 * <p>A vector holds one double an input: a number as it is, a truth value as 0 or 1, a category as
 * its position in the input's list of categories. A missing value is NaN, and so is a category that
 * is not in the list: the same string has the same code everywhere, and one never seen in training
 * has none.
 *
 * @param inputs at least one, of different names
 * @param output what a prediction is
 */
public record Signature(List<Input> inputs, Output output) {

  /**
   * Checks that the names differ.
   *
   * @throws IllegalArgumentException if there is no input, or two have the same name
   */
  public Signature {
    inputs = List.copyOf(inputs);
    if (inputs.isEmpty()) {
      throw new IllegalArgumentException("a signature has at least one input");
    }
    long distinct = inputs.stream().map(Input::name).distinct().count();
    if (distinct != inputs.size()) {
      throw new IllegalArgumentException(
          "the inputs of a signature have different names, found "
              + inputs.stream().map(Input::name).collect(Collectors.joining(", ")));
    }
  }

  /** How many doubles a vector has. */
  public int width() {
    return inputs.size();
  }

  /** The names of the inputs, in order. */
  public List<String> names() {
    return inputs.stream().map(Input::name).toList();
  }

  /**
   * The inputs by name, for comparing and showing: type, place in the vector, and of categories
   * their number and a digest, as they may be many, or of a sensitive column.
   */
  public SortedMap<String, String> inputProperties() {
    SortedMap<String, String> properties = new TreeMap<>();
    for (int i = 0; i < inputs.size(); i++) {
      Input input = inputs.get(i);
      properties.put(
          input.name(),
          input.type().name().toLowerCase(Locale.ROOT)
              + (input.categories().isEmpty()
                  ? ""
                  : " of "
                      + input.categories().size()
                      + ", "
                      + Digest.of(String.join("\0", input.categories())).shortHex())
              + ", place "
              + (i + 1));
    }
    return properties;
  }

  /** What an input's values are. */
  public enum InputType {
    /** A number. */
    NUMERIC,
    /** A category out of a list. */
    CATEGORICAL
  }

  /**
   * One input.
   *
   * @param name the feature's name
   * @param type what its values are
   * @param categories of a categorical input the categories, in the order of their codes; else
   *     empty
   */
  public record Input(String name, InputType type, List<String> categories) {

    /** Copies the categories. */
    public Input {
      categories = List.copyOf(categories);
    }

    /** Without the categories: they may be many, or of a sensitive column. */
    @Override
    public String toString() {
      return name + " " + type + (categories.isEmpty() ? "" : " of " + categories.size());
    }

    /** A numeric input. */
    public static Input numeric(String name) {
      return new Input(name, InputType.NUMERIC, List.of());
    }

    /** A categorical input; the codes are the positions in {@code categories}. */
    public static Input categorical(String name, List<String> categories) {
      return new Input(name, InputType.CATEGORICAL, categories);
    }
  }

  /** What kind of answer a model gives. */
  public enum Task {
    /** One double, the probability that the target is true. */
    BINARY,
    /** One double a class: its probability, in the order of the labels. */
    MULTICLASS,
    /** One double, the predicted number. */
    REGRESSION
  }

  /**
   * What a prediction is.
   *
   * @param name the target's name
   * @param task the kind of answer
   * @param labels of a multiclass model the classes, in the order of their probabilities; else
   *     empty
   */
  public record Output(String name, Task task, List<String> labels) {

    /**
     * Checks the labels.
     *
     * @throws IllegalArgumentException if a multiclass output has fewer than two, or another has
     *     any
     */
    public Output {
      labels = List.copyOf(labels);
      if ((task == Task.MULTICLASS) != (labels.size() >= 2)) {
        throw new IllegalArgumentException(
            "a multiclass output has two labels or more and no other has any; "
                + task
                + " output \""
                + name
                + "\" has "
                + labels.size());
      }
    }

    /** The probability that {@code name} is true. */
    public static Output binary(String name) {
      return new Output(name, Task.BINARY, List.of());
    }

    /** A number. */
    public static Output regression(String name) {
      return new Output(name, Task.REGRESSION, List.of());
    }

    /** The probabilities of these classes. */
    public static Output multiclass(String name, List<String> labels) {
      return new Output(name, Task.MULTICLASS, labels);
    }

    /** How many doubles a prediction has. */
    public int width() {
      return task == Task.MULTICLASS ? labels.size() : 1;
    }
  }
}
