package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.ColumnProfile;
import dev.mlops4j.profile.NumericSummary;
import dev.mlops4j.report.BarChart;
import dev.mlops4j.report.Grid;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.SideBySide;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A {@link DriftReport} as a page of HTML, and in Markdown. */
final class DriftPage {

  private static final List<String> HEADER =
      List.of("column", "verdict", "effect", "q", "reference rows", "current rows", "in words");

  private DriftPage() {}

  static HtmlPage of(DriftReport report) {
    HtmlPage page = HtmlPage.titled("Drift").paragraph(report.summary());
    page.table(
        new Grid(
            HEADER,
            report.columns().stream()
                .map(c -> new Grid.Row(tone(c.verdict().status()), cells(c.verdict()), c.name()))
                .toList()));
    report.segments().ifPresent(segments -> SegmentTables.append(page, segments));
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
        + new SideBySide(HEADER.subList(2, HEADER.size()), false, lines).toMarkdown()
        + report.segments().map(s -> "\n" + SegmentTables.markdown(s)).orElse("");
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

  static Grid.Tone tone(Verdict.Status status) {
    return switch (status) {
      case ALERT -> Grid.Tone.ALERT;
      case ERROR, NOT_ENOUGH_DATA -> Grid.Tone.NOTICE;
      case OK -> Grid.Tone.GOOD;
    };
  }

  private static void append(HtmlPage page, ColumnDrift column) {
    Verdict verdict = column.verdict();
    page.section(column.name())
        .paragraph(
            (VerdictWords.of(verdict.status()) + ": " + verdict.words() + ". " + verdict.evidence())
                .strip());
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
      ColumnPictures.add(
          page,
          column.name(),
          Distribution.of(from.numbers().get()),
          Distribution.of(to.numbers().get()));
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
                    "apart",
                    statistic.words(),
                    Arrays.asList("", ColumnPictures.shown(value)),
                    "")));
    return new SideBySide(ColumnPictures.BOTH, true, lines);
  }

  static <S> SideBySide.Line line(
      String section, String key, @Nullable S from, @Nullable S to, ToDoubleFunction<S> value) {
    double first = from == null ? Double.NaN : value.applyAsDouble(from);
    double second = to == null ? Double.NaN : value.applyAsDouble(to);
    return new SideBySide.Line(
        section,
        key,
        Arrays.asList(
            Double.isNaN(first) ? null : ColumnPictures.shown(first),
            Double.isNaN(second) ? null : ColumnPictures.shown(second)),
        SideBySide.change(first, second));
  }

  private static BarChart categories(CategorySummary from, CategorySummary to) {
    CategoryPair pair = CategoryPair.of(from, to);
    List<String> names = new ArrayList<>(OtherParts.names(pair));
    names.addAll(OtherParts.of(pair, from, to));
    return ColumnPictures.categories(
        IntStream.range(0, pair.size())
            .mapToObj(
                i ->
                    new ColumnPictures.Shares(
                        names.get(i), pair.referenceShare(i), pair.currentShare(i)))
            .toList());
  }
}
