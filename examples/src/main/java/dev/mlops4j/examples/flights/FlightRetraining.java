package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.FEATURES;
import static dev.mlops4j.examples.flights.FlightFeatures.LATE;
import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.evaluation.BinaryEvaluation;
import dev.mlops4j.examples.flights.FlightTraining.Candidate;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.monitoring.RetrainingTrigger;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * What an alert about the model sets off: a challenger is trained on all that is known by then but
 * the last four weeks, by which it is compared with the champion, and promoted if it is better.
 */
final class FlightRetraining {

  private static final Duration JUDGED_BY = Duration.ofDays(4 * 7);

  private final Console console;
  private final FeatureStore features;
  private final Registry registry;
  private final FlightTraining flightTraining;
  private final FlightModels models;
  private final List<Flight> flights;

  FlightRetraining(
      Console console,
      FeatureStore features,
      Registry registry,
      FlightTraining flightTraining,
      FlightModels models,
      List<Flight> flights) {
    this.console = console;
    this.features = features;
    this.registry = registry;
    this.flightTraining = flightTraining;
    this.models = models;
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
    Candidate challenger =
        flightTraining.candidate(
            "xgboost-retrained",
            FlightModels::trees,
            all.between(FlightYear.START, recent),
            judging,
            done -> step.progress("rounds", done, FlightModels.TREES));
    ModelVersion champion = Objects.requireNonNull(registry.production(MODEL));
    if (challenger.version().isSameAs(champion)) {
      step.done("%s was promoted by an earlier start", champion.label());
      return "an earlier start had promoted " + champion.label();
    }
    BinaryEvaluation old = evaluate(champion, judging);
    String result =
        String.format(
            Locale.ROOT,
            "log loss %.4f against %.4f, AUC %.4f against %.4f",
            challenger.logLoss(),
            old.logLoss(),
            challenger.auc(),
            old.auc());
    boolean better = challenger.logLoss() < old.logLoss();
    if (better) {
      models.promoteOnce(challenger.version(), result);
    }
    String outcome =
        String.format(
            Locale.ROOT,
            "%s against %s on the %,d flights of the last four weeks: %s; %s",
            challenger.version().label(),
            champion.label(),
            judging.rowCount(),
            result,
            better ? "the challenger is promoted" : "the champion stays");
    step.done("%s", outcome);
    return outcome;
  }

  private BinaryEvaluation evaluate(ModelVersion version, TrainingSet judging) {
    try (Model model = ModelLoaders.discovered().load(registry.load(version))) {
      return (BinaryEvaluation) judging.evaluate(model);
    }
  }

  private static boolean isAskedBefore(Flight flight, Instant moment) {
    return FEATURES.askedAt(flight).orElseThrow().isBefore(moment);
  }
}
