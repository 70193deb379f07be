package dev.mlops4j.registry;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.RunFacts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * All that is known of a version: what its package says of itself, and what was recorded when it
 * was registered. Immutable.
 *
 * @param version the version
 * @param manifest what its package says: signature, features, datasets, environment, run
 * @param facts the params, metrics and datasets of its run, copied at registration
 * @param importedFrom of which version of which workspace it is a copy, for people; or null
 * @param files the size in bytes of each file of the package by its path
 */
public record VersionDetails(
    ModelVersion version,
    Manifest manifest,
    RunFacts facts,
    @Nullable String importedFrom,
    SortedMap<String, Long> files) {

  /** Copies the files. */
  public VersionDetails {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** How many bytes the files of the package have together. */
  public long bytes() {
    return files.values().stream().mapToLong(Long::longValue).sum();
  }

  /** What it was trained on and its run used, each once, with all that is known of it. */
  public List<DatasetReference> datasets() {
    Map<DatasetReference, DatasetReference> known = new LinkedHashMap<>();
    Stream.concat(manifest.datasets().stream(), facts.datasets().stream())
        .forEach(each -> known.merge(each.withoutDetails(), each, DatasetReference::orDetailsOf));
    return List.copyOf(known.values());
  }
}
