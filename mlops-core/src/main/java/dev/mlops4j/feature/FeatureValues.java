package dev.mlops4j.feature;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Floats;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.model.ServedLookup;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The features of one key at one moment. Immutable, safe for any number of threads. */
public final class FeatureValues {

  /** Why a value is what it is. */
  public enum Status {
    /**
     * There was an event; a null is one that was stored, or of a window's events without values.
     */
    PRESENT,
    /** The latest visible event is older than the ttl; the value is null, or the default. */
    STALE,
    /**
     * There was no visible event, in the window if the feature has one; the value is null or the
     * default, or 0 if it is a count.
     */
    MISSING
  }

  /** In place of the latest event's time where there is none. */
  static final long NO_TIME = Long.MIN_VALUE;

  private final FeatureView view;
  private final @Nullable Object[] values;
  private final Status latest;
  private final Status window;
  private final long eventTime;
  private final long moment;
  private final boolean answered;

  /**
   * What was found.
   *
   * @param latest of the features of the latest event
   * @param window of the widest window
   * @param eventTime of the latest visible event, or {@link #NO_TIME}
   * @param moment for which it was asked
   */
  FeatureValues(
      FeatureView view,
      @Nullable Object[] values,
      Status latest,
      Status window,
      long eventTime,
      long moment) {
    this(view, values, latest, window, eventTime, moment, true);
  }

  private FeatureValues(
      FeatureView view,
      @Nullable Object[] values,
      Status latest,
      Status window,
      long eventTime,
      long moment,
      boolean answered) {
    this.view = view;
    this.values = values;
    this.latest = latest;
    this.window = window;
    this.eventTime = eventTime;
    this.moment = moment;
    this.answered = answered;
  }

  /** What a key without any event has. */
  static FeatureValues none(FeatureView view) {
    return nothing(view, true);
  }

  /** The same, in place of an answer that did not come. */
  static FeatureValues unanswered(FeatureView view) {
    return nothing(view, false);
  }

  private static FeatureValues nothing(FeatureView view, boolean answered) {
    List<FeatureView.Feature> features = view.features();
    @Nullable Object[] values = new @Nullable Object[features.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = ofNothing(features.get(i));
    }
    return new FeatureValues(view, values, Status.MISSING, Status.MISSING, NO_TIME, 0, answered);
  }

  private static @Nullable Object ofNothing(FeatureView.Feature feature) {
    Aggregation window = feature.window();
    if (window == null) {
      return feature.defaultValue();
    }
    return window.function().isCount() ? 0L : null;
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
   * @throws FeatureDefinitionException if it is a STRING, a TIMESTAMP or an array
   */
  public double number(String feature) {
    int position = position(feature);
    ColumnType type = view.features().get(position).type();
    if (type == ColumnType.STRING
        || type == ColumnType.TIMESTAMP
        || type.kind() == ColumnType.Kind.FLOATS) {
      throw new FeatureDefinitionException(
          "feature \""
              + feature
              + "\" of view \""
              + view.name()
              + "\" is a "
              + type
              + ", which is no number; take it with "
              + (type.kind() == ColumnType.Kind.FLOATS ? "floats" : "value")
              + "(\""
              + feature
              + "\")");
    }
    return number(position);
  }

  /**
   * The value of the feature of this name as an array, or null; no copy is made.
   *
   * @throws NoSuchFeatureException if the view has none of this name
   * @throws FeatureDefinitionException if it is of another type than {@link ColumnType#floats}
   */
  public @Nullable Floats floats(String feature) {
    int position = position(feature);
    ColumnType type = view.features().get(position).type();
    if (type.kind() != ColumnType.Kind.FLOATS) {
      throw new FeatureDefinitionException(
          "feature \""
              + feature
              + "\" of view \""
              + view.name()
              + "\" is "
              + type
              + ", which is no array of floats");
    }
    return (Floats) values[position];
  }

  double number(int position) {
    return number(values[position]);
  }

  /** An element of an array; NaN if the array is null. */
  double number(int position, int element) {
    return element(values[position], element);
  }

  static double element(@Nullable Object array, int element) {
    return array == null ? Double.NaN : ((Floats) array).at(element);
  }

  static double number(@Nullable Object value) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    return value instanceof Boolean truth ? (truth ? 1 : 0) : Double.NaN;
  }

  /**
   * The event time of the latest visible event, stale or not, that was looked at: of a window's
   * events, if the view has features of windows alone. Empty if there is none.
   */
  public Optional<Instant> eventTime() {
    return eventTime == NO_TIME ? Optional.empty() : Optional.of(Timestamps.fromMicros(eventTime));
  }

  /**
   * Whether this is an answer of what was asked: false for what a {@link GuardedLookup} gives in
   * place of one, whose statuses are MISSING though nobody looked.
   */
  public boolean isAnswered() {
    return answered;
  }

  /** What is kept of it beside a prediction. */
  ServedLookup served(String alias) {
    return new ServedLookup(alias, servedStatus(), eventTime().orElse(null));
  }

  private ServedLookup.Status servedStatus() {
    if (!answered) {
      return ServedLookup.Status.UNANSWERED;
    }
    boolean windowsAlone = view.features().stream().allMatch(one -> one.window() != null);
    return switch (windowsAlone ? window : latest) {
      case PRESENT -> ServedLookup.Status.PRESENT;
      case STALE -> ServedLookup.Status.STALE;
      case MISSING -> ServedLookup.Status.MISSING;
    };
  }

  /**
   * Why the value at this position is what it is. Of a feature over a window: whether a visible
   * event is in that window, be it counted or not. With the last event at 09:15, asked at 10:00, a
   * count of three hours is PRESENT, one of half an hour MISSING.
   */
  public Status status(int feature) {
    Aggregation aggregation = view.features().get(feature).window();
    if (aggregation == null) {
      return latest;
    }
    // The latest visible event is in every window that has one.
    return window == Status.PRESENT
            && eventTime > Micros.minus(moment, Micros.of(aggregation.window()))
        ? Status.PRESENT
        : Status.MISSING;
  }

  /**
   * Why the value of the feature of this name is what it is.
   *
   * @throws NoSuchFeatureException if the view has none of this name
   */
  public Status status(String feature) {
    return status(position(feature));
  }

  /**
   * The event time of the latest visible event behind the value at this position: of its window, if
   * it has one. Empty if it is MISSING; a STALE one has it.
   */
  public Optional<Instant> eventTime(int feature) {
    return status(feature) == Status.MISSING ? Optional.empty() : eventTime();
  }

  /**
   * The event time of the latest visible event behind the value of the feature of this name.
   *
   * @throws NoSuchFeatureException if the view has none of this name
   */
  public Optional<Instant> eventTime(String feature) {
    return eventTime(position(feature));
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
