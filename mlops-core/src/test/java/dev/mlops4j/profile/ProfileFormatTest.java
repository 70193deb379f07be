package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.CategorySummary.Frequent;
import java.io.IOException;
import java.io.InputStream;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ProfileFormatTest {

  /** Hashes of these are so large that they are not counted by themselves. */
  private static final String OFTEN = texts().get(0);

  private static final String LESS_OFTEN = texts().get(1);
  private static final int FORMAT_AT = 4;

  @Test
  void whatIsWrittenIsReadTheSame() {
    Dataset dataset = RandomDatasets.of(new Random(1), 3_000);
    ProfileSeries series = ProfileSeries.byWeek(dataset, "time");
    ProfileSeries read = ProfileSeries.fromBytes(series.toBytes());
    assertThat(read.toBytes()).isEqualTo(series.toBytes());
    assertThat(read).isEqualTo(series).hasSameHashCodeAs(series);
    assertThat(read.windows()).hasSameSizeAs(series.windows());
    NumericSummary numbers = read.windows().get(3).profile().numbers("pressure");
    NumericSummary expected = series.windows().get(3).profile().numbers("pressure");
    assertThat(numbers.mean()).isEqualTo(expected.mean());
    assertThat(numbers.variance()).isEqualTo(expected.variance());
    for (String column : List.of("pressure", "wide")) {
      assertThat(counts(read.windows().get(3).profile(), column))
          .isEqualTo(counts(series.windows().get(3).profile(), column));
    }
    assertThat(read.overall().merge(read.overall()))
        .isEqualTo(series.overall().merge(series.overall()));
  }

  private static long[] counts(DatasetProfile profile, String column) {
    return profile.numbers(column).histogram().orElseThrow().counts();
  }

  private byte[] golden(String name) throws IOException {
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
      return in.readAllBytes();
    }
  }

  /** Written when infinities were still counted in the outer bins. */
  @Test
  void theBinsOfFormat1AreThoseOfFiniteNumbers() throws IOException {
    ProfileSeries series = ProfileSeries.fromBytes(golden("profile-format-1-wide.bin"));
    NumericSummary numbers = series.overall().numbers("number");
    long[] counts = counts(series.overall(), "number");
    assertThat(numbers.positiveInfinite()).isEqualTo(300);
    assertThat(numbers.negativeInfinite()).isEqualTo(100);
    assertThat(Arrays.stream(counts).sum()).isEqualTo(numbers.finite()).isEqualTo(2_600);
    assertThat(counts).isEqualTo(counts(ProfileSeries.of(wideRows()).overall(), "number"));
    assertThat(series.toBytes()).isEqualTo(golden("profile-format-1-wide.bin"));
  }

  /** More numbers than are counted by themselves, infinities, and 3,000 texts. */
  static Dataset wideRows() {
    DatasetBuilder builder =
        Dataset.builder(
            Schema.builder()
                .required("number", ColumnType.FLOAT64)
                .required("text", ColumnType.STRING)
                .build());
    for (int i = 0; i < 3_000; i++) {
      double infinite = i % 30 == 5 ? Double.NEGATIVE_INFINITY : Double.POSITIVE_INFINITY;
      builder.add(i % 10 == 0 || i % 30 == 5 ? infinite : (double) i, "t" + i);
    }
    return builder.build();
  }

  @Test
  void format1IsReadAndStillWrittenWhereThereAreNoParts() throws IOException {
    byte[] golden = golden("profile-format-1.bin");
    assertIsOfGoldenRows(ProfileSeries.fromBytes(golden));
    assertThat(ProfileSeries.fromBytes(golden).toBytes()).isEqualTo(golden);
    Dataset few = goldenRows().columns("time", "delay", "hour", "late", "origin", "passenger");
    assertThat(ProfileSeries.byWeek(few, "time").toBytes()[FORMAT_AT]).isEqualTo((byte) 1);
  }

  @Test
  void format2IsReadAndStillWritten() throws IOException {
    byte[] golden = golden("profile-format-2.bin");
    ProfileSeries series = ProfileSeries.fromBytes(golden);
    assertIsOfGoldenRows(series);
    assertThat(series).isEqualTo(ProfileSeries.byWeek(goldenRows(), "time"));
    assertThat(series.toBytes()).isEqualTo(golden);
    long[] parts = series.overall().categories("tail_number").parts().orElseThrow();
    assertThat(parts[CategorySummary.partOf("N".repeat(300))]).isEqualTo(1);
    assertThat(parts).contains(1).containsOnly(0, 1);
  }

  @Test
  void format3HasTheFrequentTexts() throws IOException {
    byte[] golden = golden("profile-format-3.bin");
    ProfileSeries series = ProfileSeries.fromBytes(golden);
    CategorySummary texts = series.overall().categories("text");
    assertThat(texts.frequent(2))
        .containsExactly(new Frequent(OFTEN, 400, 400), new Frequent(LESS_OFTEN, 45, 45));
    assertThat(texts.counts()).doesNotContainKeys(OFTEN, LESS_OFTEN);
    assertThat(ProfileSeries.of(frequentRows()).toBytes()).isEqualTo(golden);
    assertThat(series.toBytes()).isEqualTo(golden);
  }

  /** Too many texts, and some of those that are not counted by themselves are frequent. */
  private static Dataset frequentRows() {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().required("text", ColumnType.STRING).build());
    for (int i = 0; i < 1_900; i++) {
      builder.add(
          i % 4 == 0 && i < 1_600 ? OFTEN : i % 25 == 1 && i < 1_500 ? LESS_OFTEN : "u" + i);
    }
    return builder.build();
  }

  private static List<String> texts() {
    return IntStream.range(0, 50)
        .mapToObj(i -> "m" + i)
        .sorted(CategorySummary.BY_HASH.reversed())
        .toList();
  }

  @Test
  void whatFormat2DidNotKeepStaysUnknown() throws IOException {
    DatasetProfile old = ProfileSeries.fromBytes(golden("profile-format-2.bin")).overall();
    DatasetProfile now = ProfileSeries.of(goldenRows()).overall();
    CategorySummary both = old.merge(now).categories("tail_number");
    assertThat(both.frequentOthers()).isNull();
    assertThat(both.frequent(500)).hasSize(199).allMatch(one -> one.atLeast() == one.atMost());
    assertThat(old.merge(now)).isEqualTo(now.merge(now));
  }

  @Test
  void frequentTextsThatCannotBeAreRefused() {
    CategorySummary rows = ProfileSeries.of(frequentRows()).overall().categories("text");
    String counted = rows.counts().firstKey();
    String named = rows.frequentOthers().texts().get(0).text();
    long others = rows.other();
    for (FrequentTexts frequent :
        List.of(
            new FrequentTexts(List.of(new Frequent(counted, 2, 9)), 1),
            new FrequentTexts(List.of(new Frequent(named, 2, 9)), 9),
            new FrequentTexts(List.of(new Frequent("x".repeat(257), 2, 9)), 1),
            new FrequentTexts(List.of(new Frequent(named, 2, others + 1)), 1),
            new FrequentTexts(List.of(new Frequent(named, others + 1, others + 1)), 1),
            new FrequentTexts(List.of(new Frequent(named, 2, 9), new Frequent(named, 2, 9)), 1),
            new FrequentTexts(List.of(new Frequent(named, 2, 9)), others + 1),
            new FrequentTexts(
                IntStream.range(0, FrequentTexts.MAX_TEXTS + 1)
                    .mapToObj(i -> new Frequent("v" + i, 0, 9))
                    .toList(),
                1))) {
      CategorySummary altered =
          new CategorySummary(
              rows.count(),
              rows.counts(),
              rows.distinctState(),
              rows.parts().orElseThrow(),
              frequent);
      ColumnProfile column =
          ColumnProfile.countsOnly("text", ColumnType.STRING, false, rows.count(), 0).with(altered);
      byte[] bytes = ProfileSeries.of(new DatasetProfile(rows.count(), List.of(column))).toBytes();
      assertThatThrownBy(() -> ProfileSeries.fromBytes(bytes))
          .as("%s, %s", frequent.texts(), frequent.error())
          .isInstanceOf(CorruptProfileException.class);
    }
  }

  @Test
  void whatFormat1DidNotKeepStaysUnknown() throws IOException {
    DatasetProfile old = ProfileSeries.fromBytes(golden("profile-format-1-wide.bin")).overall();
    DatasetProfile now = ProfileSeries.of(wideRows()).overall();
    assertThat(old.categories("text").parts()).isEmpty();
    assertThat(old.categories("text").counts()).isEqualTo(now.categories("text").counts());
    DatasetProfile both = old.merge(now);
    assertThat(both.categories("text").parts()).isEmpty();
    assertThat(both.categories("text").other()).isEqualTo(2 * 2_000);
    assertThat(both).isEqualTo(now.merge(old)).isNotEqualTo(now.merge(now));
    ProfileSeries mixed =
        new ProfileSeries(
            old,
            List.of(new ProfileSeries.Window(Instant.EPOCH, Instant.EPOCH.plusSeconds(60), now)));
    assertThat(ProfileSeries.fromBytes(mixed.toBytes())).isEqualTo(mixed);
  }

  private static void assertIsOfGoldenRows(ProfileSeries series) {
    assertThat(series.overall().rowCount()).isEqualTo(200);
    assertThat(series.windows()).hasSize(2);
    assertThat(series.windows().get(0).start()).isEqualTo("2012-12-31T00:00:00Z");
    assertThat(series.overall().numbers("delay").mean()).isEqualTo(4.75);
    assertThat(series.overall().numbers("delay").nan()).isEqualTo(1);
    assertThat(series.overall().column("delay").missing()).isEqualTo(1);
    assertThat(series.overall().numbers("hour").values().orElseThrow()).hasSize(24);
    assertThat(series.overall().categories("origin").count("JFK")).hasValue(67);
    assertThat(series.overall().column("passenger").count()).isEqualTo(200);
  }

  @Test
  void otherBytesAreRefused() {
    assertThatThrownBy(() -> ProfileSeries.fromBytes(new byte[] {'{', '}', 0, 0, 0, 0}))
        .isInstanceOf(CorruptProfileException.class)
        .hasMessage(
            "not a stored profile: it starts with other bytes than \"M4JP\"; give what"
                + " ProfileSeries.toBytes wrote");
    assertThatThrownBy(() -> ProfileSeries.fromBytes(new byte[0]))
        .isInstanceOf(CorruptProfileException.class);
  }

  @Test
  void aLaterFormatIsRefusedAndNamed() {
    byte[] bytes = ProfileSeries.byWeek(goldenRows(), "time").toBytes();
    bytes[FORMAT_AT] = 9;
    assertThatThrownBy(() -> ProfileSeries.fromBytes(bytes))
        .isInstanceOf(CorruptProfileException.class)
        .hasMessage(
            "the profile has format 9, this library reads formats 1 to 3; update the library or make"
                + " the profile again");
  }

  @Test
  void whatIsCutOffAnywhereIsRefused() {
    byte[] bytes = ProfileSeries.byWeek(goldenRows(), "time").toBytes();
    for (int length = FORMAT_AT + 1; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> ProfileSeries.fromBytes(cut))
          .isInstanceOf(CorruptProfileException.class)
          .hasMessageStartingWith("the stored profile is corrupt at byte ")
          .hasMessageEndingWith("make it again from the data or restore it from a copy");
    }
  }

  @Test
  void whatFollowsTheEndIsRefused() {
    byte[] bytes = ProfileSeries.byWeek(goldenRows(), "time").toBytes();
    assertThatThrownBy(() -> ProfileSeries.fromBytes(Arrays.copyOf(bytes, bytes.length + 3)))
        .isInstanceOf(CorruptProfileException.class)
        .hasMessageContaining("3 bytes follow after its end");
  }

  @Test
  void countsThatDoNotAddUpAreRefused() {
    NumericSummary numbers =
        ProfileSeries.of(goldenRows()).overall().column("hour").numbers().orElseThrow();
    long finite = numbers.finite();
    ColumnProfile moreMissing =
        ColumnProfile.countsOnly("tags", ColumnType.TIMESTAMP, false, 10, 11);
    ColumnProfile moreRows =
        ColumnProfile.countsOnly("hour", ColumnType.INT64, false, finite + 5, 2).with(numbers);
    ColumnProfile moreTexts =
        ColumnProfile.countsOnly("text", ColumnType.STRING, false, 9, 2)
            .with(ProfileSeries.of(goldenRows()).overall().categories("origin"));
    ColumnProfile lostTexts = texts(9, Map.of("a", 5L));
    ColumnProfile tooManyTexts = texts(9, Map.of("a", 5L, "b", 5L));
    ColumnProfile lostParts =
        ColumnProfile.countsOnly("text", ColumnType.STRING, false, 9, 0)
            .with(
                new CategorySummary(
                    9,
                    new TreeMap<>(Map.of("a", 5L)),
                    new byte[Distinct.STATE_BYTES],
                    new long[CategorySummary.PARTS],
                    null));
    ColumnProfile hugeTexts = texts(9, Map.of("a", Long.MAX_VALUE, "b", Long.MAX_VALUE));
    for (ColumnProfile column :
        List.of(moreMissing, moreRows, moreTexts, lostTexts, tooManyTexts, hugeTexts, lostParts)) {
      DatasetProfile profile = new DatasetProfile(column.count(), List.of(column));
      byte[] bytes = ProfileSeries.of(profile).toBytes();
      assertThatThrownBy(() -> ProfileSeries.fromBytes(bytes))
          .as(column.name())
          .isInstanceOf(CorruptProfileException.class);
    }
  }

  private static ColumnProfile texts(long count, Map<String, Long> counts) {
    return ColumnProfile.countsOnly("text", ColumnType.STRING, false, count, 0)
        .with(CategorySummary.complete(count, new TreeMap<>(counts)));
  }

  @Test
  void booleansThatAreNeitherFalseNorTrueAreRefused() {
    DatasetProfile rows = ProfileSeries.of(goldenRows()).overall();
    for (String numbers : List.of("hour", "delay")) {
      NumericSummary others = rows.numbers(numbers);
      ColumnProfile column =
          ColumnProfile.countsOnly("late", ColumnType.BOOLEAN, false, others.count(), 0)
              .with(others);
      byte[] bytes =
          ProfileSeries.of(new DatasetProfile(column.count(), List.of(column))).toBytes();
      assertThatThrownBy(() -> ProfileSeries.fromBytes(bytes))
          .as(numbers)
          .isInstanceOf(CorruptProfileException.class)
          .hasMessageContaining("column late BOOLEAN has other numbers than 0 and 1");
    }
  }

  @Test
  void alteredBytesNeverThrowAnythingElse() {
    byte[] bytes = ProfileSeries.byWeek(goldenRows(), "time").toBytes();
    Random random = new Random(2);
    int refused = 0;
    for (int i = 0; i < 5_000; i++) {
      byte[] altered = bytes.clone();
      altered[random.nextInt(altered.length)] = (byte) random.nextInt();
      try {
        DatasetProfile overall = ProfileSeries.fromBytes(altered).overall();
        overall.columns().forEach(column -> column.numbers().ifPresent(NumericSummary::variance));
        overall
            .columns()
            .forEach(
                column ->
                    column.categories().ifPresent(c -> assertThat(c.other()).isNotNegative()));
      } catch (CorruptProfileException e) {
        refused++;
      }
    }
    assertThat(refused).isPositive();
  }

  static Dataset goldenRows() {
    Schema schema =
        Schema.builder()
            .required("time", ColumnType.TIMESTAMP)
            .optional("delay", ColumnType.FLOAT64)
            .required("hour", ColumnType.INT64)
            .required("late", ColumnType.BOOLEAN)
            .required("origin", ColumnType.STRING)
            .required("tail_number", ColumnType.STRING)
            .required("passenger", ColumnType.STRING)
            .sensitive("passenger")
            .build();
    DatasetBuilder builder = Dataset.builder(schema);
    for (int i = 0; i < 200; i++) {
      builder.add(
          Instant.parse("2013-01-05T00:00:00Z").plusSeconds(i * 1_800L),
          delay(i),
          i % 24,
          i % 5 == 0,
          new String[] {"EWR", "JFK", "LGA"}[i % 3],
          i == 7 ? "N".repeat(300) : "N" + i,
          "passenger " + i);
    }
    return builder.build();
  }

  private static @Nullable Double delay(int row) {
    if (row == 1) {
      return null;
    }
    return row == 0 ? Double.NaN : (row - 91) * 0.5;
  }
}
