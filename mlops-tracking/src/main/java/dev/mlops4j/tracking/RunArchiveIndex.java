package dev.mlops4j.tracking;

import dev.mlops4j.Digest;
import java.util.List;
import java.util.SortedMap;

/**
 * What an archive of runs says that it holds.
 *
 * @param runs the runs
 * @param files the sizes of all files in the archive, each there once
 */
record RunArchiveIndex(List<Entry> runs, SortedMap<Digest, Long> files) {

  RunArchiveIndex {
    runs = List.copyOf(runs);
  }

  /**
   * One run.
   *
   * @param run the run, without the values of its metrics
   * @param series how many points each metric has, by key
   * @param points the file with all points, in the order of the keys
   */
  record Entry(RunRecord run, SortedMap<String, Long> series, Digest points) {

    long pointCount() {
      return series.values().stream().mapToLong(Long::longValue).reduce(0, Math::addExact);
    }
  }
}
