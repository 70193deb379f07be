package dev.mlops4j.monitoring;

import dev.mlops4j.report.BarChart;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.LineChart;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/** Pictures of a column in two samples, one over the other. */
final class ColumnPictures {

  static final String REFERENCE = "reference";
  static final String CURRENT = "current";
  static final List<String> BOTH = List.of(REFERENCE, CURRENT);
  static final int MOST_BARS = 12;

  private static final int BINS = 40;

  /** What lies beyond is left out of the picture, as a few rows would make it a needle. */
  private static final double TAIL = 0.005;

  private ColumnPictures() {}

  /**
   * A category, or a number, and its shares on both sides.
   *
   * @param name what people call it
   */
  record Shares(String name, double reference, double current) {

    private BarChart.Bar bar() {
      return new BarChart.Bar(name, List.of(Math.min(1, reference), Math.min(1, current)));
    }
  }

  /** The most frequent ones, then all others together. */
  static BarChart categories(List<Shares> shares) {
    List<Shares> order = new ArrayList<>(shares);
    order.sort(
        Comparator.comparingDouble((Shares each) -> Math.max(each.reference, each.current))
            .reversed());
    List<Shares> shown = new ArrayList<>(order.subList(0, Math.min(MOST_BARS, order.size())));
    List<Shares> others = order.subList(shown.size(), order.size());
    if (!others.isEmpty()) {
      shown.add(
          new Shares(
              "all " + others.size() + " others",
              others.stream().mapToDouble(Shares::reference).sum(),
              others.stream().mapToDouble(Shares::current).sum()));
    }
    return bars("share of the rows with a value", shown);
  }

  static BarChart bars(String title, List<Shares> shares) {
    return new BarChart(title, BOTH, shares.stream().map(Shares::bar).toList());
  }

  /** Both distributions, if each has a number and they do not lie at one place. */
  static void add(HtmlPage page, String name, Distribution from, Distribution to) {
    if (from.count() == 0 || to.count() == 0) {
      return;
    }
    Optional<SortedMap<Double, Long>> first = from.values();
    Optional<SortedMap<Double, Long>> second = to.values();
    if (first.isPresent()
        && second.isPresent()
        && first.get().size() + second.get().size() <= 2 * MOST_BARS) {
      page.bars(fewNumbers(first.get(), second.get()));
      return;
    }
    double least = Math.min(from.quantile(TAIL), to.quantile(TAIL));
    double greatest = Math.max(from.quantile(1 - TAIL), to.quantile(1 - TAIL));
    double width = (greatest - least) / BINS;
    if (width > 0 && Double.isFinite(width)) {
      page.chart(distributions(name, from, to, least, width));
    }
  }

  private static LineChart distributions(
      String name, Distribution from, Distribution to, double least, double width) {
    return new LineChart(
        "Share of the numbers in " + BINS + " bins",
        name,
        LineChart.Axis.BIN,
        List.of(
            new LineChart.Line(REFERENCE, shares(from, least, width)),
            new LineChart.Line(CURRENT, shares(to, least, width))),
        List.of(
            String.format(
                Locale.ROOT,
                "Outside of the picture: %.1f %% of the reference, %.1f %% of the current numbers.",
                100 * outside(from, least, width),
                100 * outside(to, least, width))));
  }

  private static BarChart fewNumbers(SortedMap<Double, Long> from, SortedMap<Double, Long> to) {
    SortedMap<Double, Long> all = new TreeMap<>(from);
    to.forEach((value, count) -> all.merge(value, count, Long::sum));
    double first = from.values().stream().mapToLong(Long::longValue).sum();
    double second = to.values().stream().mapToLong(Long::longValue).sum();
    return bars(
        "share of the numbers",
        all.keySet().stream()
            .map(
                value ->
                    new Shares(
                        shown(value),
                        from.getOrDefault(value, 0L) / first,
                        to.getOrDefault(value, 0L) / second))
            .toList());
  }

  private static List<LineChart.Point> shares(Distribution numbers, double least, double width) {
    List<LineChart.Point> points = new ArrayList<>();
    double below = numbers.shareAtMost(Math.nextDown(least));
    for (int bin = 0; bin < BINS; bin++) {
      double upTo = numbers.shareAtMost(least + (bin + 1) * width);
      points.add(new LineChart.Point(least + bin * width, Math.max(0, upTo - below)));
      below = upTo;
    }
    points.add(new LineChart.Point(least + BINS * width, 0));
    return points;
  }

  private static double outside(Distribution numbers, double least, double width) {
    double inside =
        numbers.shareAtMost(least + BINS * width) - numbers.shareAtMost(Math.nextDown(least));
    return Math.max(0, 1 - inside);
  }

  /** A number for people: whole ones with all digits, others with six. */
  static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }
}
