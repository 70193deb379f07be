package dev.mlops4j.monitoring;

import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How good the predictions of a time were: all of them, by version, by arm and by segment.
 * Immutable.
 *
 * @param from the first instant
 * @param to the first instant after it
 * @param overall of all predictions
 * @param byVersion of those that each version answered
 * @param byArm of those that each arm of the predictor answered, as in {@link
 *     dev.mlops4j.model.Prediction#arm}
 * @param bySegment by the name of the segment, of each of its values with the most predictions,
 *     those first; of all others together under {@link #OTHERS}
 */
public record PerformanceReport(
    Instant from,
    Instant to,
    Performance overall,
    SortedMap<Integer, Performance> byVersion,
    SortedMap<String, Performance> byArm,
    Map<String, Map<String, Performance>> bySegment) {

  /** The values of a segment that are shown apart. */
  public static final int MOST_VALUES = 100;

  /** Stands for the values beyond {@link #MOST_VALUES}. */
  public static final String OTHERS = "(others)";

  /** Stands for predictions without a value. */
  public static final String NONE = "(none)";

  /** Stands for the values of a column that the training data of a version marks as sensitive. */
  public static final String SENSITIVE = "(sensitive)";

  /** Copies the maps. */
  public PerformanceReport {
    byVersion = Collections.unmodifiableSortedMap(new TreeMap<>(byVersion));
    byArm = Collections.unmodifiableSortedMap(new TreeMap<>(byArm));
    Map<String, Map<String, Performance>> copied = new LinkedHashMap<>();
    bySegment.forEach(
        (name, values) ->
            copied.put(name, Collections.unmodifiableMap(new LinkedHashMap<>(values))));
    bySegment = Collections.unmodifiableMap(copied);
  }
}
