package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.model.Signature.InputType;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One feature of a set: the only place where a value is computed, for training and serving alike.
 *
 * @param <T> the records
 */
final class SetFeature<T> {

  final String name;
  final InputType type;
  final String source;
  final int version;
  final double tolerance;

  private final @Nullable ToDoubleFunction<? super T> number;
  private final @Nullable Function<? super T, @Nullable String> category;
  private final int lookup;
  private final int position;

  private SetFeature(
      String name,
      InputType type,
      String source,
      int version,
      double tolerance,
      @Nullable ToDoubleFunction<? super T> number,
      @Nullable Function<? super T, @Nullable String> category,
      int lookup,
      int position) {
    this.name = name;
    this.type = type;
    this.source = source;
    this.version = version;
    this.tolerance = tolerance;
    this.number = number;
    this.category = category;
    this.lookup = lookup;
    this.position = position;
  }

  static <T> SetFeature<T> number(
      String name, String source, ToDoubleFunction<? super T> function) {
    return new SetFeature<>(name, InputType.NUMERIC, source, 1, 0, function, null, -1, -1);
  }

  static <T> SetFeature<T> category(String name, Function<? super T, @Nullable String> function) {
    return new SetFeature<>(
        name, InputType.CATEGORICAL, "categorical", 1, 0, null, function, -1, -1);
  }

  static <T> SetFeature<T> lookup(
      String name, FeatureView.Feature feature, int lookup, int position) {
    InputType type =
        feature.type() == ColumnType.STRING ? InputType.CATEGORICAL : InputType.NUMERIC;
    return new SetFeature<>(name, type, "lookup", 1, 0, null, null, lookup, position);
  }

  SetFeature<T> withVersion(int newVersion) {
    return new SetFeature<>(
        name, type, source, newVersion, tolerance, number, category, lookup, position);
  }

  SetFeature<T> withTolerance(double newTolerance) {
    return new SetFeature<>(
        name, type, source, version, newTolerance, number, category, lookup, position);
  }

  /** The number of a numeric feature; NaN is missing. */
  double number(T record, FeatureValues[] lookedUp) {
    if (number != null) {
      return number.applyAsDouble(record);
    }
    return lookedUp[lookup].number(position);
  }

  /** The category of a categorical feature; null is missing. */
  @Nullable String category(T record, FeatureValues[] lookedUp) {
    return category != null ? category.apply(record) : (String) lookedUp[lookup].value(position);
  }
}
