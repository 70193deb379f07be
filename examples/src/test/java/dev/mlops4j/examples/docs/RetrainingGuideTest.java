package dev.mlops4j.examples.docs;

import static dev.mlops4j.examples.docs.SmallFlights.CONGESTION;
import static dev.mlops4j.examples.docs.SmallFlights.FEATURES;
import static dev.mlops4j.examples.docs.SmallFlights.LATE;
import static dev.mlops4j.examples.docs.SmallFlights.WEATHER;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.Csv;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.monitoring.AlertKind;
import dev.mlops4j.monitoring.AlertSink;
import dev.mlops4j.monitoring.Challenge;
import dev.mlops4j.monitoring.ChallengeResult;
import dev.mlops4j.monitoring.Retraining;
import dev.mlops4j.monitoring.RetrainingDecision;
import dev.mlops4j.monitoring.RetrainingTrigger;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.pipeline.Timing;
import dev.mlops4j.registry.Gates;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/monitoring.md that is about retraining. */
final class RetrainingGuideTest {

  private static final Instant END = SmallFlights.START.plus(Duration.ofDays(7 * 12));
  private static final Instant RECENT = END.minus(Duration.ofDays(14));

  @TempDir Path files;

  private final List<String> alerts = new ArrayList<>();

  @Test
  void aModelIsTrainedAgainEachMondayNight() throws IOException {
    Path weatherFile = files.resolve("weather.csv");
    Path departuresFile = files.resolve("departures.csv");
    SmallFlights.writeWeather(weatherFile, 12);
    SmallFlights.writeDepartures(departuresFile, 12);
    AtomicReference<Instant> now = new AtomicReference<>(Instant.parse("2026-01-02T06:00:00Z"));
    AlertSink pager = alert -> alerts.add(alert.toString());
    try (Workspace workspace =
        Workspace.at(files.resolve("ws")).clock(now::get).systemClock(now::get).open()) {
      FeatureStore features = FeatureStore.in(workspace);
      features.ingest(WEATHER, Csv.read(weatherFile));
      features.ingest(CONGESTION, Csv.read(departuresFile));
      Scheduler scheduler = Scheduler.in(workspace);
      Task task = new Task(workspace, features);

      // region policy
      Retraining retraining =
          Retraining.of("flight-delay")
              .in(workspace)
              .on(AlertKind.LABEL_DRIFT, AlertKind.CALIBRATION)
              .planned(Timing.cron("0 3 * * MON", ZoneId.of("America/New_York")))
              .onNewRows(50_000) // labelled since the last one
              .atLeastNewRows(1_000) // whatever calls for it
              .coolDown(Duration.ofDays(3))
              .quietHours(LocalTime.of(7, 0), LocalTime.of(22, 0), ZoneId.of("America/New_York"))
              .atMostPerWeek(2)
              .window(Duration.ofDays(365)) // train on the last year
              .alertTo(pager) // when it fails again
              .rows(rowsOfTheWarehouse()) // the ledger's outcomes unless stated
              .run(trigger -> task.train(trigger).toString())
              .build();
      scheduler
          .schedule("retraining")
          .every(Duration.ofHours(1))
          .run(firing -> retraining.check().toString());
      // endregion

      scheduler.runNow("retraining");
      scheduler.runDue();
      assertThat(retraining.history()).isEmpty();
      now.set(Instant.parse("2026-01-05T09:00:00Z")); // four o'clock in New York
      assertThat(scheduler.runDue()).isEqualTo(1);
      assertThat(retraining.history()).hasSize(1);
      assertThat(retraining.history().get(0).result().orElseThrow()).contains("promoted");
      assertThat(alerts).isEmpty();

      // region plan
      RetrainingDecision decision = retraining.plan();
      System.out.println(decision); // does not retrain: nothing calls for it
      // endregion
      assertThat(decision.runs()).isFalse();
    }
  }

  @Test
  void aPipelineIsRunOnAWindow() {
    Pipeline.Builder p = Pipeline.named("flight-delay");
    Parameter<Instant> from = p.parameter("from", Instant.class);
    Parameter<Instant> upTo = p.parameter("upTo", Instant.class);
    p.step("days")
        .from(from, upTo)
        .gives(
            Outputs.json(Long.class),
            (step, after, until) -> Duration.between(after, until).toDays());
    Pipeline pipeline = p.build();
    try (Workspace workspace = Workspace.open(files.resolve("ws"))) {
      // region pipeline
      Retraining retraining =
          Retraining.of("flight-delay")
              .in(workspace)
              .on(AlertKind.LABEL_DRIFT)
              .window(Duration.ofDays(365))
              .pipeline(
                  trigger ->
                      pipeline
                          .in(workspace)
                          .parameter(from, trigger.from())
                          .parameter(upTo, trigger.triggeredAt()))
              .build();
      // endregion
      assertThat(retraining.check().runs()).isFalse();
    }
  }

  private static Retraining.RowCounter rowsOfTheWarehouse() {
    return (after, upTo) -> Duration.between(after, upTo).toHours() * 50;
  }

  /** What is done. */
  private record Task(Workspace workspace, FeatureStore features) {

    ChallengeResult train(RetrainingTrigger trigger) {
      Registry registry = Registry.in(workspace);
      Tracking tracking = Tracking.in(workspace);
      TrainingSet all = features.trainingSet(FEATURES, SmallFlights.flights(1, 10), LATE);
      TrainingSet older = all.between(SmallFlights.START, RECENT);
      TrainingSet recent = all.between(RECENT, END);
      // region challenge
      return tracking.call(
          "flight-delay",
          "challenger",
          run -> { // what it throws ends the run as FAILED
            run.tag("retraining", trigger.id());
            try (PortableModel model = TribuoLogisticRegression.classifier().train(older, run)) {
              return Challenge.of(
                      registry,
                      "flight-delay",
                      "log_loss",
                      (champion, loaded) -> recent.evaluate(loaded))
                  .byMoreThan(0.001)
                  .promotingIfBetter(Gates.goldenRows(ModelLoaders.discovered())) // else a person
                  .register(run, model.packaged(older));
            }
          });
      // endregion
    }
  }
}
