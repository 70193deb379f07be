package dev.mlops4j.serving;

import dev.mlops4j.model.Signature.Output;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What a predictor answers when its model cannot: a constant, marked by the arm {@link
 * dev.mlops4j.model.Prediction#FALLBACK}, version 0 and an empty vector. Every use is counted by
 * its cause, and listeners do not hear of it, as no model is to be judged by it. A request that is
 * refused for what it holds ({@link InvalidRequestException}) gets no fallback. Immutable.
 *
 * <pre>{@code
 * Fallback.to(Output.binary("late"), 0.22).whenMissing("origin_weather.wind_speed")
 * }</pre>
 */
public final class Fallback {

  /** Why the model could not answer. */
  public enum Cause {
    /** The model, a feature's function or a lookup threw. */
    ERROR,
    /** There was no answer within the timeout. */
    TIMEOUT,
    /** All workers and places to wait were taken. */
    OVERLOADED,
    /** A feature was missing that was named by {@link Fallback#whenMissing}. */
    MISSING_FEATURE,
    /** No version served. */
    NO_VERSION
  }

  private final Output output;
  private final double[] values;
  private final Set<String> inputs;

  private Fallback(Output output, double[] values, Set<String> inputs) {
    this.output = output;
    this.values = values;
    this.inputs = inputs;
  }

  /**
   * Answers with these values.
   *
   * @param output what they are
   * @param values as many as the output has, finite
   * @throws IllegalArgumentException if they are not
   */
  public static Fallback to(Output output, double... values) {
    if (values.length != output.width()) {
      throw new IllegalArgumentException(
          "a fallback for "
              + output.task()
              + " \""
              + output.name()
              + "\" takes "
              + output.width()
              + " values, found "
              + values.length);
    }
    for (double value : values) {
      if (!Double.isFinite(value)) {
        throw new IllegalArgumentException("the values of a fallback are finite, found " + value);
      }
    }
    return new Fallback(output, values.clone(), Set.of());
  }

  /**
   * Answers so too when one of these inputs is missing, which a model would otherwise predict with:
   * an event that has not come or is too old.
   */
  public Fallback whenMissing(String... features) {
    Set<String> all = new LinkedHashSet<>(inputs);
    all.addAll(List.of(features));
    return new Fallback(output, values, Set.copyOf(all));
  }

  Output output() {
    return output;
  }

  double[] values() {
    return values.clone();
  }

  Set<String> inputs() {
    return inputs;
  }
}
