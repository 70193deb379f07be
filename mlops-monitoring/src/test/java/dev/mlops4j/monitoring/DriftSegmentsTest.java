package dev.mlops4j.monitoring;

import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;
import static org.assertj.core.api.Assertions.withinPercentage;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileException;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class DriftSegmentsTest {

  private static final String HOSTILE = "</script><img src=x onerror=alert(1)>|`*\u202e";
  private static final Schema SCHEMA = schema("carrier");

  private static Schema schema(String key) {
    return Schema.of(
        List.of(
            new Field(key, STRING, false, false),
            new Field("delay", FLOAT64, false, false),
            new Field("distance", INT64, false, false),
            new Field("weather", STRING, false, false),
            new Field("secret", FLOAT64, false, true)));
  }

  /** Rows of which the delay is by so much greater, by key. */
  private static Dataset rows(
      Schema schema,
      int count,
      long seed,
      IntFunction<@Nullable String> key,
      ToDoubleFunction<@Nullable String> later) {
    Random random = new Random(seed);
    DatasetBuilder rows = Dataset.builder(schema);
    for (int i = 0; i < count; i++) {
      String carrier = key.apply(i);
      rows.add(
          carrier,
          random.nextGaussian() + later.applyAsDouble(carrier),
          (long) random.nextInt(2_000),
          "abc".substring(0, 1 + random.nextInt(3)),
          123456.75);
    }
    return rows.build();
  }

  private static Dataset rows(int count, long seed, IntFunction<@Nullable String> key) {
    return rows(SCHEMA, count, seed, key, carrier -> 0);
  }

  /** Half of them AA, a third DL, the rest UA. */
  private static String carrier(int row) {
    return row % 6 < 3 ? "AA" : row % 6 < 5 ? "DL" : "UA";
  }

  private static final Dataset REFERENCE = rows(6_000, 1, DriftSegmentsTest::carrier);
  private static final Dataset CURRENT =
      rows(SCHEMA, 3_000, 2, DriftSegmentsTest::carrier, c -> "UA".equals(c) ? 2 : 0);

  private static DriftSegments segments(Dataset reference, Dataset current) {
    return DriftReport.bySegment(reference, current, "carrier").segments().orElseThrow();
  }

  private static SegmentDrift of(DriftSegments segments, String key) {
    return segments.compared().stream().filter(s -> s.key().equals(key)).findFirst().orElseThrow();
  }

  private static Verdict of(SegmentDrift segment, String column) {
    return segment.verdicts().stream()
        .filter(verdict -> verdict.column().equals(column))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void theSegmentThatDriftedStandsFirstAndItsColumnToo() {
    DriftSegments segments = segments(REFERENCE, CURRENT);
    assertThat(segments.keyColumn()).isEqualTo("carrier");
    assertThat(segments.compared())
        .extracting(SegmentDrift::key)
        .startsWith("UA")
        .containsExactlyInAnyOrder("AA", "DL", "UA");
    assertThat(segments.alerts()).extracting(SegmentDrift::key).containsExactly("UA");
    SegmentDrift worst = segments.compared().get(0);
    assertThat(worst.referenceRows()).isEqualTo(1_000);
    assertThat(worst.currentRows()).isEqualTo(500);
    assertThat(worst.referenceShare()).isEqualTo(1.0 / 6, within(1e-12));
    assertThat(worst.currentShare()).isEqualTo(1.0 / 6, within(1e-12));
    assertThat(worst.status()).isEqualTo(Verdict.Status.ALERT);
    assertThat(worst.alerts()).extracting(Verdict::column).containsExactly("delay");
    assertThat(worst.verdicts())
        .as("the key is the same in all of its rows")
        .extracting(Verdict::column)
        .startsWith("delay")
        .containsExactlyInAnyOrder("delay", "distance", "weather", "secret");
    assertThat(worst.alerts().get(0).effect()).isBetween(0.5, 0.8);
    assertThat(of(segments, "AA").status()).isEqualTo(Verdict.Status.OK);
    assertThat(segments.came()).isEmpty();
    assertThat(segments.went()).isEmpty();
    assertThat(segments.beyond()).isEqualTo(new DriftSegments.Beyond(List.of(), 0, 0));
    assertThat(segments)
        .hasToString("By carrier: 1 of 3 segments has drifted. Drifted: UA (delay).");
  }

  @Test
  void theColumnsAreThoseOfTheReportWithoutSegments() {
    DriftReport report = DriftReport.bySegment(REFERENCE, CURRENT, "carrier");
    DriftReport without = DriftReport.between(REFERENCE, CURRENT);
    assertThat(without.segments()).isEmpty();
    assertThat(without.toHtml()).doesNotContain("Segments");
    assertThat(without.toMarkdown()).doesNotContain("Segments");
    assertThat(without.toJson()).doesNotContain("segments");
    assertThat(report.columns())
        .extracting(ColumnDrift::verdict)
        .isEqualTo(without.columns().stream().map(ColumnDrift::verdict).toList());
    assertThat(report.columns())
        .extracting(ColumnDrift::statistics)
        .isEqualTo(without.columns().stream().map(ColumnDrift::statistics).toList());
    assertThat(report.alerts()).isEqualTo(without.alerts());
    assertThat(report.summary()).startsWith(without.summary() + " By carrier: 1 of 3 segments");
  }

  @Test
  void anyNumberOfThreadsGivesTheSame() {
    String one = DriftReport.bySegment(REFERENCE, CURRENT, "carrier").toJson();
    assertThat(DriftReport.bySegment(REFERENCE, CURRENT, "carrier", 3).toJson()).isEqualTo(one);
    assertThatThrownBy(() -> DriftReport.bySegment(REFERENCE, CURRENT, "carrier", 0))
        .isInstanceOf(IllegalArgumentException.class);
  }

  @Test
  void profilesGiveTheSame() {
    DatasetProfile bins = ProfileSeries.of(REFERENCE).overall();
    SegmentedProfile reference = SegmentedProfile.of(REFERENCE, "carrier", bins);
    SegmentedProfile current = SegmentedProfile.of(CURRENT, "carrier", bins);
    DriftReport report = DriftReport.bySegment(reference, current);
    DriftReport ofRows = DriftReport.bySegment(REFERENCE, CURRENT, "carrier");
    assertThat(report.segments().orElseThrow().compared())
        .isEqualTo(ofRows.segments().orElseThrow().compared());
    assertThat(report.columns())
        .extracting(ColumnDrift::verdict)
        .isEqualTo(ofRows.columns().stream().map(ColumnDrift::verdict).toList());
    Map<String, List<Verdict>> verdicts = ProfileDrift.bySegment(reference, current);
    assertThat(verdicts).containsOnlyKeys("AA", "DL", "UA");
    verdicts.forEach(
        (key, of) ->
            assertThat(of(report.segments().orElseThrow(), key).verdicts())
                .containsExactlyInAnyOrderElementsOf(of));
    SegmentedProfile byWeather = SegmentedProfile.of(CURRENT, "weather", bins);
    assertThatThrownBy(() -> DriftReport.bySegment(reference, byWeather))
        .isInstanceOf(ProfileException.class)
        .hasMessageContaining("by \"carrier\" and by \"weather\" cannot be compared");
    assertThatThrownBy(() -> ProfileDrift.bySegment(reference, byWeather))
        .isInstanceOf(ProfileException.class);
  }

  @Test
  void allSegmentsAreOneFamilyForTheRateOfFalseAlarms() {
    List<Verdict> verdicts =
        segments(REFERENCE, CURRENT).compared().stream()
            .flatMap(segment -> segment.verdicts().stream())
            .toList();
    double[] p = verdicts.stream().mapToDouble(Verdict::p).sorted().toArray();
    assertThat(p).hasSize(12);
    for (Verdict verdict : verdicts) {
      double q = 1;
      for (int rank = 1; rank <= p.length; rank++) {
        if (p[rank - 1] >= verdict.p()) {
          q = Math.min(q, p[rank - 1] * p.length / rank);
        }
      }
      assertThat(verdict.q()).isCloseTo(q, withinPercentage(1e-9));
      assertThat(verdict.isAlert()).isEqualTo(q <= 0.05);
    }
  }

  @Test
  void importanceDecidesWhichSegmentsAndColumnsStandFirst() {
    DatasetBuilder before = Dataset.builder(SCHEMA);
    DatasetBuilder after = Dataset.builder(SCHEMA);
    Random random = new Random(5);
    for (int i = 0; i < 3_000; i++) {
      String key = carrier(i);
      before.add(key, random.nextGaussian(), (long) random.nextInt(2_000), "a", null);
      after.add(
          key,
          random.nextGaussian() + (key.equals("AA") ? 1 : 0),
          (long) random.nextInt(2_000) + (key.equals("UA") || key.equals("AA") ? 1_900 : 0),
          "a",
          null);
    }
    DriftReport report = DriftReport.bySegment(before.build(), after.build(), "carrier");
    DriftSegments byEffect = report.segments().orElseThrow();
    assertThat(byEffect.alerts()).extracting(SegmentDrift::key).hasSize(2).contains("UA");
    assertThat(of(byEffect, "AA").alerts())
        .extracting(Verdict::column)
        .containsExactly("distance", "delay");
    DriftSegments byImportance =
        report.rankedBy(Map.of("delay", 1.0, "distance", 0.01)).segments().orElseThrow();
    assertThat(byImportance.compared())
        .extracting(SegmentDrift::key)
        .containsExactly("AA", "UA", "DL");
    assertThat(byImportance.compared().get(0).alerts())
        .extracting(Verdict::column)
        .containsExactly("delay", "distance");
    DriftSegments other =
        report.rankedBy(Map.of("delay", 0.01, "distance", 1.0)).segments().orElseThrow();
    assertThat(of(other, "AA").alerts().get(0).column()).isEqualTo("distance");
  }

  @Test
  void aColumnThatCannotBeComparedIsAnErrorInEachSegmentAndTheOthersStand() {
    Dataset other =
        Dataset.builder(
                Schema.builder()
                    .optional("carrier", STRING)
                    .optional("delay", STRING)
                    .optional("distance", INT64)
                    .optional("extra", FLOAT64)
                    .build())
            .add("UA", "late", 1L, 2.0)
            .build();
    DatasetBuilder builder = Dataset.builder(other.schema());
    Random random = new Random(1);
    for (int i = 0; i < 3_000; i++) {
      builder.add(carrier(i), "late", 5_000L + random.nextInt(2_000), 1.0);
    }
    DriftSegments segments = segments(REFERENCE, builder.build());
    assertThat(segments.compared()).hasSize(3);
    for (SegmentDrift segment : segments.compared()) {
      assertThat(of(segment, "distance").isAlert()).isTrue();
      assertThat(of(segment, "delay").words())
          .isEqualTo("it is delay STRING, the reference has delay FLOAT64");
      assertThat(of(segment, "extra").status()).isEqualTo(Verdict.Status.ERROR);
      assertThat(of(segment, "weather").words())
          .isEqualTo("the current profile has no such column");
      assertThat(segment.worst().orElseThrow().column()).isEqualTo("distance");
    }
  }

  @Test
  void ofSegmentsWithoutOtherColumnsThereIsNothingToSay() {
    Dataset keys = REFERENCE.columns("carrier");
    DriftReport report = DriftReport.bySegment(keys, keys, "carrier");
    assertThat(report.segments().orElseThrow().compared()).hasSize(3);
    assertThat(report.toHtml()).contains("Segments by carrier");
    Dataset broken = REFERENCE.columns("carrier", "delay");
    Dataset gone = CURRENT.columns("carrier", "weather");
    assertThat(DriftReport.bySegment(broken, gone, "carrier").summary())
        .contains("no drift in 3 segments; 3 could not be compared");
  }

  @Test
  void pagesTakeNothingForMarkupAndShowNoSensitiveValue() throws IOException {
    Schema schema = schema(HOSTILE);
    IntFunction<@Nullable String> key = i -> i % 2 == 0 ? HOSTILE : "x" + HOSTILE;
    Dataset reference = rows(schema, 2_000, 1, key, k -> 0);
    Dataset current = rows(schema, 2_000, 2, key, k -> HOSTILE.equals(k) ? 2 : 0);
    DriftReport report = DriftReport.bySegment(reference, current, HOSTILE);
    String html = report.toHtml();
    assertThat(html)
        .contains("Segments by &lt;/script&gt;", "Drifted columns by", "1 of 4", "1,000 (50.0 %)")
        .contains("<td>delay: the distributions are up to ")
        .contains("aria-label=\"table: Segments by &lt;/script&gt;")
        .doesNotContain("<img", "\u202e", "123456", "123,456");
    String markdown = report.toMarkdown();
    assertThat(markdown)
        .contains("**Segments: 1 of 2 segments has drifted.**", "| ALERT | &lt;/script&gt;")
        .doesNotContain("<img", "123456", "\u202e");
    assertThat(report.toString()).doesNotContain("\u202e", "123456");
    JsonNode json = new ObjectMapper().readTree(report.toJson()).get("segments");
    assertThat(json.get("keyColumn").asText()).isEqualTo(HOSTILE);
    JsonNode first = json.get("compared").get(0);
    assertThat(first.get("key").asText()).isEqualTo(HOSTILE);
    assertThat(first.get("status").asText()).isEqualTo("ALERT");
    assertThat(first.get("alerts").asInt()).isEqualTo(1);
    assertThat(first.get("referenceRows").asInt()).isEqualTo(1_000);
    assertThat(first.get("referenceShare").asDouble()).isEqualTo(0.5);
    assertThat(first.get("columns")).hasSize(4);
    JsonNode column = first.get("columns").get(0);
    assertThat(column.get("name").asText()).isEqualTo("delay");
    assertThat(column.get("q").asDouble()).isLessThan(1e-9);
    assertThat(json.get("came")).isEmpty();
    assertThat(json.get("beyond").get("keys")).isEmpty();
    assertThat(json.toString()).doesNotContain("123456", "NaN");
  }

  @Test
  void ofASegmentTheWorstColumnsAreShownAndOfManySegmentsTheFirst() {
    List<Field> fields = new ArrayList<>(List.of(new Field("carrier", STRING, false, false)));
    for (int i = 0; i < 8; i++) {
      fields.add(new Field("c" + i, FLOAT64, false, false));
    }
    Schema schema = Schema.of(fields);
    DatasetBuilder before = Dataset.builder(schema);
    DatasetBuilder after = Dataset.builder(schema);
    Random random = new Random(3);
    for (int i = 0; i < 3_000; i++) {
      Object[] row = new Object[9];
      Arrays.setAll(row, c -> random.nextGaussian());
      row[0] = "k" + i % 30;
      before.add(row.clone());
      Arrays.setAll(row, c -> random.nextGaussian() + 1 + c / 2.0);
      row[0] = "k" + i % 30;
      after.add(row);
    }
    DriftReport report = DriftReport.bySegment(before.build(), after.build(), "carrier");
    assertThat(report.segments().orElseThrow().alerts())
        .hasSize(30)
        .allMatch(segment -> segment.alerts().size() == 8);
    assertThat(report.summary())
        .contains("30 of 30 segments have drifted", "and 3 more)", " and 25 more.");
    String html = report.toHtml();
    assertThat(html).contains("8 of 8");
    assertThat(html.split("<tr class=\"tone-alert\">", -1))
        .as("columns, segments, five columns of each segment")
        .hasSize(1 + 8 + 30 + 150);
    assertThat(report.toString()).endsWith("... and 10 more");
    assertThat(report.toMarkdown()).contains("... and 10 more");
  }
}
