package dev.mlops4j.monitoring;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static dev.mlops4j.data.ColumnType.TIMESTAMP;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.MlopsException;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.Timestamps;
import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.monitoring.statistics.JensenShannon;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.monitoring.statistics.Wasserstein;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.stream.DoubleStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DriftReportTest {

  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>|`*";
  private static final Schema SCHEMA =
      Schema.of(
          List.of(
              new Field("same", FLOAT64, false, false),
              new Field("moved", FLOAT64, false, false),
              new Field("count", INT64, false, false),
              new Field("flag", BOOLEAN, false, false),
              new Field(HOSTILE, STRING, false, false),
              new Field("at", TIMESTAMP, false, false),
              new Field("secret", FLOAT64, false, true),
              new Field("constant", FLOAT64, false, false),
              new Field("none", FLOAT64, false, false)));

  private static Dataset rows(int count, double shift, long seed) {
    Random random = new Random(seed);
    DatasetBuilder rows = Dataset.builder(SCHEMA);
    for (int i = 0; i < count; i++) {
      rows.add(
          i % 50 == 0 ? Double.NaN : random.nextGaussian(),
          i % 40 == 0 ? null : (Object) (random.nextGaussian() + shift),
          (long) random.nextInt(1000),
          random.nextBoolean(),
          "abc".charAt(random.nextInt(3)) + HOSTILE,
          Timestamps.fromMicros(random.nextInt()),
          123456.75,
          7.0,
          null);
    }
    return rows.build();
  }

  private static final Dataset REFERENCE = rows(4_000, 0, 1);
  private static final Dataset CURRENT = rows(3_000, 1, 2);

  @Test
  void whatDriftedStandsFirstAndTheRestIsFine() {
    DriftReport report = DriftReport.between(REFERENCE, CURRENT);
    assertThat(report.alerts()).extracting(Verdict::column).containsExactly("moved");
    assertThat(report.columns().get(0).name()).isEqualTo("moved");
    assertThat(report.summary())
        .isEqualTo(
            "1 of 9 columns has drifted; compared are 3,000 rows with 4,000 of the reference."
                + " Drifted: moved.");
    assertThat(report.columns()).hasSize(9).extracting(ColumnDrift::name).contains("secret");
    assertThat(report.toString()).contains("moved", "ALERT", "apart");
  }

  @Test
  void everyColumnSaysWhichTestDecided() {
    DriftReport report = DriftReport.between(REFERENCE, CURRENT);
    Verdict moved = report.columns().get(0).verdict();
    assertThat(moved.test()).isEqualTo("Kolmogorov-Smirnov");
    assertThat(report.toHtml())
        .contains(
            String.format(
                Locale.ROOT,
                "times what is too small to matter; Kolmogorov-Smirnov, p %.2g, q %.2g.",
                moved.p(),
                moved.q()));
    assertThat(report.toJson()).contains("\"test\":\"Kolmogorov-Smirnov\"");
    assertThat(report.column("flag").orElseThrow().verdict().test())
        .as("too small to matter, so nothing was tested")
        .isNull();
    assertThat(testOf(flags(50, 10), flags(50, 30))).isEqualTo("Boschloo");
    assertThat(testOf(flags(500, 10), flags(500, 400))).isEqualTo("Fisher");
    assertThat(testOf(flags(2_000, 100), flags(2_000, 1_500))).isEqualTo("z");
    assertThat(testOf(flags(40_000, 0), flags(100, 3))).isEqualTo("Fisher");
  }

  private static @Nullable String testOf(Dataset reference, Dataset current) {
    return DriftReport.between(reference, current).columns().get(0).verdict().test();
  }

  private static Dataset flags(int rows, int yes) {
    DatasetBuilder builder =
        Dataset.builder(Schema.of(List.of(new Field("x", BOOLEAN, false, false))));
    for (int i = 0; i < rows; i++) {
      builder.add(i < yes);
    }
    return builder.build();
  }

  @Test
  void statisticsAreThoseOfTheNumbersThemselves() {
    DriftReport report = DriftReport.between(REFERENCE, CURRENT);
    NumericPair pair = NumericPair.of(finite(REFERENCE, "moved"), finite(CURRENT, "moved"));
    Map<DriftStatistic, Double> moved = report.column("moved").orElseThrow().statistics();
    assertThat(moved.get(DriftStatistic.KOLMOGOROV_SMIRNOV))
        .isEqualTo(KolmogorovSmirnov.of(pair).statistic());
    assertThat(moved.get(DriftStatistic.WASSERSTEIN)).isEqualTo(Wasserstein.distance(pair));
    double difference =
        DoubleStream.of(finite(CURRENT, "moved")).average().orElseThrow()
            - DoubleStream.of(finite(REFERENCE, "moved")).average().orElseThrow();
    assertThat(moved.get(DriftStatistic.MEAN_DIFFERENCE)).isEqualTo(difference, within(1e-12));
    assertThat(report.column("flag").orElseThrow().statistics().get(DriftStatistic.JENSEN_SHANNON))
        .isEqualTo(JensenShannon.distanceInBits(CategoryPair.of(flags(REFERENCE), flags(CURRENT))));
    assertThat(report.column("constant").orElseThrow().statistics())
        .containsEntry(DriftStatistic.WASSERSTEIN, 0.0);
    for (String without : List.of("secret", "at", "none")) {
      assertThat(report.column(without).orElseThrow().statistics()).as(without).isEmpty();
    }
  }

  @Test
  void populationStabilityIsOfTheTenthsOfTheReference() {
    Schema schema = Schema.of(List.of(new Field("x", FLOAT64, false, false)));
    DatasetBuilder reference = Dataset.builder(schema);
    DatasetBuilder current = Dataset.builder(schema);
    for (int i = 0; i < 1000; i++) {
      reference.add(i / 1000.0);
      current.add(i % 2 == 0 ? i / 1000.0 : i / 10_000.0);
    }
    double expected = 0;
    for (int tenth = 0; tenth < 10; tenth++) {
      double share = tenth == 0 ? 0.55 : 0.05;
      expected += (share - 0.1) * Math.log(share / 0.1);
    }
    assertThat(
            DriftReport.between(reference.build(), current.build())
                .column("x")
                .orElseThrow()
                .statistics()
                .get(DriftStatistic.POPULATION_STABILITY_INDEX))
        .isEqualTo(expected, within(1e-12));
  }

  @Test
  void anyNumberOfThreadsGivesTheSame() {
    String one = DriftReport.between(REFERENCE, CURRENT).toJson();
    assertThat(DriftReport.between(REFERENCE, CURRENT, 3).toJson()).isEqualTo(one);
    assertThatThrownBy(() -> DriftReport.between(REFERENCE, CURRENT, 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void profilesGiveTheSameVerdicts() {
    DatasetProfile reference = ProfileSeries.of(REFERENCE).overall();
    DatasetProfile current = DatasetProfile.of(CURRENT, reference);
    DriftReport ofProfiles = DriftReport.between(reference, current);
    DriftReport ofRows = DriftReport.between(REFERENCE, CURRENT);
    assertThat(ofProfiles.columns())
        .extracting(ColumnDrift::verdict)
        .isEqualTo(ofRows.columns().stream().map(ColumnDrift::verdict).toList());
    assertThat(ofProfiles.column("moved").orElseThrow().statistics())
        .containsKey(DriftStatistic.KOLMOGOROV_SMIRNOV)
        .doesNotContainKey(DriftStatistic.WASSERSTEIN);
  }

  @Test
  void aColumnThatCannotBeComparedIsAnErrorOfItsOwn() {
    Dataset other =
        Dataset.builder(
                Schema.of(
                    List.of(
                        new Field("same", STRING, false, false),
                        new Field("new", FLOAT64, false, false))))
            .add("x", 1.0)
            .build();
    DriftReport report = DriftReport.between(REFERENCE, other);
    assertThat(report.column("same").orElseThrow().verdict().status())
        .isEqualTo(Verdict.Status.ERROR);
    assertThat(report.column("new").orElseThrow().verdict().words()).contains("no such column");
    assertThat(report.columns()).hasSize(10);
    assertThat(report.toHtml()).contains("no such column");
  }

  @Test
  void aColumnThatOnlyOneSampleRequiresIsComparedInCommonBins() {
    Schema required = Schema.of(List.of(new Field("x", FLOAT64, true, false)));
    Schema optional = Schema.of(List.of(new Field("x", FLOAT64, false, false)));
    DatasetBuilder reference = Dataset.builder(required);
    DatasetBuilder current = Dataset.builder(optional);
    Random random = new Random(3);
    for (int i = 0; i < 1_000; i++) {
      reference.add(random.nextGaussian());
      current.add(random.nextGaussian());
    }
    DriftReport report = DriftReport.between(reference.build(), current.build());
    assertThat(report.columns())
        .extracting(column -> column.verdict().status())
        .containsExactly(Verdict.Status.OK);
  }

  @Test
  void noRowsAreNotEnoughData() {
    DriftReport report = DriftReport.between(REFERENCE, Dataset.builder(SCHEMA).build());
    assertThat(report.columns())
        .extracting(column -> column.verdict().status())
        .containsOnly(Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(report.toHtml()).contains("No drift in 9 columns; 9 without enough data");
  }

  @Test
  void importanceDecidesTheOrderWithinAStatus() {
    DriftReport report =
        DriftReport.between(rows(4_000, 0, 1), rows(4_000, 1, 2))
            .rankedBy(Map.of("count", 0.5, "same", 0.1));
    List<String> order = report.columns().stream().map(ColumnDrift::name).toList();
    assertThat(order.get(0)).isEqualTo("moved");
    assertThat(order.indexOf("count")).isLessThan(order.indexOf("flag"));
  }

  @Test
  void thePageShowsAllAndTakesNothingForMarkup(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("drift.html");
    DriftReport report = DriftReport.between(REFERENCE, CURRENT);
    report.writeHtml(file);
    String html = Files.readString(file);
    assertThat(html)
        .contains("<h1>Drift</h1>", "1 of 9 columns has drifted", "Share of the numbers in 40 bins")
        .contains("Wasserstein distance", "class=\"bar series-1\"")
        .doesNotContain("<img", "123456", "123,456");
    assertThat(report.toMarkdown())
        .startsWith("**1 of 9 columns has drifted")
        .contains("| ALERT | moved |")
        .doesNotContain("<img", "123456");
    assertThatThrownBy(() -> report.writeHtml(directory.resolve("absent/drift.html")))
        .isInstanceOf(MlopsException.class)
        .hasMessageContaining("absent");
  }

  @Test
  void whatOneSideMarksAsSensitiveIsShownOfNeither() {
    Dataset open = patients(false);
    Dataset closed = patients(true);
    for (DriftReport report :
        List.of(
            DriftReport.between(open, closed),
            DriftReport.between(closed, open),
            DriftReport.between(profile(open), profile(closed)),
            DriftReport.between(profile(closed), profile(open)))) {
      assertThat(report.columns())
          .hasSize(2)
          .allSatisfy(
              column -> {
                assertThat(column.verdict().status()).isEqualTo(Verdict.Status.ERROR);
                assertThat(column.statistics()).isEmpty();
                assertThat(column.reference().orElseThrow().count()).isEqualTo(100);
              });
      for (String text :
          List.of(
              report.toHtml(), report.toJson(), report.toMarkdown(), report + report.summary())) {
        assertThat(text).contains("insulin").doesNotContain("diabetes", "71234", "71,234");
      }
      assertThat(report.toJson()).doesNotContain("distinct", "median", "top");
    }
  }

  @Test
  void namesMoveNoCursorAndReorderNothing() {
    String name = "a\u001b[2Jb\u202ec";
    Schema schema = Schema.of(List.of(new Field(name, STRING, false, false)));
    DatasetBuilder before = Dataset.builder(schema);
    DatasetBuilder after = Dataset.builder(schema);
    for (int i = 0; i < 100; i++) {
      before.add("x\u001b\u202e");
      after.add("y");
    }
    DriftReport report = DriftReport.between(before.build(), after.build());
    assertThat(report.summary()).endsWith(" Drifted: a\\u001b[2Jb\\u202ec.");
    assertThat(report.toString() + report.toMarkdown() + report.toHtml())
        .contains("category x\\u001b\\u202e is less frequent")
        .doesNotContain("\u001b", "\u202e");
    assertThat(report.column(name)).isPresent();
  }

  private static Dataset patients(boolean sensitive) {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.of(
                List.of(
                    new Field("illness", STRING, false, sensitive),
                    new Field("insulin", FLOAT64, false, sensitive))));
    for (int i = 0; i < 100; i++) {
      rows.add("diabetes", i % 2 == 0 ? 71234.5 : 71234.25);
    }
    return rows.build();
  }

  private static DatasetProfile profile(Dataset rows) {
    return ProfileSeries.of(rows).overall();
  }

  @Test
  void jsonHasVerdictsStatisticsAndBothSides() throws IOException {
    JsonNode json = new ObjectMapper().readTree(DriftReport.between(REFERENCE, CURRENT).toJson());
    JsonNode first = json.get("columns").get(0);
    assertThat(first.get("name").asText()).isEqualTo("moved");
    assertThat(first.get("status").asText()).isEqualTo("ALERT");
    assertThat(first.get("statistics").get("kolmogorov_smirnov").asDouble()).isBetween(0.3, 0.5);
    assertThat(first.get("reference").get("missing").asInt()).isEqualTo(100);
    assertThat(first.get("current").get("mean").asDouble()).isBetween(0.9, 1.1);
    assertThat(json.toString()).doesNotContain("123456", "NaN");
  }

  @Test
  void ofNoColumnsThereIsAnEmptyArray() throws IOException {
    Dataset none = Dataset.builder(Schema.of(List.of())).build();
    JsonNode json = new ObjectMapper().readTree(DriftReport.between(none, none).toJson());
    assertThat(json.get("columns").isArray()).isTrue();
    assertThat(json.get("columns")).isEmpty();
  }

  private static double[] finite(Dataset rows, String column) {
    return DoubleStream.iterate(0, i -> i + 1)
        .limit(rows.rowCount())
        .map(row -> rows.doubles(column).doubleAt((int) row))
        .filter(Double::isFinite)
        .toArray();
  }

  private static long[] flags(Dataset rows) {
    long yes = 0;
    for (int row = 0; row < rows.rowCount(); row++) {
      yes += rows.booleans("flag").booleanAt(row) ? 1 : 0;
    }
    return new long[] {rows.rowCount() - yes, yes};
  }
}
