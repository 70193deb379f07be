package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.data.SchemaException;
import java.nio.charset.StandardCharsets;
import java.time.DayOfWeek;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ProfileSeriesTest {

  @Test
  void aWeekStartsOnMondayAtMidnightUtc() {
    ProfileSeries series =
        series(
            "2013-01-06T23:59:59.999999Z", "2013-01-07T00:00:00Z", "2013-01-13T23:59:59.999999Z");
    assertThat(series.windows()).hasSize(2);
    assertThat(series.windows().get(0).start()).isEqualTo("2012-12-31T00:00:00Z");
    assertThat(series.windows().get(0).end()).isEqualTo("2013-01-07T00:00:00Z");
    assertThat(series.windows().get(0).profile().rowCount()).isEqualTo(1);
    assertThat(series.windows().get(1).profile().rowCount()).isEqualTo(2);
  }

  @Test
  void weeksBeforeTheEpochStartOnMondayToo() {
    ProfileSeries series =
        series("1969-12-31T12:00:00Z", "1969-12-28T23:59:59Z", "1970-01-04T00:00:00Z");
    assertThat(series.windows())
        .extracting(window -> window.start().toString())
        .containsExactly("1969-12-22T00:00:00Z", "1969-12-29T00:00:00Z");
  }

  @Test
  void everyRowIsInTheWindowOfItsTime() {
    ProfileSeries series = ProfileSeries.byWeek(RandomDatasets.of(new Random(1), 3_000), "time");
    assertThat(series.windows()).hasSizeBetween(9, 10);
    for (ProfileSeries.Window window : series.windows()) {
      assertThat(window.start().atZone(ZoneOffset.UTC).getDayOfWeek()).isEqualTo(DayOfWeek.MONDAY);
      TimeSummary times = window.profile().column("time").times().orElseThrow();
      assertThat(times.earliest()).isAfterOrEqualTo(window.start());
      assertThat(times.latest()).isBefore(window.end());
    }
  }

  @Test
  void theOverallProfileHasEveryRowAlsoThoseWithoutATime() {
    Dataset dataset = RandomDatasets.of(new Random(2), 3_000);
    ProfileSeries series = ProfileSeries.byWeek(dataset, "time");
    assertThat(series.overall()).isEqualTo(ProfileSeries.of(dataset).overall());
    long inWindows = series.windows().stream().mapToLong(w -> w.profile().rowCount()).sum();
    long timeless = series.overall().column("time").missing();
    assertThat(timeless).isPositive();
    assertThat(inWindows).isEqualTo(3_000 - timeless);
  }

  @Test
  void aWeekWithoutRowsHasNoWindow() {
    assertThat(series("2013-01-07T00:00:00Z", "2013-02-07T00:00:00Z").windows()).hasSize(2);
    assertThat(series().windows()).isEmpty();
  }

  @Test
  void theOrderOfTheRowsMakesNoDifference() {
    Random random = new Random(3);
    Dataset dataset = RandomDatasets.of(random, 2_000);
    Dataset shuffled = dataset.select(RandomDatasets.shuffled(random, 2_000));
    assertThat(ProfileSeries.byWeek(shuffled, "time").toBytes())
        .isEqualTo(ProfileSeries.byWeek(dataset, "time").toBytes());
  }

  @Test
  void ofASensitiveColumnOnlyTheCountsAreKept() {
    Dataset dataset = RandomDatasets.of(new Random(4), 500);
    ProfileSeries series = ProfileSeries.byWeek(dataset, "time");
    ColumnProfile passenger = series.overall().column("passenger");
    assertThat(passenger.count()).isEqualTo(500);
    assertThat(passenger.missing()).isPositive();
    assertThat(passenger.sensitive()).isTrue();
    assertThat(passenger.categories()).isEmpty();
    String bytes = new String(series.toBytes(), StandardCharsets.ISO_8859_1);
    assertThat(bytes).contains("carrier-", "passenger").doesNotContain("secret");
    assertThatThrownBy(() -> series.overall().categories("passenger"))
        .isInstanceOf(ProfileException.class)
        .hasMessage(
            "column \"passenger\" has no categories in the profile: it is STRING and sensitive");
  }

  @Test
  void sensitiveNumbersAndTimesAreKeptOutAsWell() {
    Schema schema =
        Schema.builder()
            .required("income", ColumnType.FLOAT64)
            .required("birth", ColumnType.TIMESTAMP)
            .sensitive("income", "birth")
            .build();
    Dataset dataset = Dataset.builder(schema).add(12.5, Instant.EPOCH).build();
    DatasetProfile profile = ProfileSeries.of(dataset).overall();
    assertThat(profile.column("income").numbers()).isEmpty();
    assertThat(profile.column("birth").times()).isEmpty();
    assertThatThrownBy(() -> ProfileSeries.byWeek(dataset, "birth"))
        .isInstanceOf(ProfileException.class)
        .hasMessage(
            "column \"birth\" is sensitive, and windows by it would show its values; name another"
                + " TIMESTAMP column or profile without windows");
  }

  @Test
  void aTimeColumnThatIsNoneIsRefused() {
    Dataset dataset = RandomDatasets.of(new Random(5), 1);
    assertThatThrownBy(() -> ProfileSeries.byWeek(dataset, "wide"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("wide");
    assertThatThrownBy(() -> ProfileSeries.byWeek(dataset, "when"))
        .isInstanceOf(SchemaException.class)
        .hasMessageContaining("no column \"when\"");
  }

  private static ProfileSeries series(String... times) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().optional("time", ColumnType.TIMESTAMP).build());
    for (String time : times) {
      builder.add(Instant.parse(time));
    }
    return ProfileSeries.byWeek(builder.build(), "time");
  }
}
