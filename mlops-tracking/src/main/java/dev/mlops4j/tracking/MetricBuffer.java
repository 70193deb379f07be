package dev.mlops4j.tracking;

import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/** The points of a run that are not written yet. The caller sees to it that one thread uses it. */
final class MetricBuffer {

  private final String writer = UUID.randomUUID().toString();
  private final List<MetricPoint> points = new ArrayList<>();
  private long written;

  /** Whether a write failed, so that some of the points may be stored already. */
  private boolean unsure;

  int size() {
    return points.size();
  }

  void add(MetricPoint point) {
    points.add(point);
  }

  /** Writes the points; when it throws, they are kept, and writing them again adds none twice. */
  void write(TrackingStore store, String runId) {
    if (!points.isEmpty()) {
      unsure = true;
      store.addMetrics(runId, new MetricBatch(writer, written, points));
      unsure = false;
      written += points.size();
      points.clear();
    }
  }

  /** What is to be written with the run's end: nothing that may be stored already. */
  List<MetricPoint> last(TrackingStore store, String runId) {
    if (unsure) {
      write(store, runId);
    }
    return List.copyOf(points);
  }

  void clear() {
    points.clear();
  }
}
