package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The features of one key at one moment. Immutable, safe for any number of threads. */
public final class FeatureValues {

  /** Why a value is what it is. */
  public enum Status {
    /** There was an event; a null is one that was stored, or a window without values. */
    PRESENT,
    /** The latest visible event is older than the ttl; the value is null. */
    STALE,
    /** There was no visible event; the value is null, or 0 if it is a count. */
    MISSING
  }

  private final FeatureView view;
  private final @Nullable Object[] values;
  private final Status latest;
  private final Status window;

  FeatureValues(FeatureView view, @Nullable Object[] values, Status latest, Status window) {
    this.view = view;
    this.values = values;
    this.latest = latest;
    this.window = window;
  }

  /** What a key without any event has. */
  static FeatureValues none(FeatureView view) {
    List<FeatureView.Feature> features = view.features();
    @Nullable Object[] values = new @Nullable Object[features.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ofNothing(features.get(i));
    }
    return new FeatureValues(view, values, Status.MISSING, Status.MISSING);
  }

  static @Nullable Object ofNothing(FeatureView.Feature feature) {
    Aggregation window = feature.window();
    return window != null && window.function() == Aggregation.Function.COUNT ? 0L : null;
  }

  /** The view these are features of. */
  public FeatureView view() {
    return view;
  }

  /**
   * The value of the feature at this position of the view, in its type's {@link
   * ColumnType#javaType()}, or null.
   */
  public @Nullable Object value(int feature) {
    return values[feature];
  }

  /**
   * The value of the feature of this name, or null.
   *
   * @throws NoSuchFeatureException if the view has none of this name
   */
  public @Nullable Object value(String feature) {
    return values[position(feature)];
  }

  /**
   * The value of the feature of this name as a number, as a vector has it: a BOOLEAN is 0 or 1, and
   * null is NaN.
   *
   * @throws NoSuchFeatureException if the view has none of this name
   * @throws FeatureDefinitionException if it is a STRING or a TIMESTAMP
   */
  public double number(String feature) {
    int position = position(feature);
    ColumnType type = view.features().get(position).type();
    if (type == ColumnType.STRING || type == ColumnType.TIMESTAMP) {
      throw new FeatureDefinitionException(
          "feature \""
              + feature
              + "\" of view \""
              + view.name()
              + "\" is a "
              + type
              + ", which is no number; take it with value(\""
              + feature
              + "\")");
    }
    return number(position);
  }

  double number(int position) {
    Object value = values[position];
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof Boolean truth ? (truth ? 1 : 0) : Double.NaN;
  }

  /** Why the value at this position is what it is. */
  public Status status(int feature) {
    return view.features().get(feature).window() == null ? latest : window;
  }

  /**
   * Why the value of the feature of this name is what it is.
   *
   * @throws NoSuchFeatureException if the view has none of this name
   */
  public Status status(String feature) {
    return status(position(feature));
  }

  private int position(String feature) {
    List<FeatureView.Feature> features = view.features();
    for (int i = 0; i < features.size(); i++) {
      if (features.get(i).name().equals(feature)) {
        return i;
      }
    }
    throw new NoSuchFeatureException(
        "view \"" + view.name() + "\"",
        feature,
        features.stream().map(FeatureView.Feature::name).toList());
  }

  /** The view and the statuses; values are left out, as they may be sensitive. */
  @Override
  public String toString() {
    return "FeatureValues of " + view.name() + ", latest " + latest + ", window " + window;
  }
}
