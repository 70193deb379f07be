package dev.mlops4j.report;

import java.util.Locale;
import java.util.Map;

/** A {@link Grid} in HTML. */
final class HtmlGrid {

  private HtmlGrid() {}

  /**
   * Appends it.
   *
   * @param sections the ids of the page's sections, by heading
   * @param label what the table is of
   */
  static void append(StringBuilder html, Grid grid, Map<String, String> sections, String label) {
    html.append("<section class=\"table\">\n")
        .append("<div class=\"scroll\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(Html.text(label))
        .append("\">")
        .append("<table class=\"grid\">\n<thead><tr>");
    for (String header : grid.header()) {
      html.append("<th scope=\"col\">").append(Html.text(header)).append("</th>");
    }
    html.append("</tr></thead>\n<tbody>\n");
    for (Grid.Row row : grid.rows()) {
      html.append("<tr class=\"tone-")
          .append(row.tone().name().toLowerCase(Locale.ROOT))
          .append("\">");
      for (int i = 0; i < row.cells().size(); i++) {
        String cell = Html.text(row.cells().get(i));
        String id = i == 0 && row.section() != null ? sections.get(row.section()) : null;
        html.append(i == 0 ? "<th scope=\"row\">" : "<td>")
            .append(id == null ? cell : "<a href=\"#" + id + "\">" + cell + "</a>")
            .append(i == 0 ? "</th>" : "</td>");
      }
      html.append("</tr>\n");
    }
    html.append("</tbody>\n</table></div>\n</section>\n");
  }
}
