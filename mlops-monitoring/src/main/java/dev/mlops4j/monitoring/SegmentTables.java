package dev.mlops4j.monitoring;

import dev.mlops4j.report.Grid;
import dev.mlops4j.report.HtmlPage;
import dev.mlops4j.report.Printable;
import dev.mlops4j.report.SideBySide;
import dev.mlops4j.report.TextTable;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** {@link DriftSegments} on a page of HTML, in Markdown and for terminals. */
final class SegmentTables {

  /** In Markdown of each status, for terminals of all. */
  static final int MOST_SEGMENTS = 20;

  /** Of the drifted columns of one segment. */
  static final int MOST_COLUMNS = 5;

  /** Of the keys that only one sample has, and of those that are not compared. */
  static final int MOST_KEYS = 50;

  private static final String CAME = "came";
  private static final String WENT = "went";
  private static final String NOT_COMPARED = "not compared";
  private static final List<String> HEADER =
      List.of(
          "segment",
          "verdict",
          "drifted columns",
          "worst column",
          "effect",
          "q",
          "reference rows",
          "current rows",
          "in words");

  /** Few enough for paper: what drifted has a table of its own. */
  private static final List<String> PAGE_HEADER =
      List.of(
          "segment",
          "verdict",
          "drifted columns",
          "reference rows",
          "current rows",
          "worst column");

  private static final List<String> COLUMNS_HEADER =
      List.of("segment", "column", "effect", "q", "reference rows", "current rows", "in words");

  private SegmentTables() {}

  static void append(HtmlPage page, DriftSegments segments) {
    String key = segments.keyColumn();
    page.section("Segments by " + key)
        .paragraph(
            "Each column but the key, within the rows of each segment. If nothing differs, at most one"
                + " report in twenty has an alert here, unless it was told another rate.");
    List<SegmentDrift> shown =
        Stream.of(
                segments.compared().stream(),
                segments.came().stream().limit(MOST_KEYS),
                segments.went().stream().limit(MOST_KEYS))
            .flatMap(each -> each)
            .toList();
    page.table(
        new Grid(
            PAGE_HEADER,
            shown.stream().map(s -> new Grid.Row(tone(s), pageCells(s), null)).toList()));
    int more = segments.all().size() - shown.size();
    if (more > 0) {
      page.paragraph(more + " more that only one sample has are not shown.");
    }
    if (!segments.beyond().keys().isEmpty()) {
      page.paragraph("Not compared: " + atMost(segments.beyond().keys()) + ".");
    }
    if (!segments.alerts().isEmpty()) {
      page.section("Drifted columns by " + key)
          .paragraph("Of each segment at most " + MOST_COLUMNS + ", the worst first.")
          .table(new Grid(COLUMNS_HEADER, drifted(segments)));
    }
  }

  private static List<Grid.Row> drifted(DriftSegments segments) {
    List<Grid.Row> rows = new ArrayList<>();
    for (SegmentDrift segment : segments.alerts()) {
      for (Verdict verdict : segment.alerts().stream().limit(MOST_COLUMNS).toList()) {
        rows.add(
            new Grid.Row(
                Grid.Tone.ALERT,
                List.of(
                    segment.label(),
                    verdict.column(),
                    effect(verdict),
                    q(verdict),
                    count(verdict.referenceRows()),
                    count(verdict.windowRows()),
                    verdict.words()),
                null));
      }
    }
    return rows;
  }

  private static String atMost(List<String> keys) {
    String shown = String.join(", ", keys.subList(0, Math.min(MOST_KEYS, keys.size())));
    return keys.size() > MOST_KEYS ? shown + " and " + (keys.size() - MOST_KEYS) + " more" : shown;
  }

  private static Grid.Tone tone(SegmentDrift segment) {
    return segment.isCompared() ? DriftPage.tone(segment.status()) : Grid.Tone.NOTICE;
  }

  private static List<String> cells(SegmentDrift segment) {
    Verdict worst = segment.worst().orElse(null);
    int columns = segment.verdicts().size();
    return List.of(
        segment.label(),
        status(segment),
        segment.isCompared() ? segment.alerts().size() + " of " + columns : "",
        worst == null ? "" : worst.column(),
        worst == null ? "" : effect(worst),
        worst == null ? "" : q(worst),
        count(segment.referenceRows()) + share(segment.referenceShare()),
        count(segment.currentRows()) + share(segment.currentShare()),
        worst == null ? "" : worst.words());
  }

  private static List<String> pageCells(SegmentDrift segment) {
    List<String> cells = cells(segment);
    String worst = segment.worst().map(v -> v.column() + ": " + v.words()).orElse("");
    return List.of(cells.get(0), cells.get(1), cells.get(2), cells.get(6), cells.get(7), worst);
  }

  private static String status(SegmentDrift segment) {
    if (segment.isCompared()) {
      return VerdictWords.of(segment.status());
    }
    return segment.currentRows() > 0 ? CAME : WENT;
  }

  static String markdown(DriftSegments segments) {
    List<SideBySide.Line> lines = new ArrayList<>();
    for (SegmentDrift segment : segments.all()) {
      List<String> cells = cells(segment);
      lines.add(
          new SideBySide.Line(cells.get(1), cells.get(0), cells.subList(2, cells.size()), ""));
    }
    if (!segments.beyond().keys().isEmpty()) {
      List<String> empty = Collections.nCopies(HEADER.size() - 2, "");
      lines.add(new SideBySide.Line(NOT_COMPARED, atMost(segments.beyond().keys()), empty, ""));
    }
    return "**Segments: "
        + segments.counts()
        + "**\n\n"
        + new SideBySide(HEADER.subList(2, HEADER.size()), false, lines)
            .atMost(MOST_SEGMENTS)
            .toMarkdown();
  }

  /** The first segments; the summary names those of one side. */
  static String text(DriftSegments segments) {
    TextTable.Builder table =
        TextTable.builder()
            .left(Printable.of(segments.keyColumn()))
            .left("verdict")
            .left("drifted columns")
            .left("worst column")
            .right("effect")
            .right("q")
            .right("reference rows")
            .right("current rows")
            .left("in words");
    for (SegmentDrift segment : segments.compared().stream().limit(MOST_SEGMENTS).toList()) {
      table.row(cells(segment).stream().map(Printable::of).toArray());
    }
    int more = segments.compared().size() - MOST_SEGMENTS;
    return table.build() + (more > 0 ? "\n... and " + more + " more" : "");
  }

  private static String effect(Verdict verdict) {
    return VerdictWords.number("%+.3f", verdict.effect());
  }

  private static String q(Verdict verdict) {
    return VerdictWords.number("%.3g", verdict.q());
  }

  private static String count(long rows) {
    return String.format(Locale.ROOT, "%,d", rows);
  }

  private static String share(double share) {
    return Double.isNaN(share) ? "" : String.format(Locale.ROOT, " (%.1f %%)", 100 * share);
  }
}
