package dev.mlops4j.tracking;

import java.io.IOException;
import java.util.List;

/**
 * A run of another workspace that has ended, to be added whole: for authors of backends.
 *
 * @param run the run; of its metrics the keys alone count, as the points say the rest
 * @param points all points of all its metrics
 */
public record EndedRun(RunRecord run, Points points) {

  /** The points of a run, which may be more than fit in memory. */
  public interface Points {

    /**
     * Gives all points to {@code to}, in pieces, each of one metric; of a metric in the order of
     * its series. May be called again, and gives the same then.
     *
     * @throws IOException if they cannot be read
     * @throws E what {@code to} throws
     */
    <E extends Exception> void read(PointReader<E> to) throws IOException, E;
  }

  /**
   * Takes points.
   *
   * @param <E> what it may throw
   */
  @FunctionalInterface
  public interface PointReader<E extends Exception> {

    /** Takes one or more points of one metric. */
    void take(List<MetricPoint> points) throws E;
  }
}
