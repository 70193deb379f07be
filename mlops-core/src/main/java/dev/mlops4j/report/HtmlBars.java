package dev.mlops4j.report;

import java.util.Locale;

/** A {@link BarChart} in HTML: a table whose cells have bars, so that it needs no script. */
final class HtmlBars {

  private HtmlBars() {}

  static void append(StringBuilder html, BarChart chart) {
    html.append("<section class=\"table\">\n<div class=\"scroll\" tabindex=\"0\" role=\"region\"")
        .append(" aria-label=\"")
        .append(Html.text(chart.title()))
        .append("\"><table class=\"bars\">\n<caption>")
        .append(Html.text(chart.title()))
        .append("</caption>\n<thead><tr><td></td>");
    chart
        .series()
        .forEach(name -> html.append("<th scope=\"col\">").append(Html.text(name)).append("</th>"));
    html.append("</tr></thead>\n<tbody>\n");
    for (BarChart.Bar bar : chart.bars()) {
      html.append("<tr><th scope=\"row\">").append(Html.text(bar.name())).append("</th>");
      for (int i = 0; i < bar.shares().size(); i++) {
        double percent = 100 * bar.shares().get(i);
        html.append(
            String.format(
                Locale.ROOT,
                "<td><span class=\"bar series-%d\" style=\"width:%.1f%%\"></span> %.2f %%</td>",
                i,
                0.7 * percent,
                percent));
      }
      html.append("</tr>\n");
    }
    html.append("</tbody>\n</table></div>\n</section>\n");
  }
}
