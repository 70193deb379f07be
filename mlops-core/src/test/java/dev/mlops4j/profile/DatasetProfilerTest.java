package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DatasetProfilerTest {

  private final Random random = new Random(17);

  private static Dataset rows(Dataset dataset, int from, int to) {
    return dataset.select(IntStream.range(from, to).toArray());
  }

  @Test
  void batchesOfAnySizesGiveTheProfileOfTheWhole() {
    Dataset dataset = RandomDatasets.of(random, 5_000);
    DatasetProfile reference = ProfileSeries.of(RandomDatasets.of(random, 1_000)).overall();
    RowSource stream =
        (from, to, batches) -> {
          int next = 0;
          while (next < dataset.rowCount()) {
            int end = Math.min(dataset.rowCount(), next + 1 + random.nextInt(900));
            batches.accept(rows(dataset, next, end));
            next = end;
          }
        };
    DatasetProfiler alone = DatasetProfiler.of(dataset.schema());
    stream.read(Instant.MIN, Instant.MAX, alone::add);
    assertThat(alone.profile()).isEqualTo(DatasetProfile.of(dataset));

    DatasetProfiler inBins = DatasetProfiler.of(dataset.schema(), reference);
    stream.read(Instant.MIN, Instant.MAX, inBins::add);
    assertThat(inBins.profile()).isEqualTo(DatasetProfile.of(dataset, reference));
    assertThat(inBins.profile().numbers("pressure").histogram()).isPresent();
  }

  @Test
  void rowsAndBatchesMayFollowEachOther() {
    int rows = 2 * DatasetProfiler.BATCH + 100;
    Dataset dataset = RandomDatasets.of(random, rows);
    DatasetProfiler profiler = DatasetProfiler.of(dataset.schema());
    for (int row = 0; row < rows - 50; row++) {
      int at = row;
      profiler.addRow(
          IntStream.range(0, dataset.schema().size())
              .mapToObj(column -> dataset.row(at).value(column))
              .toArray());
      if (row == 10) {
        assertThat(profiler.profile().rowCount()).isEqualTo(11);
      }
    }
    profiler.add(rows(dataset, rows - 50, rows));
    assertThat(profiler.profile()).isEqualTo(DatasetProfile.of(dataset));
  }

  @Test
  void whatDoesNotFitIsRefusedAndChangesNothing() {
    Schema schema = Schema.builder().required("wind", ColumnType.FLOAT64).build();
    DatasetProfiler profiler = DatasetProfiler.of(schema);
    profiler.addRow(1.0);
    assertThatThrownBy(() -> profiler.addRow("strong")).isInstanceOf(SchemaException.class);
    Dataset hidden =
        Dataset.builder(
                Schema.builder().required("wind", ColumnType.FLOAT64).sensitive("wind").build())
            .add(2.0)
            .build();
    assertThatThrownBy(() -> profiler.add(hidden))
        .isInstanceOf(ProfileException.class)
        .hasMessageContaining("[wind FLOAT64] and [wind FLOAT64 sensitive]");
    assertThat(profiler.profile()).isEqualTo(DatasetProfile.of(dataset(schema, 1.0)));
  }

  private static Dataset dataset(Schema schema, double wind) {
    return Dataset.builder(schema).add(wind).build();
  }

  @Test
  void aSensitiveColumnStaysOne() {
    Dataset dataset = RandomDatasets.of(random, 20);
    DatasetProfiler profiler = DatasetProfiler.of(dataset.schema());
    profiler.add(dataset);
    ColumnProfile passenger = profiler.profile().column("passenger");
    assertThat(passenger.sensitive()).isTrue();
    assertThat(passenger.categories()).isEmpty();
  }

  @Test
  void weeksOfAStreamAreThoseOfTheWhole() {
    Dataset dataset = RandomDatasets.of(random, 3_000);
    DatasetProfile reference = ProfileSeries.of(RandomDatasets.of(random, 500)).overall();
    int[] order = RandomDatasets.shuffled(random, 3_000);
    ProfileSeries merged = ProfileSeries.byWeek(dataset.select(), "time", reference);
    for (int from = 0; from < 3_000; from += 700) {
      Dataset batch = dataset.select(Arrays.copyOfRange(order, from, Math.min(3_000, from + 700)));
      merged = merged.merge(ProfileSeries.byWeek(batch, "time", reference));
    }
    ProfileSeries whole = ProfileSeries.byWeek(dataset, "time", reference);
    assertThat(merged).isEqualTo(whole);
    assertThat(whole.windows()).hasSize(9);
    assertThat(whole.windows().get(3).profile().numbers("pressure").histogram())
        .map(Histogram::edges)
        .isEqualTo(reference.numbers("pressure").histogram().map(Histogram::edges));
  }

  @Test
  void windowsThatOverlapAreNotMerged() {
    DatasetProfile profile = DatasetProfile.of(dataset(oneNumber(), 1));
    ProfileSeries days = series(profile, "2024-01-01T00:00:00Z", "2024-01-02T00:00:00Z");
    ProfileSeries weeks = series(profile, "2024-01-01T00:00:00Z", "2024-01-08T00:00:00Z");
    ProfileSeries later = series(profile, "2024-01-04T00:00:00Z", "2024-01-11T00:00:00Z");
    assertThat(days.merge(later).windows()).hasSize(2);
    List<ProfileSeries.Window> apart = days.merge(later).windows();
    assertThat(ProfileSeries.of(List.of(apart.get(1), apart.get(0)))).isEqualTo(days.merge(later));
    assertThatThrownBy(() -> ProfileSeries.of(List.<ProfileSeries.Window>of()))
        .isInstanceOf(ProfileException.class);
    assertThatThrownBy(
            () -> ProfileSeries.of(List.of(weeks.windows().get(0), later.windows().get(0))))
        .hasMessageContaining("windows that overlap");
    assertThatThrownBy(() -> days.merge(weeks)).hasMessageContaining("windows that overlap");
    assertThatThrownBy(() -> weeks.merge(later))
        .isInstanceOf(ProfileException.class)
        .hasMessageContaining("2024-01-08T00:00:00Z and 2024-01-04T00:00:00Z");
  }

  private static Schema oneNumber() {
    return Schema.builder().optional("wind", ColumnType.FLOAT64).build();
  }

  private static ProfileSeries series(DatasetProfile profile, String start, String end) {
    return new ProfileSeries(
        profile,
        List.of(new ProfileSeries.Window(Instant.parse(start), Instant.parse(end), profile)));
  }

  @Test
  void rowsWithoutAValueCanBeNoRowsOfTheirColumn() {
    Dataset dataset = RandomDatasets.of(random, 1_000);
    DatasetProfile profile = DatasetProfile.of(dataset).withoutMissing("late");
    Dataset known = dataset.filter(row -> !row.isMissing("late"));
    assertThat(known.rowCount()).isLessThan(1_000);
    assertThat(profile.rowCount()).isEqualTo(1_000);
    assertThat(profile.column("late").count()).isEqualTo(known.rowCount());
    assertThat(profile.column("late").missing()).isZero();
    assertThat(profile.numbers("late").mean())
        .isEqualTo(DatasetProfile.of(known).numbers("late").mean());
    assertThat(profile.column("wide").count()).isEqualTo(1_000);

    SegmentedProfile byCarrier = SegmentedProfile.of(dataset, "carrier").withoutMissing("late");
    assertThat(byCarrier.segments().get("carrier-3").column("late").missing()).isZero();
    assertThat(byCarrier.overall()).isEqualTo(profile);
    assertThat(SegmentedProfile.fromBytes(byCarrier.toBytes())).isEqualTo(byCarrier);
  }
}
