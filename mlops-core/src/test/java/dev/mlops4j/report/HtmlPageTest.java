package dev.mlops4j.report;

import static dev.mlops4j.report.SideBySideTest.line;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.Digest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.jsoup.nodes.Element;
import org.junit.jupiter.api.Test;

class HtmlPageTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"' onload='a' <!-- ]]> &amp;"
          + "\u2028\u2029\u202e";

  @Test
  void whatIsTheSameIsThereButHiddenUntilItIsAskedFor() {
    Document page =
        parsed(
            HtmlPage.titled("t")
                .table(
                    new SideBySide(
                        List.of("one", "two"),
                        false,
                        List.of(
                            line("param", "a", "1", "2", ""), line("param", "b", "1", "1", "")))));
    assertThat(page.select("tr.same th").eachText()).containsExactly("b");
    assertThat(page.select("tbody tr:not(.same) th").eachText()).containsExactly("a");
    assertThat(page.select("input + label").text()).contains("(1 row)");
    assertThat(page.select("script")).isEmpty();
  }

  @Test
  void aNumberIsNotBrokenWhereAColumnIsNarrow() {
    Document page =
        parsed(
            HtmlPage.titled("t")
                .table(
                    new SideBySide(
                        List.of("one", "two"),
                        false,
                        List.of(
                            line("metric", "a", "0.30000000000000004 at step 7", "-Infinity", ""),
                            line("code", "b", "0".repeat(40), "CSV /" + "x/".repeat(20), "")))));
    assertThat(page.select("td.whole").eachText())
        .containsExactly("0.30000000000000004 at step 7", "-Infinity");
  }

  @Test
  void nothingFromDataIsTakenForMarkup() {
    LineChart.Line points = new LineChart.Line(HOSTILE, List.of(new LineChart.Point(0, 1)));
    HtmlPage hostile =
        HtmlPage.titled(HOSTILE)
            .paragraph(HOSTILE)
            .table(
                new SideBySide(
                    List.of(HOSTILE, HOSTILE),
                    true,
                    List.of(line(HOSTILE, HOSTILE, HOSTILE, null, HOSTILE))))
            .chart(new LineChart(HOSTILE, HOSTILE, List.of(points), List.of(HOSTILE)));
    Document page = parsed(hostile);
    assertThat(page.select("script")).hasSize(3);
    assertThat(page.select("img")).isEmpty();
    assertThat(page.getAllElements())
        .flatExtracting(element -> element.attributes().asList())
        .extracting(Attribute::getKey)
        .noneMatch(name -> name.startsWith("on"));
    String shown = Printable.of(HOSTILE);
    assertThat(page.title()).isEqualTo(shown);
    for (String element :
        List.of("h1", "h2", "thead th:eq(2)", "td.section", "tbody th", "td div")) {
      assertThat(page.selectFirst(element).wholeText()).as(element).isEqualTo(shown);
    }
    assertThat(hostile.toHtml()).doesNotContain("alert(1)</script>", "\u2028", "\u2029", "\u202e");
  }

  @Test
  void aFlowShowsNamesAsTextShortenedAndWholeForWhoHoversOrListens() {
    String longName = "a very long name of a step that does many things";
    Document page =
        parsed(
            HtmlPage.titled("t")
                .flow(
                    new FlowChart(
                        "steps",
                        List.of(
                            new FlowChart.Node(FlowChart.Tone.GOOD, HOSTILE, "done", List.of()),
                            new FlowChart.Node(
                                FlowChart.Tone.ALERT, longName, "failed", List.of(HOSTILE))))));
    assertThat(page.select("script, img")).isEmpty();
    assertThat(page.select("svg g")).hasSize(2);
    assertThat(page.select("svg path.arrow")).hasSize(1);
    assertThat(page.select("svg .name").get(1).text()).isEqualTo(longName.substring(0, 31) + "…");
    assertThat(page.select("svg g title").get(1).text()).isEqualTo(longName + ": failed");
    Element svg = page.selectFirst("svg");
    assertThat(page.getElementById(svg.attr("aria-labelledby")).text()).isEqualTo("steps");
    assertThat(page.getElementById(svg.attr("aria-describedby")).wholeText())
        .isEqualTo(
            Printable.of(HOSTILE)
                + ": done. "
                + longName
                + ": failed, after "
                + Printable.of(HOSTILE)
                + ".");
  }

  @Test
  void aFlowWhoseNodesAreNotInOrderIsRefused() {
    FlowChart.Node late = new FlowChart.Node(FlowChart.Tone.PLAIN, "b", "", List.of("a"));
    assertThatThrownBy(() -> new FlowChart("t", List.of(late)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("\"b\" is after [a]");
    FlowChart.Node one = new FlowChart.Node(FlowChart.Tone.PLAIN, "a", "", List.of());
    assertThatThrownBy(() -> new FlowChart("t", List.of(one, one)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("two nodes");
  }

  @Test
  void onlyTheScriptsThatThePolicyNamesAreThere() {
    Document page =
        parsed(
            HtmlPage.titled("t")
                .chart(
                    new LineChart(
                        "loss",
                        "step",
                        List.of(new LineChart.Line("run", List.of(new LineChart.Point(0, 1)))),
                        List.of())));
    String policy = page.select("meta[http-equiv]").attr("content");
    List<Element> scripts = page.select("script:not([type])");
    assertThat(scripts).hasSize(2);
    for (Element script : scripts) {
      byte[] digest = HexFormat.of().parseHex(Digest.of(script.data()).hex());
      assertThat(policy).contains("'sha256-" + Base64.getEncoder().encodeToString(digest) + "'");
    }
    assertThat(policy).startsWith("default-src 'none'").doesNotContain("script-src 'unsafe");
    assertThat(scripts.get(0).data()).contains("The MIT License", "Leon Sorokin", "var uPlot");
    assertThat(page.select("[src], link, [href]")).isEmpty();
  }

  @Test
  void numbersOfALineAreWholeAndWhatIsNotFiniteIsAGap() throws IOException {
    LineChart.Line line =
        new LineChart.Line(
            "run",
            List.of(
                new LineChart.Point(0, 0.1),
                new LineChart.Point(1, Double.NaN),
                new LineChart.Point(2, Double.NEGATIVE_INFINITY),
                new LineChart.Point(3, 1e300)));
    LineChart.Line none = new LineChart.Line("none", List.of());
    JsonNode lines =
        new ObjectMapper()
            .readTree(
                ChartJson.of(List.of(new LineChart("m", "step", List.of(none, line), List.of()))))
            .get(0)
            .get("lines");
    assertThat(lines).hasSize(1);
    assertThat(lines.get(0).get("number").asInt()).isEqualTo(1);
    assertThat(lines.get(0).get("x").toString()).isEqualTo("[0.0,1.0,2.0,3.0]");
    assertThat(lines.get(0).get("y").toString()).isEqualTo("[0.1,null,null,1.0E300]");
  }

  @Test
  void bandsAndMarksAreThereWhereThereAreSome() throws IOException {
    LineChart.Line banded =
        new LineChart.Line(
            "auc",
            List.of(
                new LineChart.Point(0, 0.7, 0.6, 0.8),
                new LineChart.Point(1, 0.7, Double.NaN, 0.9),
                new LineChart.Point(2, 0.5)));
    LineChart.Line plain = new LineChart.Line("plain", List.of(new LineChart.Point(0, 1)));
    JsonNode chart =
        new ObjectMapper()
            .readTree(
                ChartJson.of(
                    List.of(
                        new LineChart(
                            "t",
                            "x",
                            LineChart.Axis.TIME,
                            List.of(banded, plain),
                            List.of(),
                            List.of(new LineChart.Mark(1.5, HOSTILE))))))
            .get(0);
    assertThat(chart.get("lines").get(0).get("low").toString()).isEqualTo("[0.6,null,null]");
    assertThat(chart.get("lines").get(0).get("high").toString()).isEqualTo("[0.8,null,null]");
    assertThat(chart.get("lines").get(1).has("low")).isFalse();
    assertThat(chart.get("marks").get(0).get("x").asDouble()).isEqualTo(1.5);
    assertThat(chart.get("marks").get(0).get("name").asText()).isEqualTo(Printable.of(HOSTILE));
    assertThatThrownBy(() -> new LineChart.Mark(Double.NaN, "m"))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void aTableIsNamedByTheSectionItIsIn() {
    Document page =
        parsed(
            HtmlPage.titled("t")
                .table(new Grid(List.of("a"), List.of()))
                .section("\"><b>")
                .table(new SideBySide(List.of("a"), false, List.of()))
                .table(new Grid(List.of("a"), List.of())));
    assertThat(page.select("[role=region]").eachAttr("aria-label"))
        .containsExactly("table: t", "table: \"><b>", "table: \"><b>");
  }

  @Test
  void pointsThatGoBackAreNoLine() {
    assertThatThrownBy(
            () ->
                new LineChart.Line(
                    "run", List.of(new LineChart.Point(1, 0), new LineChart.Point(0, 0))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("found 0.0 after 1.0");
  }

  private static Document parsed(HtmlPage page) {
    byte[] bytes = page.toHtml().getBytes(StandardCharsets.UTF_8);
    return Jsoup.parse(new String(bytes, StandardCharsets.UTF_8));
  }
}
