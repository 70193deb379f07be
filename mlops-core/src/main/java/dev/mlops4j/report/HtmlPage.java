package dev.mlops4j.report;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;

/**
 * A report as one file of HTML that needs nothing else: no network, no other file. It is readable
 * in light and dark, on paper, and without JavaScript but for the charts, which are drawn by uPlot
 * (MIT licence, in the file).
 *
 * <pre>{@code
 * Files.writeString(file, HtmlPage.titled("Runs").table(table).chart(chart).toHtml());
 * }</pre>
 *
 * <p>Whatever comes from data is shown as text: nothing of it is taken for markup, and the page's
 * own policy lets no script run but the two that are part of it. Not safe for use by several
 * threads.
 */
public final class HtmlPage {

  private static final String LIBRARY = "uplot/uPlot.iife.min.js";

  private final String title;
  private final List<String> paragraphs = new ArrayList<>();
  private final List<SideBySide> tables = new ArrayList<>();
  private final List<LineChart> charts = new ArrayList<>();

  private HtmlPage(String title) {
    this.title = title;
  }

  /** Starts a page. */
  public static HtmlPage titled(String title) {
    return new HtmlPage(title);
  }

  /** Adds a paragraph below the title. */
  public HtmlPage paragraph(String text) {
    paragraphs.add(text);
    return this;
  }

  /**
   * Adds a table. Of tables with rows that differ and rows that do not, the latter are shown only
   * when the reader asks for them.
   */
  public HtmlPage table(SideBySide table) {
    tables.add(table);
    return this;
  }

  /** Adds a chart; charts come after the tables. */
  public HtmlPage chart(LineChart chart) {
    charts.add(chart);
    return this;
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
    paragraphs.forEach(text -> html.append("<p>").append(Html.text(text)).append("</p>\n"));
    for (int i = 0; i < tables.size(); i++) {
      HtmlTable.append(html, tables.get(i), "all-" + i);
    }
    appendCharts(html, library, script);
    return html.append("</body>\n</html>\n").toString();
  }

  private void appendCharts(StringBuilder html, String library, String script) {
    if (charts.isEmpty()) {
      return;
    }
    for (int i = 0; i < charts.size(); i++) {
      LineChart chart = charts.get(i);
      html.append("<section>\n<h2 id=\"title-")
          .append(i)
          .append("\">")
          .append(Html.text(chart.title()))
          .append("</h2>\n<div class=\"chart\" role=\"group\" aria-labelledby=\"title-")
          .append(i)
          .append("\" id=\"chart-")
          .append(i)
          .append("\"></div>\n");
      chart
          .notes()
          .forEach(
              note -> html.append("<p class=\"note\">").append(Html.text(note)).append("</p>\n"));
      html.append("</section>\n");
    }
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
}
