package dev.mlops4j.report;

import java.util.List;

/**
 * Lines over one axis, such as a metric of several runs. Immutable.
 *
 * @param title what is shown
 * @param xLabel what the axis counts
 * @param axis what the axis is of
 * @param lines the lines; the n-th has the same colour in every chart of a page
 * @param notes what the reader must know of the lines, below them
 * @param marks places on the axis where something happened, drawn as upright lines
 */
public record LineChart(
    String title,
    String xLabel,
    Axis axis,
    List<Line> lines,
    List<String> notes,
    List<Mark> marks) {

  /** What x is. */
  public enum Axis {
    /** A number, with lines from point to point. */
    NUMBER,
    /** Seconds since the epoch, shown in UTC, with lines from point to point. */
    TIME,
    /** Where a bin begins: a line goes on at its height to the next point, filled down to 0. */
    BIN
  }

  /** Copies the lists. */
  public LineChart {
    lines = List.copyOf(lines);
    notes = List.copyOf(notes);
    marks = List.copyOf(marks);
  }

  /** Lines without marks. */
  public LineChart(String title, String xLabel, Axis axis, List<Line> lines, List<String> notes) {
    this(title, xLabel, axis, lines, notes, List.of());
  }

  /** Lines over numbers. */
  public LineChart(String title, String xLabel, List<Line> lines, List<String> notes) {
    this(title, xLabel, Axis.NUMBER, lines, notes);
  }

  /**
   * One line.
   *
   * @param name what the legend says
   * @param points by ascending x; none for what has no line here
   */
  public record Line(String name, List<Point> points) {

    /**
     * Copies the points.
     *
     * @throws IllegalArgumentException if an x is not finite or less than the one before
     */
    public Line {
      points = List.copyOf(points);
      double last = Double.NEGATIVE_INFINITY;
      for (Point point : points) {
        if (!Double.isFinite(point.x()) || point.x() < last) {
          throw new IllegalArgumentException(
              "the points of a line ascend along a finite x, found "
                  + point.x()
                  + " after "
                  + last);
        }
        last = point.x();
      }
    }
  }

  /**
   * One point.
   *
   * @param x where on the axis, finite
   * @param y the value; one that is not finite is a gap in the line
   * @param low where the band around the line begins here; NaN without one
   * @param high where it ends
   */
  public record Point(double x, double y, double low, double high) {

    /** A point without a band. */
    public Point(double x, double y) {
      this(x, y, Double.NaN, Double.NaN);
    }

    boolean hasBand() {
      return Double.isFinite(low) && Double.isFinite(high);
    }
  }

  /**
   * A place where something happened.
   *
   * @param x where on the axis, finite
   * @param label what happened, in a word or two
   */
  public record Mark(double x, String label) {

    /**
     * Checks the place.
     *
     * @throws IllegalArgumentException if it is not finite
     */
    public Mark {
      if (!Double.isFinite(x)) {
        throw new IllegalArgumentException("a mark is at a finite x, found " + x);
      }
    }
  }
}
