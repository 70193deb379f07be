package dev.mlops4j.report;

import java.util.List;

/**
 * Shares side by side, such as how frequent categories are in two samples. Immutable.
 *
 * @param title what is shown
 * @param series whose shares they are; the n-th has the colour of the n-th line of a {@link
 *     LineChart}
 * @param bars the bars, from top to bottom
 */
public record BarChart(String title, List<String> series, List<Bar> bars) {

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a bar has not as many shares as there are series
   */
  public BarChart {
    series = List.copyOf(series);
    bars = List.copyOf(bars);
    for (Bar bar : bars) {
      if (bar.shares().size() != series.size()) {
        throw new IllegalArgumentException(
            series.size() + " shares are needed, found " + bar.shares().size() + " in " + bar);
      }
    }
  }

  /**
   * A share of each series.
   *
   * @param name what has these shares
   * @param shares 0 to 1 each
   */
  public record Bar(String name, List<Double> shares) {

    /**
     * Copies the shares.
     *
     * @throws IllegalArgumentException if one is not from 0 to 1
     */
    public Bar {
      shares = List.copyOf(shares);
      for (double share : shares) {
        if (!(share >= 0 && share <= 1)) {
          throw new IllegalArgumentException("a share is 0 to 1, found " + share);
        }
      }
    }
  }
}
