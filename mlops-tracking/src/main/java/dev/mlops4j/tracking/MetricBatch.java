package dev.mlops4j.tracking;

import java.util.List;

/**
 * Points that one writer appends to a run, numbered so that writing them may be repeated: for
 * authors of backends. Immutable.
 *
 * @param writer who counts, within the run: an id that no other writer has
 * @param first how many points this writer had written before the first of these
 * @param points in their order
 */
public record MetricBatch(String writer, long first, List<MetricPoint> points) {

  /** Copies the list. */
  public MetricBatch {
    points = List.copyOf(points);
  }

  /** How many points the writer has written when these are stored. */
  public long end() {
    return first + points.size();
  }
}
