package dev.mlops4j.monitoring;

import static dev.mlops4j.data.ColumnType.BOOLEAN;
import static dev.mlops4j.data.ColumnType.FLOAT64;
import static dev.mlops4j.data.ColumnType.INT64;
import static dev.mlops4j.data.ColumnType.STRING;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileException;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.IntFunction;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Which segments a report has, whatever the keys are. */
class SegmentKeysTest {

  private static final Schema SCHEMA =
      Schema.of(
          List.of(
              new Field("carrier", STRING, false, false),
              new Field("delay", FLOAT64, false, false),
              new Field("distance", INT64, false, false)));

  /** Rows of which the delay is by so much greater, by key. */
  private static Dataset rows(
      int count,
      long seed,
      IntFunction<@Nullable String> key,
      ToDoubleFunction<@Nullable String> later) {
    Random random = new Random(seed);
    DatasetBuilder rows = Dataset.builder(SCHEMA);
    for (int i = 0; i < count; i++) {
      String carrier = key.apply(i);
      rows.add(
          carrier,
          random.nextGaussian() + later.applyAsDouble(carrier),
          (long) random.nextInt(2_000));
    }
    return rows.build();
  }

  private static Dataset rows(int count, long seed, IntFunction<@Nullable String> key) {
    return rows(count, seed, key, carrier -> 0);
  }

  private static final Dataset REFERENCE =
      rows(6_000, 1, i -> i % 6 < 3 ? "AA" : i % 6 < 5 ? "DL" : "UA");
  private static final Dataset CURRENT = rows(3_000, 2, i -> i % 3 == 0 ? "AA" : "DL");

  private static DriftSegments segments(Dataset reference, Dataset current) {
    return DriftReport.bySegment(reference, current, "carrier").segments().orElseThrow();
  }

  @Test
  void segmentsOfOneSampleAreNamedAndSmallOnesSayWhy() {
    Dataset reference =
        rows(1_200, 3, i -> i == 0 ? "one row" : i == 1 ? null : i % 3 == 0 ? "old" : "AA");
    Dataset current =
        rows(900, 4, i -> i == 0 ? "one row" : i < 10 ? "new" : i < 40 ? "newer" : "AA");
    DriftSegments segments = segments(reference, current);
    assertThat(segments.compared()).extracting(SegmentDrift::key).containsExactly("AA", "one row");
    SegmentDrift one = segments.compared().get(1);
    assertThat(one.status()).isEqualTo(Verdict.Status.NOT_ENOUGH_DATA);
    assertThat(one.verdicts()).extracting(Verdict::words).contains("fewer than 30 rows that count");
    assertThat(segments.came()).extracting(SegmentDrift::key).containsExactly("newer", "new");
    assertThat(segments.came().get(0).currentRows()).isEqualTo(30);
    assertThat(segments.came().get(0).referenceRows()).isZero();
    assertThat(segments.came().get(0).currentShare()).isEqualTo(30 / 900.0);
    assertThat(segments.came().get(0).verdicts()).isEmpty();
    assertThat(segments.went())
        .extracting(SegmentDrift::key)
        .containsExactly("old", ProfileDrift.WITHOUT_KEY);
    assertThat(segments.summary())
        .isEqualTo(
            "By carrier: no drift in 2 segments; 1 without enough data; 2 only in the current"
                + " rows; 2 only in the reference. Came: newer, new. Went: old, (missing).");
  }

  @Test
  void rowsWithoutAKeyAreASegmentAndNoKeyIsTakenForIt() {
    IntFunction<@Nullable String> key =
        i -> i % 2 == 0 ? null : i % 4 == 1 ? ProfileDrift.WITHOUT_KEY : "";
    Dataset reference = rows(2_000, 5, key);
    Dataset current = rows(1_600, 6, key, k -> ProfileDrift.WITHOUT_KEY.equals(k) ? 2 : 0);
    DriftReport report = DriftReport.bySegment(reference, current, "carrier");
    DriftSegments segments = report.segments().orElseThrow();
    assertThat(segments.compared()).hasSize(3);
    SegmentDrift text = segments.compared().get(0);
    assertThat(text.key()).isEqualTo(ProfileDrift.WITHOUT_KEY);
    assertThat(text.withoutKey()).isFalse();
    assertThat(text.status()).isEqualTo(Verdict.Status.ALERT);
    SegmentDrift missing = segments.compared().get(1);
    assertThat(missing.withoutKey()).isTrue();
    assertThat(missing.key()).isEqualTo(ProfileDrift.WITHOUT_KEY);
    assertThat(missing.currentRows()).isEqualTo(800);
    assertThat(missing.status()).isEqualTo(Verdict.Status.OK);
    assertThat(segments.summary()).contains("Drifted: \"(missing)\" (delay)");
    assertThat(report.toString()).contains("\"(missing)\"  ALERT", "\"\"           ok");
    assertThat(report.toJson()).contains("{\"key\":null,\"referenceRows\":1000");
    DatasetProfile bins = ProfileSeries.of(reference).overall();
    assertThat(
            ProfileDrift.bySegment(
                SegmentedProfile.of(reference, "carrier", bins),
                SegmentedProfile.of(current, "carrier", bins)))
        .containsOnlyKeys("", ProfileDrift.WITHOUT_KEY)
        .containsValue(
            DriftReport.bySegment(
                    SegmentedProfile.of(reference, "carrier", bins),
                    SegmentedProfile.of(current, "carrier", bins))
                .segments()
                .map(s -> inOrder(s.compared().get(0).verdicts()))
                .orElseThrow());
  }

  @Test
  void ofAThousandKeysAHundredAreComparedAndTheOthersAreNamed() {
    Dataset reference = rows(10_000, 7, i -> "key " + i % 1_000);
    Dataset current = rows(10_000, 8, i -> "key " + i % 1_000);
    DriftReport report = DriftReport.bySegment(reference, current, "carrier");
    DriftSegments segments = report.segments().orElseThrow();
    assertThat(segments.compared()).hasSize(SegmentedProfile.MAX_SEGMENTS);
    assertThat(segments.came()).isEmpty();
    assertThat(segments.went()).isEmpty();
    assertThat(segments.beyond().keys()).hasSize(900).doesNotHaveDuplicates();
    assertThat(segments.beyond().referenceRows()).isEqualTo(9_000);
    assertThat(segments.beyond().currentRows()).isEqualTo(9_000);
    assertThat(segments.summary())
        .contains("not compared are 9,000 rows with 9,000 of the reference, of keys beyond 100");
    assertThat(report.toHtml()).contains("Not compared: key ", " and 850 more.");
    assertThat(report.toMarkdown()).contains("| not compared | key ", "and 80 more");
  }

  @Test
  void ofManyKeysThoseThatCameAndWentAreKnownToo() {
    Dataset reference = rows(10_000, 9, i -> "key " + i % 1_000);
    Dataset current = rows(1_000, 10, i -> i % 2 == 0 ? "new" : "key " + i % 10);
    DriftSegments segments = segments(reference, current);
    assertThat(segments.came()).extracting(SegmentDrift::key).containsExactly("new");
    assertThat(segments.went()).hasSize(995);
    assertThat(segments.compared().size() + segments.beyond().keys().size()).isEqualTo(5);
    assertThat(segments.beyond().currentRows()).isEqualTo(100L * segments.beyond().keys().size());
    String html = DriftReport.bySegment(reference, current, "carrier").toHtml();
    assertThat(html).contains("945 more that only one sample has are not shown.");
  }

  @Test
  void whereItCannotBeKnownWhetherAKeyCameItIsNotSaidToHave() {
    Dataset reference = rows(6_000, 11, i -> "key " + i % 3_000);
    Dataset current = rows(6_000, 12, i -> "key " + (i % 3_000 + 1_500));
    DriftSegments segments = segments(reference, current);
    assertThat(segments.compared()).hasSizeBetween(1, 99);
    assertThat(segments.came())
        .isNotEmpty()
        .allMatch(came -> Integer.parseInt(came.key().substring(4)) >= 3_000);
    assertThat(segments.went())
        .isNotEmpty()
        .allMatch(went -> Integer.parseInt(went.key().substring(4)) < 1_500);
    assertThat(segments.beyond().referenceRows()).isGreaterThan(3_000);
    long rows =
        segments.all().stream().mapToLong(SegmentDrift::currentRows).sum()
            + segments.beyond().currentRows();
    assertThat(rows).isEqualTo(6_000);
  }

  @Test
  void noRowsHaveNoSegments() {
    Dataset none = Dataset.builder(SCHEMA).build();
    DriftReport report = DriftReport.bySegment(REFERENCE, none, "carrier");
    DriftSegments segments = report.segments().orElseThrow();
    assertThat(segments.compared()).isEmpty();
    assertThat(segments.went()).extracting(SegmentDrift::key).containsExactly("AA", "DL", "UA");
    assertThat(segments.went().get(0).currentShare()).isNaN();
    assertThat(segments.summary()).startsWith("By carrier: no segment is in both samples; 3 only");
    assertThat(report.toHtml()).contains("<td>went</td>");
    assertThat(report.toJson()).doesNotContain("NaN");
    assertThat(segments(none, none).summary())
        .isEqualTo("By carrier: no segment is in both samples.");
    assertThat(DriftReport.bySegment(none, none, "carrier").toMarkdown()).contains("Segments: no");
  }

  @Test
  void aKeyThatIsNoTextOrNotThereIsRefusedAndSaysWhatToDo() {
    Map<ColumnType, Object> keys = new LinkedHashMap<>();
    keys.put(INT64, 1L);
    keys.put(BOOLEAN, true);
    keys.put(FLOAT64, 1.5);
    keys.forEach(
        (type, key) -> {
          Dataset other =
              Dataset.builder(Schema.builder().optional("carrier", type).build()).add(key).build();
          assertThatThrownBy(() -> DriftReport.bySegment(REFERENCE, other, "carrier"))
              .isInstanceOf(SchemaException.class)
              .hasMessage(
                  "column \"carrier\" of the current sample is "
                      + type
                      + ", and keys of segments are STRING; add a column with its values, or"
                      + " ranges of them, as text");
        });
    Dataset without = REFERENCE.columns("delay", "distance");
    assertThatThrownBy(() -> DriftReport.bySegment(without, CURRENT, "carrier"))
        .isInstanceOf(SchemaException.class)
        .hasMessage(
            "the reference has no column \"carrier\" to make segments by; there are: delay,"
                + " distance");
    assertThatThrownBy(() -> DriftReport.bySegment(REFERENCE, without, "carrier"))
        .isInstanceOf(SchemaException.class)
        .hasMessageStartingWith("the current sample has no column \"carrier\"");
  }

  @Test
  void aSensitiveKeyIsRefusedOnEitherSideWithoutAValue() {
    Schema sensitive = Schema.builder().optional("carrier", STRING).sensitive("carrier").build();
    Dataset secret = Dataset.builder(sensitive).add("somebody").build();
    Dataset open = REFERENCE.columns("carrier");
    for (List<Dataset> samples :
        List.of(List.of(secret, open), List.of(open, secret), List.of(secret, secret))) {
      assertThatThrownBy(() -> DriftReport.bySegment(samples.get(0), samples.get(1), "carrier"))
          .isInstanceOf(ProfileException.class)
          .hasMessageContaining("\"carrier\" is sensitive")
          .hasMessageContaining("name another STRING column")
          .hasMessageNotContaining("somebody");
    }
  }

  private static List<Verdict> inOrder(List<Verdict> verdicts) {
    List<String> order = List.of("delay", "distance");
    return verdicts.stream()
        .sorted(Comparator.comparing(verdict -> order.indexOf(verdict.column())))
        .toList();
  }
}
