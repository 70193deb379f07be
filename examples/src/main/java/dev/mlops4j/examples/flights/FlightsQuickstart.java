package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.examples.flights.FlightModels.Candidate;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.List;
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
    FlightData data = read();
    FlightTraining flightTraining =
        new FlightTraining(console, workspace, features, registry, data);
    Candidate first =
        new FlightModels(console, flightTraining, tracking, registry).trainAndPromote();
    List<Flight> secondHalf =
        data.flights().stream().filter(flight -> !FlightYear.isTraining(flight)).toList();
    TrainingSet judging = flightTraining.sets(FlightYear.SERVING).judging();
    FlightService service =
        new FlightService(console, workspace, features, registry, flightTraining, clock, data);
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

  private FlightData read() {
    Console.Step step = console.step(1, "workspace and data").doing("reading the files");
    found();
    FlightData data = FlightData.read();
    step.done(
        "%,d flights and %,d readings of the weather",
        data.flights().size(), data.weather().rowCount());
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
}
