package dev.mlops4j.monitoring;

import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * How far one feature as it was served is the one that training sees.
 *
 * @param feature its name
 * @param sensitive whether its values are not told: examples have none, and there is no difference
 * @param compared how many predictions were compared
 * @param differing of how many the values differ: by a bit, or by more than the tolerance that the
 *     feature states
 * @param largestDifference the largest absolute difference of two numbers that differ; NaN if no
 *     two numbers do, as of categories and of values missing on one side
 * @param examples the first that differ, by the moment they were asked
 * @param servedEvents how many of those that differ were made of an older event than is visible
 *     offline, of one of the same time, and so on; empty for a feature that is not itself looked up
 */
public record FeatureSkew(
    String feature,
    boolean sensitive,
    long compared,
    long differing,
    double largestDifference,
    List<SkewExample> examples,
    SortedMap<ServedEvent, Long> servedEvents) {

  /** Copies the examples and the counts. */
  public FeatureSkew {
    examples = List.copyOf(examples);
    servedEvents = Collections.unmodifiableSortedMap(new TreeMap<>(servedEvents));
  }
}
