package dev.mlops4j.model;

import dev.mlops4j.model.Signature.Input;
import dev.mlops4j.model.Signature.Task;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a file of a model says of itself. Immutable.
 *
 * @param format the package format, such as {@code lightgbm-text}
 * @param path where a package of the format has the file, such as {@code model.txt}
 * @param inputs in the order of the vector; a categorical one has its categories, or none if the
 *     file does not say them
 * @param named whether the names of the inputs are the file's own
 * @param task what it predicts, or null if the file does not say
 * @param outputs how many numbers a prediction has, or 0 if the file does not say
 * @param labels of a multiclass model, or empty if the file does not say
 * @param rounds of boosting, or 0
 * @param bestRounds the rounds that early stopping found best, or 0 if it did not stop early
 */
public record ModelDescription(
    String format,
    String path,
    List<Input> inputs,
    boolean named,
    @Nullable Task task,
    int outputs,
    List<String> labels,
    int rounds,
    int bestRounds) {

  /** Copies the lists. */
  public ModelDescription {
    inputs = List.copyOf(inputs);
    labels = List.copyOf(labels);
  }
}
