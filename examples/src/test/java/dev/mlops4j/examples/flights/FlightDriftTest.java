package dev.mlops4j.examples.flights;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Field;
import dev.mlops4j.data.Row;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.GoldenSample;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.Signature;
import dev.mlops4j.model.TrainingData;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.MonitorReference;
import dev.mlops4j.monitoring.ProfileDrift;
import dev.mlops4j.monitoring.ReferenceCheck;
import dev.mlops4j.monitoring.Verdict;
import dev.mlops4j.monitoring.WindowReport;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What drift verdicts say of a year of flights, week by week, as the model sees them. */
class FlightDriftTest {

  private static final Duration WEEK = Duration.ofDays(7);

  /** A Monday. */
  private static final Instant FIRST = Instant.parse("2012-12-31T00:00:00Z");

  /** The end of the week of the last day of September. */
  private static final Instant OCTOBER = Instant.parse("2013-09-30T00:00:00Z");

  private static TrainingSet all;
  private static Dataset year;
  private static Instant[] asked;
  private static ProfileSeries training;

  @BeforeAll
  static void read() {
    FlightData data = FlightData.read();
    FeatureStore store = FeatureStore.inMemory(InstantSource.fixed(FlightYear.AFTERWARDS));
    store.ingest(FlightFeatures.WEATHER, data.weatherKnownBefore(FlightYear.AFTERWARDS));
    store.ingest(FlightFeatures.CONGESTION, data.departuresBefore(FlightYear.AFTERWARDS));
    all = store.trainingSet(FlightFeatures.FEATURES, data.flights(), FlightFeatures.LATE);
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

  @Test
  void aMonitorFindsTheSwitchWithThePreviousWindowAsItsReference(@TempDir Path directory) {
    Instant monday = Instant.parse("2013-07-01T00:00:00Z");
    Instant switched = monday.plus(WEEK.multipliedBy(2));
    List<WindowReport> reports =
        watched(
            directory,
            MonitorReference.previousWindow(),
            monday,
            switched.plus(WEEK),
            (at, f) -> at.isBefore(switched) ? f : (f - 32) / 1.8);
    assertThat(reports).hasSize(3);
    assertThat(of(reports.get(1).verdicts(), "weather.temperature").isAlert()).isFalse();
    assertThat(reports.get(2).alerts()).extracting(Verdict::column).contains("weather.temperature");
  }

  @Test
  void aMonitorFindsTheCalmOfSeptemberWithTheTrainingAsItsReference(@TempDir Path directory) {
    List<WindowReport> reports =
        watched(
            directory,
            MonitorReference.training(),
            Instant.parse("2013-08-05T00:00:00Z"),
            Instant.parse("2013-10-07T00:00:00Z"),
            (at, f) -> f);
    assertThat(reports)
        .flatExtracting(WindowReport::alerts)
        .extracting(Verdict::column)
        .contains("late");
  }

  /** What a monitor says of these weeks; each flight is served with its vector of training. */
  private static List<WindowReport> watched(
      Path directory,
      MonitorReference reference,
      Instant from,
      Instant to,
      BiFunction<Instant, Double, Double> temperature) {
    AtomicReference<Instant> now = new AtomicReference<>(from);
    int width = all.signature().width();
    double[] vectors = all.vectors();
    double[] labels = all.labels();
    int at = all.signature().names().indexOf("weather.temperature");
    try (Workspace workspace = Workspace.at(directory.resolve("ws")).clock(now::get).open();
        Monitor<Flight, Boolean> monitor =
            Monitor.of("flight-delay", FlightFeatures.LATE)
                .in(workspace)
                .reference(reference)
                .build()) {
      try (Run run = Tracking.in(workspace).start("flight-delay")) {
        ModelPackage made = ModelPackage.of(new Quarter(all.signature()), new FirstHalf(training));
        Registry.in(workspace).register("flight-delay", run.log(made));
      }
      for (int row = 0; row < asked.length; row++) {
        if (!asked[row].isBefore(from) && asked[row].isBefore(to)) {
          double[] vector = Arrays.copyOfRange(vectors, row * width, (row + 1) * width);
          vector[at] = temperature.apply(asked[row], vector[at]);
          monitor.predicted(
              new Prediction(
                  "f" + row,
                  "flight-delay",
                  1,
                  asked[row],
                  all.signature(),
                  vector,
                  new double[] {0.25}));
          monitor.outcome("f" + row, labels[row] != 0);
        }
      }
      now.set(to.plus(Duration.ofDays(1)));
      return monitor.evaluate();
    }
  }

  /** Says that a quarter is late. */
  private record Quarter(Signature signature) implements PortableModel {

    @Override
    public void predict(double[] vector, double[] output) {
      output[0] = 0.25;
    }

    @Override
    public String format() {
      return "constant";
    }

    @Override
    public SortedMap<String, byte[]> files() {
      return new TreeMap<>(Map.of("model.txt", new byte[] {1}));
    }
  }

  /** What a package takes of the training from January to June. */
  private record FirstHalf(ProfileSeries profile) implements TrainingData {

    @Override
    public Signature signature() {
      return all.signature();
    }

    @Override
    public String featureSet() {
      return all.featureSet();
    }

    @Override
    public @Nullable Digest featureFingerprint() {
      return all.featureFingerprint();
    }

    @Override
    public List<GoldenSample> goldenSamples() {
      return List.of();
    }

    @Override
    public List<DatasetReference> datasets() {
      return List.of();
    }

    @Override
    public double[] vectors() {
      return new double[0];
    }

    @Override
    public double[] labels() {
      return new double[0];
    }

    @Override
    public int rowCount() {
      return 0;
    }

    @Override
    public ProfileSeries referenceProfile(double[] outputs) {
      return profile;
    }
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
