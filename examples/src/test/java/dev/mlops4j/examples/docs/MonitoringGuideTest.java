package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.SmallFlights.CONGESTION;
import static dev.mlops4j.examples.docs.SmallFlights.FEATURES;
import static dev.mlops4j.examples.docs.SmallFlights.LATE;
import static dev.mlops4j.examples.docs.SmallFlights.WEATHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Csv;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.RowSource;
import dev.mlops4j.data.Schema;
import dev.mlops4j.examples.docs.SmallFlights.Flight;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.micrometer.MonitorMeters;
import dev.mlops4j.model.Prediction;
import dev.mlops4j.monitoring.Alert;
import dev.mlops4j.monitoring.AlertKind;
import dev.mlops4j.monitoring.DriftReport;
import dev.mlops4j.monitoring.DriftSegments;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.MonitorReference;
import dev.mlops4j.monitoring.MonitorReport;
import dev.mlops4j.monitoring.ProfileDrift;
import dev.mlops4j.monitoring.ReferenceCheck;
import dev.mlops4j.monitoring.Retraining;
import dev.mlops4j.monitoring.SegmentDrift;
import dev.mlops4j.monitoring.ServedProfiles;
import dev.mlops4j.monitoring.SkewReport;
import dev.mlops4j.monitoring.Verdict;
import dev.mlops4j.monitoring.WindowReport;
import dev.mlops4j.monitoring.statistics.KolmogorovSmirnov;
import dev.mlops4j.monitoring.statistics.NumericPair;
import dev.mlops4j.monitoring.statistics.PopulationStabilityIndex;
import dev.mlops4j.monitoring.statistics.TestResult;
import dev.mlops4j.monitoring.statistics.Wasserstein;
import dev.mlops4j.profile.DatasetProfile;
import dev.mlops4j.profile.DatasetProfiler;
import dev.mlops4j.profile.ProfileSeries;
import dev.mlops4j.profile.SegmentedProfile;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.workspace.Workspace;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/monitoring.md: in the twelfth week no flight is late any more. */
final class MonitoringGuideTest {

  @TempDir Path files;

  @Test
  void aWeekWithoutLateFlightsAlerts() throws IOException {
    Path weatherFile = files.resolve("weather.csv");
    Path departuresFile = files.resolve("departures.csv");
    SmallFlights.writeWeather(weatherFile, 12);
    SmallFlights.writeDepartures(departuresFile, 12);
    Instant serving = SmallFlights.START.plus(Duration.ofDays(11 * 7));
    AtomicReference<Instant> now = new AtomicReference<>(serving);
    List<String> pager = new ArrayList<>();
    List<Instant> trained = new ArrayList<>();
    try (Workspace workspace = Workspace.at(files.resolve("ws")).clock(now::get).open()) {
      FeatureStore features = FeatureStore.in(workspace);
      Registry registry = Registry.in(workspace);
      features.ingest(WEATHER, Csv.read(weatherFile));
      features.ingest(CONGESTION, Csv.read(departuresFile));
      ModelVersion version =
          trainAndPromote(
              workspace, features.trainingSet(FEATURES, SmallFlights.flights(1, 10), LATE));

      // region retraining
      Retraining retraining =
          Retraining.of("flight-delay")
              .in(workspace)
              .on(AlertKind.LABEL_DRIFT, AlertKind.CALIBRATION)
              .coolDown(Duration.ofDays(28))
              .run(
                  trigger -> {
                    trained.add(trigger.triggeredAt()); // here: train, compare, perhaps promote
                    return "a sentence that says what came of it";
                  })
              .build();
      // endregion

      // region monitor
      try (Monitor<Flight, Boolean> monitor =
              Monitor.of("flight-delay", LATE)
                  .in(workspace)
                  .window(Duration.ofDays(7))
                  .spans(1, 4, 8) // verdicts over the last week, four weeks, eight weeks
                  .outcomeGrace(Duration.ofDays(1))
                  .featureLog(FEATURES, 1) // keep the requests too; of 1 % unless stated
                  .alertTo(alert -> pager.add(alert.toString()))
                  .alertTo(retraining)
                  .build();
          Predictor<Flight> predictor =
              Predictor.of(FEATURES)
                  .online(features)
                  .follow(registry, "flight-delay", Stage.PRODUCTION)
                  .listener(monitor)
                  .build()) {
        // endregion
        retraining.resume();
        for (Flight flight : SmallFlights.flights(11, 1)) {
          now.set(FEATURES.askedAt(flight).orElseThrow());
          Prediction prediction = predictor.predict(flight);
          monitor.outcome(prediction.id(), false);
        }
        now.set(serving.plus(Duration.ofDays(9)));

        // region evaluate
        for (WindowReport report : monitor.evaluate()) { // call it daily, hourly, as you like
          System.out.println(report.heading()); // rows, AUC, log loss, predicted, actual
          for (Verdict verdict : report.alerts()) {
            System.out.println(verdict.column() + ": " + verdict.words());
          }
        }
        List<Alert> alerts = monitor.alerts(); // all that were ever raised
        long dropped = monitor.droppedCount(); // predictions it could not record
        // endregion

        // region monitor-report
        MonitorReport found = monitor.report(); // the last 52 windows, or report(from, to)
        System.out.println(found.summary());
        found.writeHtml(files.resolve("report.html")); // one file, opens offline
        String comment = found.toMarkdown();
        String state = found.toJson();
        // endregion
        assertThat(found.openAlerts()).isNotEmpty();
        assertThat(files.resolve("report.html")).isNotEmptyFile();
        assertThat(comment).contains("| ALERT | late |");
        assertThat(state).startsWith("{\"form\":1");

        // region meters
        MonitorMeters meters = new MonitorMeters("flight-delay"); // of mlops-micrometer
        meters.bindTo(new SimpleMeterRegistry());
        meters.show(monitor.report()); // after each evaluation
        // endregion

        Instant end = serving.plus(Duration.ofDays(7));
        // region served
        ProfileSeries before = registry.load(version).referenceProfile();
        ServedProfiles served = monitor.profiles(version.number(), serving, end);
        List<Verdict> verdicts = ProfileDrift.between(before.overall(), served.overall());
        List<Verdict> byWeeks = ProfileDrift.against(before, served.byWindow());
        SegmentedProfile byCarrier = served.bySegment("carrier");
        // endregion
        assertThat(verdicts)
            .filteredOn(Verdict::isAlert)
            .extracting(Verdict::column)
            .contains("late");
        assertThat(byWeeks).extracting(Verdict::status).doesNotContain(Verdict.Status.ERROR);
        assertThat(byCarrier.overall()).isEqualTo(served.overall());

        // region skew
        SkewReport skew =
            SkewReport.of(monitor, FEATURES, features)
                .between(serving, serving.plus(Duration.ofDays(7)))
                .run();
        System.out.println(skew); // by feature: compared, differ, largest difference, examples
        Files.writeString(files.resolve("skew.json"), skew.toJson());
        // endregion

        assertThat(skew.withoutSkew()).isTrue();
        assertThat(skew.compared()).isGreaterThan(100);
        assertThat(alerts).extracting(Alert::kind).contains(AlertKind.LABEL_DRIFT);
        assertThat(pager).isNotEmpty();
        assertThat(dropped).isZero();
      }
      assertThat(retraining.history()).hasSize(1);
      assertThat(trained).hasSize(1);

      // region check
      for (ReferenceCheck check : ReferenceCheck.of(registry.load(version), 1)) {
        System.out.println("training weeks " + check); // how many verdicts would have alerted
      }
      // endregion
    }
  }

  @Test
  void aMonitorComparesWithWhatItsReferenceSays() {
    Instant spring = SmallFlights.START;
    try (Workspace workspace = Workspace.open(files.resolve("references"))) {
      // region reference
      Monitor<Flight, Boolean> jumps =
          Monitor.of("flight-delay", LATE)
              .in(workspace)
              .reference(MonitorReference.previousWindow())
              .build();
      Monitor<Flight, Boolean> sinceSpring =
          Monitor.of("flight-delay", LATE)
              .in(workspace)
              .reference(MonitorReference.served(spring, spring.plus(Duration.ofDays(16 * 7))))
              .build();
      // endregion
      assertThat(jumps.report().reference()).isNotEqualTo(sinceSpring.report().reference());
    }
  }

  private static ModelVersion trainAndPromote(Workspace workspace, TrainingSet training) {
    Registry registry = Registry.in(workspace);
    try (Run run = Tracking.in(workspace).start("flight-delay")) {
      var model = TribuoLogisticRegression.classifier().train(training, run);
      ModelVersion version = registry.register("flight-delay", run.log(model.packaged(training)));
      return registry
          .promote(version)
          .to(Stage.PRODUCTION)
          .expecting(null)
          .because("first")
          .commit();
    }
  }

  private static Dataset weather(Instant from, int hours, double wind) {
    DatasetBuilder rows =
        Dataset.builder(
            Schema.builder()
                .required("asked_at", ColumnType.TIMESTAMP)
                .required("carrier", ColumnType.STRING)
                .required("wind", ColumnType.FLOAT64)
                .build());
    Random random = new Random(hours);
    for (int hour = 0; hour < hours; hour++) {
      String carrier = hour % 2 == 0 ? "AA" : "DL";
      rows.add(from.plusSeconds(hour * 3_600L), carrier, wind + random.nextGaussian());
    }
    return rows.build();
  }

  private static double[] winds(Dataset rows) {
    return IntStream.range(0, rows.rowCount())
        .mapToDouble(rows.doubles("wind")::doubleAt)
        .toArray();
  }

  @Test
  void profilesAreComparedWithoutAMonitor() {
    Dataset training = weather(Instant.parse("2013-01-07T00:00:00Z"), 20 * 168, 9);
    Dataset today = weather(Instant.parse("2013-07-01T00:00:00Z"), 168, 12);
    // region profiles
    ProfileSeries reference = ProfileSeries.byWeek(training, "asked_at");
    DatasetProfile now = DatasetProfile.of(today, reference.overall()); // in the same bins
    List<Verdict> verdicts = ProfileDrift.between(reference.overall(), now);

    SegmentedProfile before = SegmentedProfile.of(training, "carrier", reference.overall());
    SegmentedProfile after = SegmentedProfile.of(today, "carrier", reference.overall());
    Map<String, List<Verdict>> byCarrier = ProfileDrift.bySegment(before, after);
    // endregion
    assertThat(verdicts).filteredOn(Verdict::isAlert).extracting(Verdict::column).contains("wind");
    assertThat(byCarrier.get("DL")).extracting(Verdict::isAlert).contains(true);
    double[] windThen = winds(training);
    double[] windNow = winds(today);
    // region statistics
    NumericPair wind = NumericPair.of(reference.overall().numbers("wind"), now.numbers("wind"));
    TestResult test = KolmogorovSmirnov.of(wind); // statistic and p
    double stability = PopulationStabilityIndex.of(wind.inBins(5, 10, 20), 1e-4);
    double moved = Wasserstein.inDeviations(NumericPair.of(windThen, windNow)); // of arrays
    // endregion
    assertThat(moved).isBetween(2.5, 3.5);
    assertThat(test.p()).isLessThan(1e-9);
    assertThat(stability).isGreaterThan(0.25);
  }

  @Test
  void aStreamIsProfiledBatchByBatch() {
    Instant from = Instant.parse("2013-07-01T00:00:00Z");
    Instant to = from.plus(Duration.ofDays(7));
    Dataset training = weather(Instant.parse("2013-01-07T00:00:00Z"), 20 * 168, 9);
    ProfileSeries reference = ProfileSeries.byWeek(training, "asked_at");
    Dataset whole = weather(from, 168, 12);
    Schema schema = whole.schema();
    RowSource source =
        (start, end, batches) -> {
          batches.accept(whole.filter(row -> "AA".equals(row.text("carrier"))));
          batches.accept(whole.filter(row -> "DL".equals(row.text("carrier"))));
        };
    // region stream
    DatasetProfiler profiler = DatasetProfiler.of(schema, reference.overall());
    source.read(from, to, profiler::add); // or addRow(...), row by row
    DatasetProfile now = profiler.profile();
    // endregion
    assertThat(now).isEqualTo(DatasetProfile.of(whole, reference.overall()));
  }

  @Test
  void twoSamplesBecomeAReport(@TempDir Path directory) throws IOException {
    Dataset training = weather(Instant.parse("2013-01-07T00:00:00Z"), 20 * 168, 9);
    Dataset today = weather(Instant.parse("2013-07-01T00:00:00Z"), 168, 12);
    Path file = directory.resolve("drift.html");
    // region report
    DriftReport report = DriftReport.between(training, today); // or of profiles
    System.out.println(report.summary());
    report.writeHtml(file); // one file, opens offline
    String forAPullRequest = report.toMarkdown();
    String forPrograms = report.toJson();
    // endregion
    assertThat(report.alerts()).extracting(Verdict::column).contains("wind");
    assertThat(Files.readString(file)).contains("Wasserstein");
    assertThat(forAPullRequest).contains("| wind |");
    assertThat(forPrograms).startsWith("{\"form\":1");

    Map<String, Double> importance = Map.of("wind", 1.0);
    // region segments
    DriftReport byCarrier =
        DriftReport.bySegment(training, today, "carrier", 2) // on two threads; or of two profiles
            .rankedBy(importance);
    DriftSegments segments = byCarrier.segments().orElseThrow();
    for (SegmentDrift segment : segments.alerts()) { // the worst first
      Verdict worst = segment.alerts().get(0);
      System.out.println(segment.key() + ": " + worst.column() + ", " + worst.words());
    }
    // endregion
    assertThat(segments.alerts()).extracting(SegmentDrift::key).contains("AA", "DL");
    assertThat(segments.alerts().get(0).alerts().get(0).column()).isEqualTo("wind");
  }
}
