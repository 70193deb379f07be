package dev.mlops4j.report;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A report as one file of HTML that needs nothing else: no network, no other file. It is readable
 * in light and dark, on paper, and without JavaScript but for the charts, which are drawn by uPlot
 * (MIT licence, in the file).
 *
 * <pre>{@code
 * HtmlPage.titled("Runs").table(table).chart(chart).write(file);
 * }</pre>
 *
 * <p>Whatever comes from data is shown as text: nothing of it is taken for markup, and the page's
 * own policy lets no script run but the two that are part of it. Not safe for use by several
 * threads.
 */
public final class HtmlPage {

  private static final String LIBRARY = "uplot/uPlot.iife.min.js";

  private final String title;
  private String heading;
  private final List<Part> parts = new ArrayList<>();
  private final List<LineChart> charts = new ArrayList<>();
  private final Map<String, String> sections = new LinkedHashMap<>();
  private int tables;

  private HtmlPage(String title) {
    this.title = title;
    this.heading = title;
  }

  /** Starts a page. What is added to it stands there in the order in which it was added. */
  public static HtmlPage titled(String title) {
    return new HtmlPage(title);
  }

  /** Adds a paragraph. */
  public HtmlPage paragraph(String text) {
    return add(html -> html.append("<p>").append(Html.text(text)).append("</p>\n"));
  }

  /**
   * Begins a section, which rows of a {@link Grid} can lead to.
   *
   * @param heading stands over it; of several of one name rows lead to the first
   */
  public HtmlPage section(String heading) {
    this.heading = heading;
    String id = "section-" + parts.size();
    sections.putIfAbsent(heading, id);
    return add(
        html ->
            html.append("<h2 id=\"")
                .append(id)
                .append("\">")
                .append(Html.text(heading))
                .append("</h2>\n"));
  }

  /**
   * Adds a table. Of tables with rows that differ and rows that do not, the latter are shown only
   * when the reader asks for them.
   */
  public HtmlPage table(SideBySide table) {
    String id = "all-" + tables++;
    String label = label();
    return add(html -> HtmlTable.append(html, table, id, label));
  }

  /** Adds a table. */
  public HtmlPage table(Grid grid) {
    String label = label();
    return add(html -> HtmlGrid.append(html, grid, sections, label));
  }

  private String label() {
    return "table: " + heading;
  }

  /** Adds bars. */
  public HtmlPage bars(BarChart bars) {
    return add(html -> HtmlBars.append(html, bars));
  }

  /** Adds boxes and arrows. */
  public HtmlPage flow(FlowChart flow) {
    String id = "flow-" + parts.size();
    return add(html -> HtmlFlow.append(html, flow, id));
  }

  /** Adds a chart. */
  public HtmlPage chart(LineChart chart) {
    int number = charts.size();
    String element = sections.isEmpty() ? "h2" : "h3";
    charts.add(chart);
    return add(html -> append(html, chart, number, element));
  }

  private HtmlPage add(Part part) {
    parts.add(part);
    return this;
  }

  /**
   * Writes the page to a file in UTF-8, which is replaced if it is there.
   *
   * @throws MlopsException if it cannot be written
   */
  public void write(Path file) {
    try {
      Files.writeString(file, toHtml());
    } catch (IOException e) {
      throw new MlopsException("cannot write the report to " + file, e);
    }
  }

  /** The page, to be written in UTF-8. */
  public String toHtml() {
    String library = charts.isEmpty() ? "" : library();
    String script = charts.isEmpty() ? "" : "\n" + resource("charts.js");
    StringBuilder html = new StringBuilder(4096 + library.length());
    html.append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
    html.append("<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none';")
        .append(" style-src 'unsafe-inline'");
    if (!charts.isEmpty()) {
      html.append("; script-src ").append(hash(library)).append(' ').append(hash(script));
    }
    html.append("\">\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n");
    html.append("<meta name=\"color-scheme\" content=\"light dark\">\n<title>")
        .append(Html.text(title))
        .append("</title>\n<style>\n")
        .append(charts.isEmpty() ? "" : resource("uplot/uPlot.min.css") + "\n")
        .append(resource("page.css"))
        .append("</style>\n</head>\n<body>\n<h1>")
        .append(Html.text(title))
        .append("</h1>\n");
    parts.forEach(part -> part.append(html));
    if (!charts.isEmpty()) {
      appendScripts(html, library, script);
    }
    return html.append("</body>\n</html>\n").toString();
  }

  private static void append(StringBuilder html, LineChart chart, int number, String element) {
    html.append("<section>\n<")
        .append(element)
        .append(" id=\"title-")
        .append(number)
        .append("\">")
        .append(Html.text(chart.title()))
        .append("</")
        .append(element)
        .append(">\n<div class=\"chart\" role=\"group\" aria-labelledby=\"title-")
        .append(number)
        .append("\" id=\"chart-")
        .append(number)
        .append("\"></div>\n");
    for (String note : chart.notes()) {
      html.append("<p class=\"note\">").append(Html.text(note)).append("</p>\n");
    }
    html.append("</section>\n");
  }

  private void appendScripts(StringBuilder html, String library, String script) {
    html.append("<noscript><p>The charts need JavaScript.</p></noscript>\n")
        .append("<script type=\"application/json\" id=\"charts\">")
        .append(ChartJson.of(charts))
        .append("</script>\n<script>")
        .append(library)
        .append("</script>\n<script>")
        .append(script)
        .append("</script>\n");
  }

  /** The library as it is published, its licence before it. */
  private static String library() {
    return "/*\n" + resource("uplot/LICENSE") + "*/\n" + resource(LIBRARY);
  }

  /** With the line ends to which a browser brings them before it takes the digest. */
  private static String resource(String name) {
    try (InputStream in = HtmlPage.class.getResourceAsStream(name)) {
      if (in == null) {
        throw new MlopsException(
            "the jar of mlops-core lacks " + name + ", which reports are made of; build it again");
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8).replace("\r\n", "\n");
    } catch (IOException e) {
      throw new MlopsException("cannot read " + name + " from the jar of mlops-core", e);
    }
  }

  private static String hash(String script) {
    byte[] digest = Digest.sha256().digest(script.getBytes(StandardCharsets.UTF_8));
    return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
  }

  /** A part of the page's body. */
  @FunctionalInterface
  private interface Part {
    void append(StringBuilder html);
  }
}
