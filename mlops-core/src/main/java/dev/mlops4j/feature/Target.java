package dev.mlops4j.feature;

import dev.mlops4j.model.Signature;
import java.time.Instant;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What a model is to predict: a label of a record, and when that label is known. Immutable; safe
 * for any number of threads if its functions are.
 *
 * <pre>{@code
 * Target<Flight, Boolean> late = Target.binary("late", Flight::late).knownAt(Flight::arrival);
 * }</pre>
 *
 * @param <T> the records
 * @param <L> the labels
 */
public final class Target<T, L> {

  private final String name;
  private final Signature.Task task;
  private final Function<? super T, ? extends @Nullable L> label;
  private final @Nullable Function<? super T, @Nullable Instant> knownAt;

  private Target(
      String name,
      Signature.Task task,
      Function<? super T, ? extends @Nullable L> label,
      @Nullable Function<? super T, @Nullable Instant> knownAt) {
    Names.check("the target", name);
    this.name = name;
    this.task = task;
    this.label = label;
    this.knownAt = knownAt;
  }

  /** Whether something is so; null where that is not known. */
  public static <T> Target<T, Boolean> binary(
      String name, Function<? super T, @Nullable Boolean> label) {
    return new Target<>(name, Signature.Task.BINARY, label, null);
  }

  /**
   * A finite number; null or NaN where it is not known. A training set leaves those out and counts
   * them, and refuses an infinite one with an {@link InvalidLabelException}.
   */
  public static <T> Target<T, Double> regression(
      String name, Function<? super T, @Nullable Double> label) {
    return new Target<>(name, Signature.Task.REGRESSION, label, null);
  }

  /** One of several classes; null where it is not known. */
  public static <T> Target<T, String> multiclass(
      String name, Function<? super T, @Nullable String> label) {
    return new Target<>(name, Signature.Task.MULTICLASS, label, null);
  }

  /**
   * The same target with the time from which a record's label is known; a record for which that is
   * null has none yet. Without it, a label that is there is known.
   */
  public Target<T, L> knownAt(Function<? super T, @Nullable Instant> knownAt) {
    return new Target<>(name, task, label, knownAt);
  }

  /** The name of what is predicted. */
  public String name() {
    return name;
  }

  /** The kind of answer. */
  public Signature.Task task() {
    return task;
  }

  /** The label of this record, or null if it has none, NaN included. */
  public @Nullable L label(T record) {
    L value = label.apply(record);
    return value instanceof Double number && number.isNaN() ? null : value;
  }

  /** Whether the label of this record is known at this moment. */
  public boolean isKnown(T record, Instant at) {
    if (knownAt == null) {
      return true;
    }
    Instant known = knownAt.apply(record);
    return known != null && !known.isAfter(at);
  }

  @Override
  public String toString() {
    return "Target " + name + " " + task;
  }
}
