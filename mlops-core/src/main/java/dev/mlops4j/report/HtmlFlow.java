package dev.mlops4j.report;

import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** A {@link FlowChart} in HTML: a picture in SVG, described in words for who cannot see it. */
final class HtmlFlow {

  /** Boxes and places of passing arrows; of more nobody can make out anything. */
  private static final long MOST_CELLS = 3_000;

  private static final int LONGEST = 32;
  private static final double COLUMN = 7.6;
  private static final double PADDING = 24;
  private static final double NARROWEST = 100;
  private static final double HEIGHT = 46;
  private static final double BETWEEN = 40;
  private static final double MARGIN = 4;
  private static final double NAME_LINE = 20;
  private static final double NOTE_LINE = 36;

  private final StringBuilder html;
  private final FlowChart chart;
  private final String id;
  private final double[] widths;
  private final FlowLayout layout;

  private HtmlFlow(StringBuilder html, FlowChart chart, String id, List<List<Integer>> after) {
    this.html = html;
    this.chart = chart;
    this.id = id;
    this.widths = chart.nodes().stream().mapToDouble(HtmlFlow::width).toArray();
    this.layout = FlowLayout.of(after, widths);
  }

  /**
   * Appends it.
   *
   * @param id unique on the page
   */
  static void append(StringBuilder html, FlowChart chart, String id) {
    Map<String, Integer> numbers = new HashMap<>();
    chart.nodes().forEach(node -> numbers.put(node.name(), numbers.size()));
    List<List<Integer>> after =
        chart.nodes().stream()
            .map(node -> node.after().stream().map(numbers::get).toList())
            .toList();
    if (FlowLayout.cells(after) > MOST_CELLS) {
      html.append("<p>")
          .append(Html.text(chart.title()))
          .append(": no picture, as there are too many boxes and arrows.</p>\n");
      return;
    }
    new HtmlFlow(html, chart, id, after).append();
  }

  private void append() {
    double width = layout.width() + 2 * MARGIN;
    double height = Math.max(0, layout.depth() * (HEIGHT + BETWEEN) - BETWEEN) + 2 * MARGIN;
    html.append("<div class=\"scroll flow\" tabindex=\"0\" role=\"region\" aria-label=\"")
        .append(Html.text(chart.title()))
        .append("\">")
        .append(
            String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" role=\"img\" width=\"%.0f\""
                    + " height=\"%.0f\" viewBox=\"0 0 %.0f %.0f\" aria-labelledby=\"%s-title\""
                    + " aria-describedby=\"%s-words\">\n",
                Math.ceil(width),
                Math.ceil(height),
                Math.ceil(width),
                Math.ceil(height),
                id,
                id))
        .append("<title id=\"")
        .append(id)
        .append("-title\">")
        .append(Html.text(chart.title()))
        .append("</title>\n<desc id=\"")
        .append(id)
        .append("-words\">")
        .append(Html.text(words()))
        .append("</desc>\n<defs><marker id=\"")
        .append(id)
        .append("-head\" viewBox=\"0 0 8 8\" refX=\"8\" refY=\"4\" markerWidth=\"8\"")
        .append(
            " markerHeight=\"8\" orient=\"auto\"><path d=\"M0 0L8 4L0 8z\"/></marker></defs>\n");
    List<double[]> ways = layout.ways();
    for (int i = 0; i < ways.size(); i++) {
      arrow(ways.get(i), layout.beginnings().get(i));
    }
    for (int i = 0; i < widths.length; i++) {
      box(i, chart.nodes().get(i));
    }
    html.append("</svg></div>\n");
  }

  private void arrow(double[] way, int layer) {
    html.append(
        String.format(Locale.ROOT, "<path class=\"arrow\" marker-end=\"url(#%s-head)\" d=\"", id));
    double y = top(layer) + HEIGHT;
    html.append(String.format(Locale.ROOT, "M%.1f %.1f", way[0] + MARGIN, y));
    for (int i = 1; i < way.length; i++) {
      double x = way[i] + MARGIN;
      double middle = y + BETWEEN / 2;
      y += BETWEEN;
      html.append(
          String.format(
              Locale.ROOT,
              "C%.1f %.1f %.1f %.1f %.1f %.1f",
              way[i - 1] + MARGIN,
              middle,
              x,
              middle,
              x,
              y));
      if (i < way.length - 1) {
        y += HEIGHT;
        html.append(String.format(Locale.ROOT, "L%.1f %.1f", x, y));
      }
    }
    html.append("\"/>\n");
  }

  private void box(int number, FlowChart.Node node) {
    double middle = layout.x(number) + MARGIN;
    double top = top(layout.layer(number));
    html.append("<g class=\"tone-")
        .append(node.tone().name().toLowerCase(Locale.ROOT))
        .append("\"><title>")
        .append(Html.text(node.name() + ": " + node.note()))
        .append("</title>")
        .append(
            String.format(
                Locale.ROOT,
                "<rect x=\"%.1f\" y=\"%.1f\" width=\"%.1f\" height=\"%.1f\" rx=\"6\"/>",
                middle - widths[number] / 2,
                top,
                widths[number],
                HEIGHT));
    line("name", middle, top + NAME_LINE, node.name());
    line("note", middle, top + NOTE_LINE, node.note());
    html.append("</g>\n");
  }

  private void line(String kind, double x, double y, String text) {
    html.append(String.format(Locale.ROOT, "<text class=\"%s\" x=\"%.1f\" y=\"%.1f\">", kind, x, y))
        .append(Html.text(shortened(text)))
        .append("</text>");
  }

  /** What the picture shows. */
  private String words() {
    StringBuilder words = new StringBuilder();
    for (FlowChart.Node node : chart.nodes()) {
      words.append(words.isEmpty() ? "" : " ").append(node.name()).append(": ").append(node.note());
      if (!node.after().isEmpty()) {
        words.append(", after ").append(String.join(", ", node.after()));
      }
      words.append('.');
    }
    return words.toString();
  }

  private static double top(int layer) {
    return MARGIN + layer * (HEIGHT + BETWEEN);
  }

  private static double width(FlowChart.Node node) {
    int columns =
        Math.max(
            DisplayWidth.of(shortened(Printable.of(node.name()))),
            DisplayWidth.of(shortened(Printable.of(node.note()))));
    return Math.max(NARROWEST, columns * COLUMN + PADDING);
  }

  private static String shortened(String text) {
    if (DisplayWidth.of(text) <= LONGEST) {
      return text;
    }
    StringBuilder begin = new StringBuilder();
    int columns = 1;
    for (int c : text.codePoints().toArray()) {
      columns += DisplayWidth.of(c);
      if (columns > LONGEST) {
        break;
      }
      begin.appendCodePoint(c);
    }
    return begin.append('…').toString();
  }
}
