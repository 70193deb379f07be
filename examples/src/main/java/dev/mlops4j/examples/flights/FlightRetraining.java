package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.monitoring.Challenge;
import dev.mlops4j.monitoring.ChallengeResult;
import dev.mlops4j.monitoring.RetrainingTrigger;
import dev.mlops4j.registry.Gates;
import dev.mlops4j.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;

/**
 * What an alert about the model sets off: a challenger is trained on all that is known by then but
 * the last four weeks, by which it is compared with the champion, and promoted if it is better and
 * passes its gate.
 */
final class FlightRetraining {

  private static final Duration JUDGED_BY = Duration.ofDays(4 * 7);

  private final Console console;
  private final FeatureStore features;
  private final Registry registry;
  private final FlightTraining flightTraining;
  private final List<Flight> flights;

  FlightRetraining(
      Console console,
      FeatureStore features,
      Registry registry,
      FlightTraining flightTraining,
      List<Flight> flights) {
    this.console = console;
    this.features = features;
    this.registry = registry;
    this.flightTraining = flightTraining;
    this.flights = flights;
  }

  /**
   * Trains, registers, compares and promotes. Doing it again for the same trigger finds what was
   * done.
   *
   * @return what came of it, in a sentence
   */
  String retrain(RetrainingTrigger trigger) {
    Console.Step step = console.step(9, "retraining");
    Instant known = trigger.triggeredAt();
    TrainingSet all =
        features.trainingSet(
            FEATURES,
            flights.stream().filter(flight -> isAskedBefore(flight, known)).toList(),
            LATE,
            known);
    Instant recent = known.minus(JUDGED_BY);
    TrainingSet judging = all.between(recent, known);
    ChallengeResult result =
        flightTraining.challenger(
            "xgboost-retrained",
            FlightModels::trees,
            all.between(FlightYear.START, recent),
            judging,
            Challenge.of(registry, MODEL, "log_loss", (champion, model) -> judging.evaluate(model))
                .promotingIfBetter(Gates.goldenRows(ModelLoaders.discovered())),
            done -> step.progress("rounds", done, FlightModels.TREES));
    String outcome =
        String.format(
            Locale.ROOT, "%s (%,d flights of the last four weeks)", result, judging.rowCount());
    step.done("%s", outcome);
    return outcome;
  }

  private static boolean isAskedBefore(Flight flight, Instant moment) {
    return FEATURES.askedAt(flight).orElseThrow().isBefore(moment);
  }
}
