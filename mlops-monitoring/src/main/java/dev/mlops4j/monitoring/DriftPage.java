package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.report.BarChart;
import dev.mlops4j.report.Grid;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.LineChart;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A {@link DriftReport} as a page of HTML, and in Markdown. */
final class DriftPage {

  private static final String REFERENCE = "reference";
  private static final String CURRENT = "current";
  private static final List<String> BOTH = List.of(REFERENCE, CURRENT);
  private static final List<String> HEADER =
      List.of(
          "column", "verdict", "effect", "q", REFERENCE + " rows", CURRENT + " rows", "in words");

  private static final int BINS = 40;
  private static final int MOST_BARS = 12;

  /** What lies beyond is left out of the picture, as a few rows would make it a needle. */
  private static final double TAIL = 0.005;

  private DriftPage() {}

  static HtmlPage of(DriftReport report) {
    HtmlPage page = HtmlPage.titled("Drift").paragraph(report.summary());
    page.table(
        new Grid(
            HEADER,
            report.columns().stream()
                .map(c -> new Grid.Row(tone(c.verdict().status()), cells(c.verdict()), c.name()))
                .toList()));
    report.columns().forEach(column -> append(page, column));
    return page;
  }

  static String markdown(DriftReport report) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (ColumnDrift column : report.columns()) {
      List<String> cells = cells(column.verdict());
      lines.add(
          new SideBySide.Line(cells.get(1), cells.get(0), cells.subList(2, cells.size()), ""));
    }
    return "**"
        + report.counts()
        + "**\n\n"
        + new SideBySide(HEADER.subList(2, HEADER.size()), false, lines).toMarkdown();
  }

  private static List<String> cells(Verdict verdict) {
    return List.of(
        verdict.column(),
        VerdictWords.of(verdict.status()),
        VerdictWords.number("%+.3f", verdict.effect()),
        VerdictWords.number("%.3g", verdict.q()),
        String.format(Locale.ROOT, "%,d", verdict.referenceRows()),
        String.format(Locale.ROOT, "%,d", verdict.windowRows()),
        verdict.words());
  }

  private static Grid.Tone tone(Verdict.Status status) {
    return switch (status) {
      case ALERT -> Grid.Tone.ALERT;
      case ERROR, NOT_ENOUGH_DATA -> Grid.Tone.NOTICE;
      case OK -> Grid.Tone.GOOD;
    };
  }

  private static void append(HtmlPage page, ColumnDrift column) {
    Verdict verdict = column.verdict();
    page.section(column.name())
        .paragraph(VerdictWords.of(verdict.status()) + ": " + verdict.words() + ".");
    ColumnProfile from = column.referenceProfile();
    ColumnProfile to = column.currentProfile();
    if (from == null && to == null) {
      return;
    }
    page.table(values(from, to, column.statistics()));
    if (from == null
        || to == null
        || from.missing() == from.count()
        || to.missing() == to.count()) {
      return;
    }
    if (from.categories().isPresent() && to.categories().isPresent()) {
      page.bars(categories(from.categories().get(), to.categories().get()));
    } else if (from.numbers().isPresent() && to.numbers().isPresent()) {
      distribution(page, column.name(), from.numbers().get(), to.numbers().get());
    }
  }

  private static SideBySide values(
      @Nullable ColumnProfile from,
      @Nullable ColumnProfile to,
      Map<DriftStatistic, Double> statistics) {
    List<SideBySide.Line> lines = new ArrayList<>();
    lines.add(line("rows", "all", from, to, ColumnProfile::count));
    lines.add(line("rows", "missing share", from, to, ColumnProfile::missingShare));
    NumericSummary first = from == null ? null : from.numbers().orElse(null);
    NumericSummary second = to == null ? null : to.numbers().orElse(null);
    if (first != null || second != null) {
      lines.add(line("rows", "NaN", first, second, NumericSummary::nan));
      lines.add(
          line(
              "rows", "infinite", first, second, n -> n.positiveInfinite() + n.negativeInfinite()));
      lines.add(line("numbers", "mean", first, second, NumericSummary::mean));
      lines.add(
          line("numbers", "standard deviation", first, second, NumericSummary::standardDeviation));
      lines.add(line("numbers", "least", first, second, NumericSummary::min));
      for (int percent : new int[] {5, 25, 50, 75, 95}) {
        lines.add(
            line(
                "numbers",
                percent == 50 ? "median" : percent + " % quantile",
                first,
                second,
                n -> n.finite() == 0 ? Double.NaN : n.quantile(percent / 100.0)));
      }
      lines.add(line("numbers", "greatest", first, second, NumericSummary::max));
      lines.add(line("numbers", "distinct", first, second, NumericSummary::distinct));
    } else {
      lines.add(
          line(
              "categories",
              "distinct",
              from == null ? null : from.categories().orElse(null),
              to == null ? null : to.categories().orElse(null),
              CategorySummary::distinct));
    }
    statistics.forEach(
        (statistic, value) ->
            lines.add(
                new SideBySide.Line(
                    "apart", statistic.words(), Arrays.asList("", shown(value)), "")));
    return new SideBySide(BOTH, true, lines);
  }

  private static <S> SideBySide.Line line(
      String section, String key, @Nullable S from, @Nullable S to, ToDoubleFunction<S> value) {
    double first = from == null ? Double.NaN : value.applyAsDouble(from);
    double second = to == null ? Double.NaN : value.applyAsDouble(to);
    return new SideBySide.Line(
        section,
        key,
        Arrays.asList(
            Double.isNaN(first) ? null : shown(first), Double.isNaN(second) ? null : shown(second)),
        SideBySide.change(first, second));
  }

  private static String shown(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? String.format(Locale.ROOT, "%,d", (long) value)
        : String.format(Locale.ROOT, "%.6g", value);
  }

  private static BarChart categories(CategorySummary from, CategorySummary to) {
    CategoryPair pair = CategoryPair.of(from, to);
    List<Integer> order =
        IntStream.range(0, pair.size())
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                        (Integer i) -> Math.max(pair.referenceShare(i), pair.currentShare(i)))
                    .reversed())
            .toList();
    List<BarChart.Bar> bars = new ArrayList<>();
    double first = 0;
    double second = 0;
    for (int i = 0; i < order.size(); i++) {
      int at = order.get(i);
      if (i < MOST_BARS) {
        bars.add(bar(pair.name(at), pair.referenceShare(at), pair.currentShare(at)));
      } else {
        first += pair.referenceShare(at);
        second += pair.currentShare(at);
      }
    }
    if (order.size() > MOST_BARS) {
      bars.add(bar("all " + (order.size() - MOST_BARS) + " others", first, second));
    }
    return new BarChart("share of the rows with a value", BOTH, bars);
  }

  private static BarChart.Bar bar(String name, double first, double second) {
    return new BarChart.Bar(name, List.of(Math.min(1, first), Math.min(1, second)));
  }

  private static void distribution(
      HtmlPage page, String name, NumericSummary from, NumericSummary to) {
    if (from.finite() == 0 || to.finite() == 0) {
      return;
    }
    if (from.values().isPresent()
        && to.values().isPresent()
        && from.values().get().size() + to.values().get().size() <= 2 * MOST_BARS) {
      page.bars(fewNumbers(from.values().get(), to.values().get()));
      return;
    }
    double least = Math.min(from.quantile(TAIL), to.quantile(TAIL));
    double greatest = Math.max(from.quantile(1 - TAIL), to.quantile(1 - TAIL));
    double width = (greatest - least) / BINS;
    if (!(width > 0) || !Double.isFinite(width)) {
      return;
    }
    page.chart(
        new LineChart(
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
                    100 * outside(from, least, greatest),
                    100 * outside(to, least, greatest)))));
  }

  private static BarChart fewNumbers(SortedMap<Double, Long> from, SortedMap<Double, Long> to) {
    SortedMap<Double, Long> all = new TreeMap<>(from);
    to.forEach((value, count) -> all.merge(value, count, Long::sum));
    double first = from.values().stream().mapToLong(Long::longValue).sum();
    double second = to.values().stream().mapToLong(Long::longValue).sum();
    return new BarChart(
        "share of the numbers",
        BOTH,
        all.keySet().stream()
            .map(
                value ->
                    bar(
                        shown(value),
                        from.getOrDefault(value, 0L) / first,
                        to.getOrDefault(value, 0L) / second))
            .toList());
  }

  private static List<LineChart.Point> shares(NumericSummary numbers, double least, double width) {
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

  private static double outside(NumericSummary numbers, double least, double greatest) {
    double inside = numbers.shareAtMost(greatest) - numbers.shareAtMost(Math.nextDown(least));
    return Math.max(0, 1 - inside);
  }
}
