package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.CONGESTION;
import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightFeatures.WEATHER;
import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.examples.flights.FlightTraining.Candidate;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.IngestResult;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.validation.ValidationReport;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.logging.Level;
import java.util.logging.Logger;

/**
 * The whole life of a model on a year of real flights: which of them will arrive late?
 *
 * <p>Started again in the same directory, also after it was killed, it finds what is there and goes
 * on.
 */
public final class FlightsQuickstart {

  private static final int STEPS = 10;

  /** Tribuo says with java.util.logging what this program says itself. */
  private static final Logger TRIBUO = Logger.getLogger("org.tribuo");

  private static final double LEAST_AUC = 0.72;

  /** What changed in September and October and must have been noticed by the end of it. */
  private static final List<String> DUE =
      List.of("predicted against actual", LATE.name(), "congestion.mean_delay_3h");

  private static final Instant ALERTS_DUE =
      LocalDate.of(2013, 11, 1).atStartOfDay(FlightFeatures.NEW_YORK).toInstant();

  private final Console console;
  private final ReplayClock clock;
  private final Workspace workspace;
  private final FeatureStore features;
  private final Tracking tracking;
  private final Registry registry;

  private FlightsQuickstart(Console console, Workspace workspace, ReplayClock clock) {
    this.console = console;
    this.clock = clock;
    this.workspace = workspace;
    this.features = FeatureStore.in(workspace);
    this.tracking = Tracking.in(workspace);
    this.registry = Registry.in(workspace);
  }

  /**
   * Runs the program.
   *
   * @param args the directory of the workspace; {@code flights-workspace} if it is not given
   */
  @SuppressWarnings("ClosingStandardOutputStreams") // closing a console does not close its stream
  public static void main(String[] args) {
    Path directory = Path.of(args.length > 0 ? args[0] : "flights-workspace").toAbsolutePath();
    ReplayClock clock = new ReplayClock(FlightYear.SERVING);
    TRIBUO.setLevel(Level.WARNING);
    try (Console console = new Console(System.out, STEPS);
        Workspace workspace = Workspace.at(directory).clock(clock).open()) {
      new FlightsQuickstart(console, workspace, clock).run();
    } catch (RuntimeException e) {
      e.printStackTrace();
      System.out.println("workspace: " + directory);
      System.out.println("quickstart: failed: " + e.getMessage());
      System.exit(1);
    }
  }

  private void run() {
    FlightData data = ingest();
    check(data);
    List<Flight> firstHalf = data.flights().stream().filter(FlightYear::isTraining).toList();
    List<Flight> secondHalf =
        data.flights().stream().filter(flight -> !FlightYear.isTraining(flight)).toList();
    Console.Step step =
        console.step(3, "training sets, point in time").doing("joining January to June");
    TrainingSet training = features.trainingSet(FEATURES, firstHalf, LATE);
    step.doing("joining July to December");
    TrainingSet judging = wholeYear(data).trainingSet(FEATURES, secondHalf, LATE);
    step.done(
        "%,d flights of January to June (left out: %,d without a label, %,d not yet landed), %,d of"
            + " July to December (%,d without a label); %d features",
        training.rowCount(),
        training.leftOutWithoutLabel(),
        training.leftOutNotYetKnown(),
        judging.rowCount(),
        judging.leftOutWithoutLabel(),
        training.signature().width());
    FlightTraining flightTraining = new FlightTraining(tracking, registry);
    FlightModels models = new FlightModels(console, flightTraining, tracking, registry);
    Candidate first = models.trainAndPromote(training, judging);
    FlightRetraining retraining =
        new FlightRetraining(console, features, registry, flightTraining, data.flights());
    FlightService service =
        new FlightService(console, workspace, features, registry, retraining, clock, data);
    FlightService.Served served = service.serve(new OfflineVectors(judging, secondHalf));
    conclude(first, served, secondHalf.size());
  }

  /** Holds the results against what must come out, and prints the last lines. */
  private void conclude(Candidate first, FlightService.Served served, int flights) {
    List<String> problems = new ArrayList<>();
    require(problems, first.auc() >= LEAST_AUC, "the AUC is below " + LEAST_AUC);
    require(problems, served.skew() == 0, served.skew() + " vectors differ online and offline");
    require(problems, served.vectors() > 0, "no vector could be compared");
    require(
        problems,
        served.predictions() == flights,
        served.predictions() + " of " + flights + " flights were answered");
    for (String column : DUE) {
      require(
          problems,
          served.alerts().stream()
              .anyMatch(
                  alert -> alert.column().equals(column) && alert.raisedAt().isBefore(ALERTS_DUE)),
          "no alert of \"" + column + "\" by the end of October");
    }
    if (!problems.isEmpty()) {
      throw new IllegalStateException(String.join("; ", problems));
    }
    console.line("report: %s", served.report());
    console.line("workspace: %s", workspace.directory());
    console.line(
        "quickstart: ok auc=%.4f skew=%d served=%d versions=%d",
        first.auc(), served.skew(), served.predictions(), registry.versions(MODEL).size());
  }

  private static void require(List<String> problems, boolean holds, String otherwise) {
    if (!holds) {
      problems.add(otherwise);
    }
  }

  private FlightData ingest() {
    Console.Step step = console.step(1, "workspace and data").doing("reading the files");
    found();
    FlightData data = FlightData.read();
    IngestResult weather = features.ingest(WEATHER, data.weatherKnownBefore(FlightYear.SERVING));
    step.doing("ingesting the departures");
    IngestResult departures =
        features.ingest(CONGESTION, data.departuresBefore(FlightYear.SERVING));
    step.done(
        "January to June: %,d readings of the weather (%,d new) and %,d departures (%,d new)",
        weather.rows(), weather.added(), departures.rows(), departures.added());
    return data;
  }

  /** Says what earlier starts left in the workspace. */
  private void found() {
    int runs = tracking.runs(MODEL, RunStatus.FINISHED).size();
    if (runs > 0) {
      int versions = registry.models().contains(MODEL) ? registry.versions(MODEL).size() : 0;
      console.detail(
          "an earlier start left %d finished runs and %d versions; going on from there",
          runs, versions);
    }
  }

  private void check(FlightData data) {
    Console.Step step = console.step(2, "checks");
    Dataset flights =
        data.flightRows()
            .filter(
                row ->
                    Objects.requireNonNull(row.instant("scheduled_departure"))
                        .isBefore(FlightYear.SERVING));
    Dataset weather = data.weatherKnownBefore(FlightYear.SERVING);
    List<ValidationReport> reports =
        List.of(
            FlightChecks.flights(FlightYear.START, FlightYear.SERVING).check(flights),
            FlightChecks.weather(FlightYear.START, FlightYear.SERVING).check(weather));
    if (!reports.stream().allMatch(ValidationReport::passed)) {
      reports.forEach(report -> console.detail("%s", report.text()));
      throw new IllegalStateException("the data is not what it must be, nothing is trained on it");
    }
    step.done("%d expectations hold", reports.stream().mapToInt(r -> r.results().size()).sum());
  }

  /** A store in memory that knows the whole year, to judge by. */
  private static FeatureStore wholeYear(FlightData data) {
    FeatureStore year = FeatureStore.inMemory(InstantSource.fixed(FlightYear.AFTERWARDS));
    year.ingest(WEATHER, data.weatherKnownBefore(FlightYear.AFTERWARDS));
    year.ingest(CONGESTION, data.departuresBefore(FlightYear.AFTERWARDS));
    return year;
  }
}
