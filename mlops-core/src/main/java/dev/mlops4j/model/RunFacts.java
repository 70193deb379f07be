package dev.mlops4j.model;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a run had logged when it logged a model package: what a registry keeps with the version, so
 * that versions can be told apart without their runs. Immutable.
 *
 * @param params the params by key
 * @param metrics the latest value of every metric by key; NaN and infinities included
 * @param datasets the datasets it used, in the order in which they were logged
 */
public record RunFacts(
    SortedMap<String, String> params,
    SortedMap<String, Double> metrics,
    List<DatasetReference> datasets) {

  /** Those of a package that no run logged. */
  public static final RunFacts NONE = new RunFacts(Map.of(), Map.of(), List.of());

  /** Copies the collections. */
  public RunFacts {
    params = Collections.unmodifiableSortedMap(new TreeMap<>(params));
    metrics = Collections.unmodifiableSortedMap(new TreeMap<>(metrics));
    datasets = List.copyOf(datasets);
  }

  /** Facts of maps in any order. */
  public RunFacts(
      Map<String, String> params, Map<String, Double> metrics, List<DatasetReference> datasets) {
    this(new TreeMap<>(params), new TreeMap<>(metrics), datasets);
  }
}
