package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.monitoring.Alert;
import dev.mlops4j.monitoring.AlertKind;
import dev.mlops4j.monitoring.Monitor;
import dev.mlops4j.monitoring.ReferenceCheck;
import dev.mlops4j.monitoring.Retraining;
import dev.mlops4j.monitoring.RetrainingRecord;
import dev.mlops4j.monitoring.WindowReport;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.serving.Predictor;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * Serves July to December one flight at a time and watches over it, while an alert may start a
 * retraining and another version take over.
 */
final class FlightService {

  /** The calm of September, within its first two weeks. */
  private static final Instant CALM_SEEN_BY = Instant.parse("2013-09-16T00:00:00Z");

  /** What came in so shortly before the end of an earlier start may not have been recorded. */
  private static final Duration MARGIN = Duration.ofDays(2);

  private static final double MOST_FALSE_ALERTS = 0.05;

  /** One retraining is enough for half a year. */
  private static final Duration COOL_DOWN = Duration.ofDays(182);

  private final Console console;
  private final Workspace workspace;
  private final FeatureStore features;
  private final Registry registry;
  private final FlightTraining flightTraining;
  private final ReplayClock clock;
  private final FlightData data;

  FlightService(
      Console console,
      Workspace workspace,
      FeatureStore features,
      Registry registry,
      FlightTraining flightTraining,
      ReplayClock clock,
      FlightData data) {
    this.console = console;
    this.workspace = workspace;
    this.features = features;
    this.registry = registry;
    this.flightTraining = flightTraining;
    this.clock = clock;
    this.data = data;
  }

  /**
   * What came of it.
   *
   * @param predictions how many predictions the ledger holds
   * @param vectors how many of them could be compared with the offline vectors of their flights
   * @param skew how many of those differ in a bit
   * @param alerts the alerts that were raised
   * @param report the page with what the monitor found
   */
  record Served(long predictions, int vectors, int skew, List<Alert> alerts, Path report) {}

  Served serve(OfflineVectors offline) {
    Retraining retraining =
        Retraining.of(MODEL)
            .in(workspace)
            .on(AlertKind.CALIBRATION)
            .coolDown(COOL_DOWN)
            .pipeline(trigger -> flightTraining.launch(FlightModel.XGBOOST, trigger.triggeredAt()))
            .build();
    try (Monitor<Flight, Boolean> monitor =
            Monitor.of(MODEL, LATE)
                .in(workspace)
                .alertTo(alert -> console.detail("ALERT %s", alert))
                .alertTo(retraining)
                .build();
        Predictor<Flight> predictor =
            Predictor.of(FEATURES)
                .online(features)
                .follow(registry, MODEL, Stage.PRODUCTION)
                .listener(monitor)
                .pollInterval(Duration.ofMillis(100))
                .build()) {
      retraining.resume();
      replay(monitor, predictor);
      requireSuccess(retraining);
      requireCalmWasSeen(monitor.alerts());
      Served served = compare(monitor, offline);
      rollBack(predictor);
      return served;
    }
  }

  private void replay(Monitor<Flight, Boolean> monitor, Predictor<Flight> predictor) {
    Console.Step watching = console.step(8, "monitoring");
    checkReference();
    Console.Step step = console.step(7, "serving July to December");
    Set<String> answered = new HashSet<>();
    monitor.predictions(FlightYear.START, FlightYear.END, p -> answered.add(p.id()));
    Instant from =
        monitor.lastPredictionAt().map(last -> last.minus(MARGIN)).orElse(FlightYear.SERVING);
    if (!answered.isEmpty()) {
      console.detail("%,d flights were answered by an earlier start", answered.size());
    }
    Replay replay = new Replay(data.flights(), data.weather(), features, predictor, monitor, clock);
    replay.play(
        later(FlightYear.SERVING, from),
        answered,
        () -> watch(monitor),
        (done, questions) -> step.progress("flights", done, questions));
    clock.set(FlightYear.END.plus(MARGIN));
    watch(monitor);
    monitor.flush();
    if (replay.served() == 0) {
      step.done("an earlier start had answered all");
    } else {
      step.done(
          "%,d answered one at a time: %,.0f predictions/s, p50 %.0f us, p99 %.0f us; dropped by"
              + " the monitor: %d",
          replay.served(),
          replay.served() / replay.seconds(),
          replay.micros(0.5),
          replay.micros(0.99),
          monitor.droppedCount());
    }
    watching.done("%d alerts in 26 weeks", monitor.alerts().size());
  }

  private void watch(Monitor<Flight, Boolean> monitor) {
    for (WindowReport report : monitor.evaluate()) {
      if (report.periods() == 1 && report.outcomesIn()) {
        console.detail("%s", report.heading());
      }
    }
  }

  /** How often the training weeks would have alerted, each held against all others. */
  private void checkReference() {
    ModelVersion version = Objects.requireNonNull(registry.production(MODEL));
    for (ReferenceCheck check : ReferenceCheck.of(registry.load(version), 1, 4, 8)) {
      console.detail("training weeks %s", check);
      if (!(check.rate() <= MOST_FALSE_ALERTS)) {
        throw new IllegalStateException("the training weeks alert too often: " + check.alerts());
      }
    }
  }

  private Served compare(Monitor<Flight, Boolean> monitor, OfflineVectors offline) {
    OfflineVectors.Comparison comparison = offline.comparison(registry);
    monitor.predictions(FlightYear.START, FlightYear.END, comparison::compare);
    console.detail(
        "%,d vectors that were served compared with the offline ones, bit for bit: %d differ",
        comparison.compared(), comparison.differing());
    Path report = workspace.directory().resolve("report.html");
    monitor.report().writeHtml(report);
    return new Served(
        monitor.predictionCount(),
        comparison.compared(),
        comparison.differing(),
        monitor.alerts(),
        report);
  }

  private void rollBack(Predictor<Flight> predictor) {
    Console.Step step = console.step(10, "rollback");
    int before = predictor.refresh().version();
    if (!wasRolledBack()) {
      registry.rollback(MODEL, "to show that it takes one call");
    }
    int after = predictor.refresh().version();
    console.detail("%s", FlightHistory.of(registry.history(MODEL)));
    step.done("the predictor served version %d, and now version %d", before, after);
  }

  private boolean wasRolledBack() {
    return registry.history(MODEL).stream()
        .anyMatch(
            entry ->
                entry instanceof StageChange change
                    && change.cause() == StageChange.Cause.ROLLBACK);
  }

  /** In September fewer flights are late than the model predicts: that must be seen soon. */
  private static void requireCalmWasSeen(List<Alert> alerts) {
    boolean seen =
        alerts.stream()
            .filter(alert -> alert.kind() == AlertKind.CALIBRATION)
            .anyMatch(alert -> !alert.firstEnd().isAfter(CALM_SEEN_BY));
    if (!seen) {
      throw new IllegalStateException(
          "predicted against actual did not alert by " + CALM_SEEN_BY + ": " + alerts);
    }
  }

  /** An attempt that failed is made good by a later one, in this start or another. */
  private static void requireSuccess(Retraining retraining) {
    List<RetrainingRecord> attempts = retraining.history();
    if (attempts.isEmpty()) {
      throw new IllegalStateException("no alert has started a retraining");
    }
    RetrainingRecord last = attempts.get(attempts.size() - 1);
    if (last.state() != RetrainingRecord.State.DONE) {
      throw new IllegalStateException("the retraining came to nothing: " + last);
    }
  }

  private static Instant later(Instant a, Instant b) {
    return a.isAfter(b) ? a : b;
  }
}
