package dev.mlops4j.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Row;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.monitoring.ProfileDrift;
import dev.mlops4j.monitoring.ReferenceCheck;
import dev.mlops4j.monitoring.Verdict;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What drift verdicts say of a year of flights, week by week, as the model sees them. */
class FlightDriftTest {

  private static final Duration WEEK = Duration.ofDays(7);

  /** A Monday. */
  private static final Instant FIRST = Instant.parse("2012-12-31T00:00:00Z");

  /** The end of the week of the last day of September. */
  private static final Instant OCTOBER = Instant.parse("2013-09-30T00:00:00Z");

  private static Dataset year;
  private static Instant[] asked;
  private static ProfileSeries training;

  @BeforeAll
  static void read() {
    FlightData data = FlightData.read();
    FeatureStore store = FeatureStore.inMemory(InstantSource.fixed(FlightYear.AFTERWARDS));
    store.ingest(FlightFeatures.WEATHER, data.weatherKnownBefore(FlightYear.AFTERWARDS));
    store.ingest(FlightFeatures.CONGESTION, data.departuresBefore(FlightYear.AFTERWARDS));
    TrainingSet all =
        store.trainingSet(FlightFeatures.FEATURES, data.flights(), FlightFeatures.LATE);
    year = all.dataset();
    asked = new Instant[year.rowCount()];
    Arrays.setAll(asked, all::askedAt);
    Dataset half = between(FlightYear.START, FlightYear.SERVING);
    training = ProfileSeries.byWeek(half, TrainingSet.ASKED_AT);
  }

  private static Dataset between(Instant from, Instant to) {
    int[] rows = new int[asked.length];
    int size = 0;
    for (int row = 0; row < asked.length; row++) {
      if (!asked[row].isBefore(from) && asked[row].isBefore(to)) {
        rows[size++] = row;
      }
    }
    return year.select(Arrays.copyOf(rows, size));
  }

  private static ProfileSeries.Window window(Instant start) {
    return window(start, between(start, start.plus(WEEK)));
  }

  private static ProfileSeries.Window window(Instant start, Dataset rows) {
    return new ProfileSeries.Window(
        start, start.plus(WEEK), DatasetProfile.of(rows, training.overall()));
  }

  private static List<ProfileSeries.Window> weeksTo(Instant end, int weeks) {
    List<ProfileSeries.Window> windows = new ArrayList<>();
    for (int i = weeks; i > 0; i--) {
      windows.add(window(end.minus(WEEK.multipliedBy(i))));
    }
    return windows;
  }

  private static Verdict of(List<Verdict> verdicts, String column) {
    return verdicts.stream().filter(v -> v.column().equals(column)).findFirst().orElseThrow();
  }

  @Test
  void kolmogorovSmirnovFlagsEveryWeekOfTheWeather() {
    for (String column :
        List.of(
            "weather.temperature", "weather.wind_speed", "weather.pressure", "weather.humidity")) {
      int flagged = 0;
      int weeks = 0;
      for (Instant start = FIRST; start.isBefore(OCTOBER); start = start.plus(WEEK)) {
        Instant end = start.plus(WEEK);
        Instant from = start;
        NumericPair pair =
            NumericPair.of(
                numbers(
                    column, at -> at.isBefore(OCTOBER) && (at.isBefore(from) || !at.isBefore(end))),
                numbers(column, at -> !at.isBefore(from) && at.isBefore(end)));
        flagged += KolmogorovSmirnov.of(pair).p() <= 0.05 ? 1 : 0;
        weeks++;
      }
      assertThat(flagged).as(column).isEqualTo(weeks).isGreaterThanOrEqualTo(38);
    }
  }

  private static double[] numbers(String column, Predicate<Instant> when) {
    double[] numbers = new double[year.rowCount()];
    int size = 0;
    for (int row = 0; row < numbers.length; row++) {
      double value = year.doubles(column).doubleAt(row);
      if (!year.column(column).isMissing(row) && Double.isFinite(value) && when.test(asked[row])) {
        numbers[size++] = value;
      }
    }
    return Arrays.copyOf(numbers, size);
  }

  @Test
  void withEachWeekOfTheTrainingLeftOutAtMostOneVerdictInTwentyIsAnAlert() {
    for (ReferenceCheck check : ReferenceCheck.of(training, 1, 4, 8)) {
      assertThat(check.verdicts()).isGreaterThan(300);
      assertThat(check.rate()).as("%s: %s", check, check.alerts()).isLessThanOrEqualTo(0.05);
    }
  }

  @Test
  void theCalmOfSeptemberAndOctoberIsFoundByTheEndOfOctober() {
    List<String> found = new ArrayList<>();
    Instant end = Instant.parse("2013-10-28T00:00:00Z");
    for (Instant to = OCTOBER; !to.isAfter(end); to = to.plus(WEEK)) {
      for (int weeks : new int[] {4, 8}) {
        for (Verdict verdict : ProfileDrift.against(training, weeksTo(to, weeks))) {
          if (verdict.isAlert()) {
            found.add(verdict.column() + " " + weeks);
          }
        }
      }
    }
    assertThat(found).contains("late 4", "congestion.mean_delay_3h 8");
  }

  @Test
  void aThermometerThatSwitchesToCelsiusInJulyIsFoundFromOneWeekToTheNext() {
    Instant july = Instant.parse("2013-07-08T00:00:00Z");
    ProfileSeries.Window before = window(july.minus(WEEK));
    List<Verdict> asItWas = ProfileDrift.sincePrevious(training, before, window(july));
    assertThat(of(asItWas, "weather.temperature").status()).isEqualTo(Verdict.Status.OK);

    Dataset rows = between(july, july.plus(WEEK));
    Dataset celsius = with(rows, "weather.temperature", f -> (f - 32) / 1.8);
    List<Verdict> switched = ProfileDrift.sincePrevious(training, before, window(july, celsius));
    Verdict verdict = of(switched, "weather.temperature");
    assertThat(verdict.isAlert()).as(verdict.words()).isTrue();
    assertThat(verdict.effect()).isNegative();
  }

  private static Dataset with(Dataset rows, String column, UnaryOperator<Double> change) {
    DatasetBuilder builder = Dataset.builder(rows.schema());
    List<Field> fields = rows.schema().fields();
    for (int i = 0; i < rows.rowCount(); i++) {
      Row row = rows.row(i);
      Object[] values = new Object[fields.size()];
      for (int j = 0; j < values.length; j++) {
        Object value = row.value(j);
        boolean changed = fields.get(j).name().equals(column) && value != null;
        values[j] = changed ? change.apply((Double) value) : value;
      }
      builder.add(values);
    }
    return builder.build();
  }
}
