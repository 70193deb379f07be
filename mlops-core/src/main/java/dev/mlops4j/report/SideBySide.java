package dev.mlops4j.report;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Things side by side, one a column: runs, versions. Rows are in sections. Immutable; whatever is
 * not plain in a name or value is written as an escape, see {@link Printable}.
 *
 * @param names what stands over the columns
 * @param withChange whether a last column says how the values changed
 * @param lines the rows, each with a value a column
 */
public record SideBySide(List<String> names, boolean withChange, List<Line> lines) {

  /** What stands for a value that is not there. */
  static final String ABSENT = "-";

  private static final String CHANGE = "change";

  /**
   * Where something would become a link, or ping somebody. Neither an escape nor an entity stops
   * that, as mentions are looked for in the rendered text; a comment does, and is not seen.
   */
  private static final Pattern BEFORE_LINK =
      Pattern.compile(
          "(?<=@)(?=\\w)|(?<=#)(?=\\d)|(?<=:)(?=//)|(?<=www)(?=\\.)|(?<=(?<![a-z])gh-)(?=\\d)",
          Pattern.CASE_INSENSITIVE);

  /**
   * Copies the lists.
   *
   * @throws IllegalArgumentException if a line has not as many values as there are names
   */
  public SideBySide {
    names = List.copyOf(names);
    lines = List.copyOf(lines);
    for (Line line : lines) {
      if (line.values().size() != names.size()) {
        throw new IllegalArgumentException(
            names.size() + " values are needed, found " + line.values().size() + " in " + line);
      }
    }
  }

  /** At most so many lines of each section; one more says how many others there are. */
  public SideBySide atMost(int linesOfSection) {
    Map<String, List<Line>> sections = new LinkedHashMap<>();
    lines.forEach(
        line -> sections.computeIfAbsent(line.section(), key -> new ArrayList<>()).add(line));
    List<Line> kept = new ArrayList<>();
    sections.forEach(
        (section, all) -> {
          kept.addAll(all.subList(0, Math.min(linesOfSection, all.size())));
          if (all.size() > linesOfSection) {
            String more = "... and " + (all.size() - linesOfSection) + " more";
            kept.add(new Line(section, more, Collections.nCopies(names.size(), ""), ""));
          }
        });
    return new SideBySide(names, withChange, kept);
  }

  /**
   * A table for terminals and logs.
   *
   * @param width the greatest width of a line, as far as the columns allow
   */
  public String toText(int width) {
    TextTable.Builder table = TextTable.builder().left("").left("");
    names.forEach(name -> table.left(Printable.of(name)));
    if (withChange) {
      table.right(CHANGE);
    }
    table.width(width);
    for (Line line : lines) {
      table.row(cells(line).stream().map(Printable::of).toArray());
    }
    return table.build().toString();
  }

  /** A table of GitHub's Markdown. */
  public String toMarkdown() {
    StringBuilder text = new StringBuilder();
    List<String> header = new ArrayList<>(List.of("", ""));
    header.addAll(names);
    if (withChange) {
      header.add(CHANGE);
    }
    markdown(text, header);
    text.append("|---|---|")
        .append("---|".repeat(names.size()))
        .append(withChange ? "---:|\n" : "\n");
    lines.forEach(line -> markdown(text, cells(line)));
    return text.toString();
  }

  /** How a number changed, with a sign and six digits; empty where that cannot be told. */
  public static String change(double before, double after) {
    double change = after - before;
    return Double.isFinite(change) ? String.format(Locale.ROOT, "%+.6g", change) : "";
  }

  private List<String> cells(Line line) {
    List<String> cells = new ArrayList<>(List.of(line.section(), line.key()));
    line.values().forEach(value -> cells.add(value == null ? ABSENT : value));
    if (withChange) {
      cells.add(line.change());
    }
    return cells;
  }

  private static void markdown(StringBuilder text, List<String> cells) {
    text.append('|');
    for (String cell : cells) {
      text.append(' ').append(escaped(cell)).append(" |");
    }
    text.append('\n');
  }

  /** Nothing of a cell ends it, begins a tag, a link or an emphasis. */
  private static String escaped(String cell) {
    StringBuilder escaped = new StringBuilder();
    Printable.of(cell)
        .codePoints()
        .forEach(
            c -> {
              switch (c) {
                case '|', '\\', '`', '*', '_', '~', '[', ']' ->
                    escaped.append('\\').appendCodePoint(c);
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                default -> escaped.appendCodePoint(c);
              }
            });
    return BEFORE_LINK.matcher(escaped).replaceAll("<!-- -->");
  }

  /**
   * One row.
   *
   * @param section what it is about
   * @param key its name
   * @param values a value a column; null where there is none
   * @param change how the value changed, or empty
   */
  public record Line(
      String section, String key, List<? extends @Nullable String> values, String change) {

    /** Copies the values. */
    public Line {
      values = Collections.unmodifiableList(new ArrayList<>(values));
    }

    /** Whether the values differ. */
    public boolean differs() {
      return new HashSet<>(values).size() > 1;
    }
  }
}
