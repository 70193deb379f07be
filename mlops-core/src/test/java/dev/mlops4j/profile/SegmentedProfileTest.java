package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class SegmentedProfileTest {

  @Test
  void aSegmentIsTheProfileOfTheRowsWithItsKey() {
    Dataset dataset = RandomDatasets.of(new Random(1), 2_000);
    SegmentedProfile byCarrier = SegmentedProfile.of(dataset, "carrier");
    assertThat(byCarrier.segments()).hasSize(16);
    Dataset rows = dataset.filter(row -> Objects.equals(row.value("carrier"), "carrier-3"));
    assertThat(byCarrier.segments().get("carrier-3")).isEqualTo(DatasetProfile.of(rows));
    assertThat(byCarrier.withoutKey().rowCount())
        .isEqualTo(dataset.column("carrier").missingCount());
    assertThat(byCarrier.others().rowCount()).isZero();
    assertThat(byCarrier.overall()).isEqualTo(DatasetProfile.of(dataset));
  }

  @Test
  void anySplitMergedInAnyOrderGivesTheWholeAlsoWithMoreKeysThanSegments() {
    for (String key : new String[] {"carrier", "tail_number"}) {
      Random random = new Random(2);
      Dataset dataset = RandomDatasets.of(random, 1_500);
      SegmentedProfile whole = SegmentedProfile.of(dataset, key);
      for (int repetition = 0; repetition < 5; repetition++) {
        int[] order = RandomDatasets.shuffled(random, 1_500);
        SegmentedProfile merged = SegmentedProfile.of(dataset.select(), key);
        int from = 0;
        while (from < order.length) {
          int to = from + 1 + random.nextInt(order.length - from);
          SegmentedProfile part =
              SegmentedProfile.of(dataset.select(Arrays.copyOfRange(order, from, to)), key);
          merged = random.nextBoolean() ? merged.merge(part) : part.merge(merged);
          from = to;
        }
        assertThat(merged).as(key).isEqualTo(whole).hasSameHashCodeAs(whole);
      }
      assertThat(whole.overall()).isEqualTo(DatasetProfile.of(dataset));
    }
  }

  @Test
  void beyondTheCapTheRowsOfTheOtherKeysAreProfiledTogether() {
    Dataset dataset = RandomDatasets.of(new Random(3), 3_000);
    SegmentedProfile profile = SegmentedProfile.of(dataset, "tail_number");
    assertThat(profile.segments()).hasSize(SegmentedProfile.MAX_SEGMENTS);
    assertThat(profile.others().rowCount()).isGreaterThan(2_000);
    assertThat(profile.segments().keySet()).noneMatch(key -> key.length() > 256);
  }

  @Test
  void numbersOfAllSegmentsAreCountedInTheBinsOfTheReference() {
    Dataset dataset = RandomDatasets.of(new Random(4), 1_000);
    DatasetProfile reference = ProfileSeries.of(dataset).overall();
    SegmentedProfile profile = SegmentedProfile.of(dataset, "carrier", reference);
    BinEdges edges = reference.numbers("pressure").histogram().orElseThrow().edges();
    assertThat(profile.segments().values())
        .allSatisfy(
            segment ->
                assertThat(segment.numbers("pressure").histogram().orElseThrow().edges())
                    .isEqualTo(edges));
    assertThat(profile.overall()).isEqualTo(reference);
    assertThat(SegmentedProfile.fromBytes(profile.toBytes())).isEqualTo(profile);
  }

  @Test
  void bothFormatsAreReadAndStillWritten() throws IOException {
    assertIsOfGoldenRows("segments-format-1.bin");
    assertThat(assertIsOfGoldenRows("segments-format-2.bin"))
        .isEqualTo(SegmentedProfile.of(ProfileFormatTest.goldenRows(), "origin"));
  }

  private SegmentedProfile assertIsOfGoldenRows(String name) throws IOException {
    byte[] golden;
    try (InputStream in = Objects.requireNonNull(getClass().getResourceAsStream(name))) {
      golden = in.readAllBytes();
    }
    SegmentedProfile profile = SegmentedProfile.fromBytes(golden);
    assertThat(profile.keyColumn()).isEqualTo("origin");
    assertThat(profile.segments().keySet()).containsExactly("EWR", "JFK", "LGA");
    assertThat(profile.segments().get("JFK").rowCount()).isEqualTo(67);
    assertThat(profile.segments().get("JFK").numbers("hour").max()).isEqualTo(22);
    assertThat(profile.withoutKey().rowCount()).isZero();
    assertThat(profile.toBytes()).isEqualTo(golden);
    return profile;
  }

  @Test
  void whatIsCutOffOrOfAnotherKindIsRefused() {
    byte[] bytes = SegmentedProfile.of(ProfileFormatTest.goldenRows(), "origin").toBytes();
    for (int length = 0; length < bytes.length; length += 7) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SegmentedProfile.fromBytes(cut))
          .isInstanceOf(CorruptProfileException.class);
    }
    byte[] other = ProfileSeries.byWeek(ProfileFormatTest.goldenRows(), "time").toBytes();
    assertThatThrownBy(() -> SegmentedProfile.fromBytes(other))
        .isInstanceOf(CorruptProfileException.class)
        .hasMessageContaining("give what SegmentedProfile.toBytes wrote");
    byte[] later = bytes.clone();
    later[4] = 9;
    assertThatThrownBy(() -> SegmentedProfile.fromBytes(later))
        .hasMessageContaining("has format 9, this library reads formats 1 to 3");
  }

  @Test
  void keysThatCannotBeShownAreRefused() {
    Dataset dataset = ProfileFormatTest.goldenRows();
    assertThatThrownBy(() -> SegmentedProfile.of(dataset, "passenger"))
        .isInstanceOf(ProfileException.class)
        .hasMessageContaining("\"passenger\" is sensitive, and segments by it");
    assertThatThrownBy(() -> SegmentedProfile.of(dataset, "hour"))
        .isInstanceOf(SchemaException.class);
    SegmentedProfile byOrigin = SegmentedProfile.of(dataset, "origin");
    SegmentedProfile byTail = SegmentedProfile.of(dataset, "tail_number");
    assertThatThrownBy(() -> byOrigin.merge(byTail))
        .hasMessageContaining("profiles by \"origin\" and by \"tail_number\"");
  }

  @Test
  void noRowsHaveNoSegments() {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("key", ColumnType.STRING).build());
    SegmentedProfile empty = SegmentedProfile.of(builder.build(), "key");
    assertThat(empty.segments()).isEmpty();
    assertThat(empty.overall().rowCount()).isZero();
    assertThat(SegmentedProfile.fromBytes(empty.toBytes())).isEqualTo(empty);
  }
}
