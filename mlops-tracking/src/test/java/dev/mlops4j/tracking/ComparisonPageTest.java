package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.Digest;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import org.jsoup.Jsoup;
import org.jsoup.nodes.Attribute;
import org.jsoup.nodes.Document;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ComparisonPageTest {

  private static final String HOSTILE =
      "</script><script>alert(1)</script><img src=x onerror=alert(2)>\"'<!--\u2028\u202e";

  @TempDir Path directory;
  private Workspace workspace;
  private Tracking tracking;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory);
    tracking = Tracking.in(workspace);
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aMetricWithASeriesIsAChartWithALineARun() throws IOException {
    RunRecord one = points("one", "loss", 3, 2, 1);
    RunRecord other = points("other", "loss", 4, Double.NaN);
    RunRecord without = points("without", "single", 1);
    Document page = page(one, other, without);
    assertThat(page.select("h2").eachText()).containsExactly("loss");
    JsonNode lines = charts(page).get(0).get("lines");
    assertThat(lines).hasSize(2);
    assertThat(lines.get(0).get("name").asText()).isEqualTo("one");
    assertThat(lines.get(0).get("x").toString()).isEqualTo("[0.0,1.0,2.0]");
    assertThat(lines.get(1).get("y").toString()).isEqualTo("[4.0,null]");
    assertThat(page.select(".note").eachText())
        .containsExactly(
            "other: 1 NaN and 0 infinite of 2 points are gaps in the line",
            "without: no such metric");
  }

  @Test
  void aLongSeriesIsThinnedAndThePageSaysSo() throws IOException {
    double[] values = new double[20_000];
    values[7_777] = 5;
    Document page = page(points("one", "loss", values), points("other", "loss", 1, 2));
    JsonNode line = charts(page).get(0).get("lines").get(0);
    assertThat(line.get("y")).hasSizeLessThanOrEqualTo(MetricSeries.MOST_SHOWN);
    assertThat(line.get("y").toString()).contains("5.0");
    assertThat(page.select(".note").text()).contains("of 20000 points are drawn");
  }

  @Test
  void whatIsTheSameIsHiddenAtFirst() {
    Document page = page(points("one", "loss", 1), points("other", "loss", 2));
    assertThat(page.select("tr.same")).isNotEmpty();
    assertThat(page.select("tr:not(.same) th").eachText()).contains("loss", "id");
  }

  @Test
  void nothingThatARunCarriesIsTakenForMarkup() {
    RunRecord one = tracking.run(HOSTILE, HOSTILE, run -> fill(run, HOSTILE));
    RunRecord other = tracking.run("delay", "other", run -> fill(run, "plain"));
    Document page = page(one, other);
    assertThat(page.select("script")).hasSize(3);
    assertThat(page.select("img")).isEmpty();
    assertThat(page.getAllElements())
        .flatExtracting(element -> element.attributes().asList())
        .extracting(Attribute::getKey)
        .noneMatch(name -> name.startsWith("on"));
    assertThat(page.text()).contains("<img src=x onerror=alert(2)>").doesNotContain("\u202e");
    assertThat(page.select("thead th").get(0).text()).startsWith("</script><script>");
    assertThat(page.select("tbody th").eachText())
        .filteredOn(key -> key.startsWith("</script><script>"))
        .hasSizeGreaterThanOrEqualTo(4);
  }

  private static void fill(Run run, String text) {
    String name = text.replace("\u2028", "").replace("\u202e", "");
    run.param(name, text);
    run.tag(name, text);
    run.metric(name, 0, 1);
    run.metric(name, 1, Double.NaN);
    run.log(new DatasetReference(name, name, Digest.of(text), 1));
    run.log(TestModels.packaged(0.5), text.equals(HOSTILE) ? "m<b>x" : "model");
  }

  private RunRecord points(String name, String metric, double... values) {
    return tracking.run(
        "delay",
        name,
        run -> {
          for (int i = 0; i < values.length; i++) {
            run.metric(metric, i, values[i]);
          }
        });
  }

  private Document page(RunRecord... runs) {
    return Jsoup.parse(tracking.compare(runs).toHtml());
  }

  private static JsonNode charts(Document page) throws IOException {
    return new ObjectMapper().readTree(page.selectFirst("#charts").data());
  }
}
