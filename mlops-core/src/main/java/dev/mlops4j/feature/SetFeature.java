package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.model.Signature.InputType;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.function.ToDoubleBiFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One feature of a set: the only place where a value is computed, for training and serving alike.
 *
 * @param <T> the records
 */
final class SetFeature<T> {

  /** In place of an element: the value is not an array's. */
  static final int WHOLE = -1;

  final String name;
  final InputType type;
  final String source;
  final int version;
  final double tolerance;

  private final Source<T> of;

  private SetFeature(
      String name, InputType type, String source, int version, double tolerance, Source<T> of) {
    this.name = name;
    this.type = type;
    this.source = source;
    this.version = version;
    this.tolerance = tolerance;
    this.of = of;
  }

  static <T> SetFeature<T> number(
      String name, String source, ToDoubleFunction<? super T> function) {
    return new SetFeature<>(name, InputType.NUMERIC, source, 1, 0, new NumberOf<T>(function));
  }

  static <T> SetFeature<T> category(String name, Function<? super T, @Nullable String> function) {
    return new SetFeature<>(
        name, InputType.CATEGORICAL, "categorical", 1, 0, new CategoryOf<T>(function));
  }

  static <T> SetFeature<T> numberOverLookups(
      String name, ToDoubleBiFunction<? super T, LookedUp> function) {
    return new SetFeature<>(
        name, InputType.NUMERIC, "numeric over lookups", 1, 0, new NumberOver<T>(function));
  }

  static <T> SetFeature<T> categoryOverLookups(
      String name, BiFunction<? super T, LookedUp, @Nullable String> function) {
    return new SetFeature<>(
        name,
        InputType.CATEGORICAL,
        "categorical over lookups",
        1,
        0,
        new CategoryOver<T>(function));
  }

  static <T> SetFeature<T> lookup(
      String name, FeatureView.Feature feature, int lookup, int position) {
    InputType type =
        feature.type() == ColumnType.STRING ? InputType.CATEGORICAL : InputType.NUMERIC;
    return new SetFeature<>(name, type, "lookup", 1, 0, new OfLookup<T>(lookup, position, WHOLE));
  }

  /** One element of a looked-up array, from 0. No brackets: XGBoost and LightGBM refuse them. */
  static <T> SetFeature<T> element(String array, int lookup, int position, int element) {
    return new SetFeature<>(
        array + "_" + element,
        InputType.NUMERIC,
        "lookup",
        1,
        0,
        new OfLookup<T>(lookup, position, element));
  }

  SetFeature<T> withVersion(int newVersion) {
    return new SetFeature<>(name, type, source, newVersion, tolerance, of);
  }

  SetFeature<T> withTolerance(double newTolerance) {
    return new SetFeature<>(name, type, source, version, newTolerance, of);
  }

  /** Whether it is a function of what was looked up. */
  boolean isOverLookups() {
    return of instanceof NumberOver || of instanceof CategoryOver;
  }

  /** Whether it is a looked-up feature itself. */
  boolean isLookup() {
    return of instanceof OfLookup;
  }

  /** Which of the set's lookups gives it, if it is a looked-up feature itself. */
  int lookup() {
    return ((OfLookup<T>) of).lookup;
  }

  /** Where in the view it is, if it is a looked-up feature itself. */
  int position() {
    return ((OfLookup<T>) of).position;
  }

  /** Which element of the looked-up array it is, or {@link #WHOLE}. */
  int element() {
    return ((OfLookup<T>) of).element;
  }

  /** The number of a numeric feature; NaN is missing. */
  double number(T record, FeatureValues[] lookedUp, LookedUp.Names names) {
    if (of instanceof NumberOf<T> function) {
      return function.of.applyAsDouble(record);
    }
    if (of instanceof NumberOver<T> function) {
      return function.of.applyAsDouble(record, names.of(lookedUp));
    }
    OfLookup<T> looked = (OfLookup<T>) of;
    FeatureValues values = lookedUp[looked.lookup];
    return looked.element == WHOLE
        ? values.number(looked.position)
        : values.number(looked.position, looked.element);
  }

  /** The category of a categorical feature; null is missing. */
  @Nullable String category(T record, FeatureValues[] lookedUp, LookedUp.Names names) {
    if (of instanceof CategoryOf<T> function) {
      return function.of.apply(record);
    }
    if (of instanceof CategoryOver<T> function) {
      return function.of.apply(record, names.of(lookedUp));
    }
    return (String) lookedUp[lookup()].value(position());
  }

  /** What it is taken of. */
  private sealed interface Source<T> {}

  private record NumberOf<T>(ToDoubleFunction<? super T> of) implements Source<T> {}

  private record CategoryOf<T>(Function<? super T, @Nullable String> of) implements Source<T> {}

  private record NumberOver<T>(ToDoubleBiFunction<? super T, LookedUp> of) implements Source<T> {}

  private record CategoryOver<T>(BiFunction<? super T, LookedUp, @Nullable String> of)
      implements Source<T> {}

  private record OfLookup<T>(int lookup, int position, int element) implements Source<T> {}
}
