package dev.mlops4j.monitoring;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.profile.ProfileSeries;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reports show every metric that windows have, and those of functions. */
class ReportOfMetricsTest {

  private static MonitorBuilder<Object, Boolean> withCost(MonitorBuilder<Object, Boolean> monitor) {
    return monitor.metric(
        "cost_per_parcel", p -> p.outcome().orElseThrow() && p.output()[0] < 0.5 ? 40 : 0);
  }

  @TempDir Path directory;

  private Served served(ProfileSeries reference) {
    Served served =
        new Served(directory, TestData.references(reference), ReportOfMetricsTest::withCost);
    for (int week = 0; week < 2; week++) {
      served.serve(week, 0);
      served.evaluate(week);
    }
    return served;
  }

  @Test
  void everyMetricOfAWindowIsInEveryForm() throws IOException {
    try (Served served = served(TestData.byWeek(7))) {
      MonitorReport report = served.monitor.report();
      JsonNode windows = new ObjectMapper().readTree(report.toJson()).get("windows");
      Performance performance = report.windows().get(1).performance();
      JsonNode figures = windows.get(1).get("figures");
      for (String name :
          List.of("brier", "f1", "recall", "average_precision", "calibration_error")) {
        double expected = performance.metrics().get(name);
        assertThat(figures.get(name).get("value").asDouble()).as(name).isEqualTo(expected);
      }
      assertThat(figures.get("brier").get("low").asDouble())
          .isEqualTo(performance.intervals().get("brier").lower());
      assertThat(figures.get("precision")).as("nothing was predicted to be late").isEmpty();
      assertThat(figures.has("true_positives")).isFalse();
      assertThat(figures.has("rows")).isFalse();
      assertThat(report.toHtml()).contains("Brier score", "calibration error", "Other metrics");
      assertThat(report.toMarkdown()).contains("| Brier score |", "| recall |");
    }
  }

  @Test
  void functionsAreShownAsTheyWereFoundWithTheirIntervals() throws IOException {
    try (Served served = served(TestData.byWeek(7))) {
      MonitorReport report = served.monitor.report();
      WindowMetric found = served.monitor.metricHistory("cost_per_parcel").get(1);
      JsonNode figure =
          new ObjectMapper()
              .readTree(report.toJson())
              .get("windows")
              .get(1)
              .get("figures")
              .get("cost_per_parcel");
      assertThat(figure.get("value").asDouble()).isEqualTo(found.value()).isPositive();
      assertThat(figure.get("high").asDouble() - figure.get("value").asDouble())
          .isCloseTo(found.value() - found.interval().orElseThrow().lower(), within(1e-12));
      assertThat(report.toHtml()).contains("cost_per_parcel by window");
      assertThat(report.toMarkdown()).contains("| cost\\_per\\_parcel |");
    }
  }

  @Test
  void ofASensitiveTargetNothingMadeOfOutcomesIsShown() {
    try (Served served = served(TestData.withSensitiveLabel())) {
      MonitorReport report = served.monitor.report();
      assertThat(served.monitor.metricHistory("cost_per_parcel")).hasSize(2);
      for (String form : List.of(report.toHtml(), report.toJson(), report.toMarkdown())) {
        assertThat(form).contains("coverage").doesNotContain("cost_per_parcel", "brier", "Brier");
      }
    }
  }
}
