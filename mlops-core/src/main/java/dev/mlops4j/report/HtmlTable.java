package dev.mlops4j.report;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A table of {@link SideBySide} in HTML. */
final class HtmlTable {

  /** A word that is longer is broken on a narrow page; a number never is. */
  private static final int LONGEST_WHOLE_WORD = 24;

  private HtmlTable() {}

  /**
   * Appends it.
   *
   * @param id of the box that shows what does not differ; unique on the page
   * @param label what the table is of
   */
  static void append(StringBuilder html, SideBySide table, String id, String label) {
    long same = table.lines().stream().filter(line -> !line.differs()).count();
    html.append("<section class=\"table\">\n");
    if (same > 0) {
      html.append("<input type=\"checkbox\" id=\"")
          .append(id)
          .append("\"><label for=\"")
          .append(id)
          .append("\">show also what is the same (")
          .append(same)
          .append(same == 1 ? " row" : " rows")
          .append(")</label>\n");
    }
    // It scrolls by keys when it has the focus.
    html.append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(Html.text(label))
        .append("\">")
        .append("<table>\n<thead><tr><td></td><td></td>");
    table.names().forEach(name -> cell(html, "th", "", name));
    if (table.withChange()) {
      html.append("<th>change</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (SideBySide.Line line : table.lines()) {
      html.append(line.differs() ? "<tr>" : "<tr class=\"same\">");
      cell(html, "td", "section", line.section());
      cell(html, "th", "", line.key());
      for (String value : line.values()) {
        value(html, value);
      }
      if (table.withChange()) {
        cell(html, "td", "change", line.change());
      }
      html.append("</tr>\n");
    }
    html.append("</tbody>\n</table></div>\n");
    if (same == table.lines().size()) {
      html.append("<p class=\"note\">Nothing differs.</p>\n");
    }
    html.append("</section>\n");
  }

  private static void value(StringBuilder html, @Nullable String value) {
    if (value == null) {
      cell(html, "td", "absent", SideBySide.ABSENT);
    } else {
      html.append(isWhole(value) ? "<td class=\"whole\"><div>" : "<td><div>")
          .append(Html.text(value))
          .append("</div></td>");
    }
  }

  private static boolean isWhole(String value) {
    return Arrays.stream(value.split(" ", -1))
        .allMatch(word -> word.length() <= LONGEST_WHOLE_WORD);
  }

  private static void cell(StringBuilder html, String element, String kind, String text) {
    html.append('<').append(element);
    if (!kind.isEmpty()) {
      html.append(" class=\"").append(kind).append('"');
    }
    html.append('>').append(Html.text(text)).append("</").append(element).append('>');
  }
}
