package dev.mlops4j.pipeline;

/**
 * What a step takes: a parameter, the output of another step, or a constant. Immutable.
 *
 * @param <T> the type of its value
 */
public sealed interface Input<T> permits Parameter, Step, Constant {

  /**
   * A value that is the same in every run, known to the cache by its JSON.
   *
   * @throws UnstorableOutputException if it cannot be written as JSON
   */
  static <T> Input<T> of(T value) {
    return new Constant<>(value, StepJson.digest("a constant", value));
  }
}
