package dev.mlops4j.pipeline;

import org.jspecify.annotations.Nullable;

/**
 * A value that each run of a pipeline is given, or takes its default. Recorded as a param of the
 * run. Immutable.
 *
 * @param <T> its type: text, a whole number, a {@code double}, a truth value, an enum, or a date,
 *     time or duration of {@code java.time}
 */
public final class Parameter<T> implements Input<T> {

  private final String name;
  private final Class<T> type;
  private final @Nullable T defaultValue;
  private final boolean secret;

  Parameter(String name, Class<T> type, @Nullable T defaultValue, boolean secret) {
    this.secret = secret;
    this.name = name;
    this.type = type;
    this.defaultValue = defaultValue;
    ParameterText.requireType(name, type);
  }

  /** Its name. */
  public String name() {
    return name;
  }

  /** The type of its values. */
  public Class<T> type() {
    return type;
  }

  /** What a run takes that is given none; null if every run must be given one. */
  public @Nullable T defaultValue() {
    return defaultValue;
  }

  /** Whether its values are neither recorded nor shown. */
  public boolean isSecret() {
    return secret;
  }

  /** The value that a text stands for. */
  T parse(String text) {
    return ParameterText.parse(name, type, text);
  }

  @Override
  public String toString() {
    return "parameter \"" + name + "\" (" + type.getSimpleName() + ")";
  }
}
