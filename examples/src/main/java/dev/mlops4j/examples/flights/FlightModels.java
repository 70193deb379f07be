package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.examples.flights.FlightTraining.Candidate;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.tracking.RunComparison;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.xgboost.XgBoost;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/** The first two models: trained, compared, registered, and promoted one after the other. */
final class FlightModels {

  static final int TREES = 100;

  private static final int EPOCHS = 5;

  private final Console console;
  private final FlightTraining flightTraining;
  private final Tracking tracking;
  private final Registry registry;

  FlightModels(
      Console console, FlightTraining flightTraining, Tracking tracking, Registry registry) {
    this.console = console;
    this.flightTraining = flightTraining;
    this.tracking = tracking;
    this.registry = registry;
  }

  /** One hundred trees. */
  static PortableModel trees(TrainingSet training, TrainingListener listener) {
    return XgBoost.classifier()
        .trees(TREES)
        .maxDepth(6)
        .learningRate(0.1)
        .metrics("logloss", "auc")
        .train(training, listener);
  }

  /** A straight line. */
  static PortableModel line(TrainingSet training, TrainingListener listener) {
    return TribuoLogisticRegression.classifier().epochs(EPOCHS).train(training, listener);
  }

  /**
   * Trains both, and leaves the better one in production.
   *
   * @return the first version, the trees
   */
  Candidate trainAndPromote(TrainingSet training, TrainingSet judging) {
    Candidate trees =
        train(console.step(4, "XGBoost"), "xgboost", FlightModels::trees, TREES, training, judging);
    Candidate line =
        train(console.step(5, "Tribuo"), "tribuo", FlightModels::line, EPOCHS, training, judging);
    Console.Step step = console.step(6, "comparison and promotion");
    RunComparison comparison = tracking.compare(line.run(), trees.run());
    console.detail("%s", comparison.differences().toText());
    for (RunComparison.Section section : RunComparison.Section.values()) {
      List<RunComparison.Row> rows = comparison.rows(section);
      if (rows.isEmpty()) {
        continue;
      }
      long alike = rows.stream().filter(row -> !row.differs()).count();
      console.detail(
          "%s: %d of %d alike", section.name().toLowerCase(Locale.ROOT), alike, rows.size());
    }
    promoteOnce(line.version(), "a straight line to begin with");
    promoteOnce(
        trees.version(),
        String.format(
            Locale.ROOT, "AUC %.4f, %s has %.4f", trees.auc(), line.version().label(), line.auc()));
    ModelVersion production = Objects.requireNonNull(registry.production(MODEL));
    step.done("%s is in %s", production.label(), Stage.PRODUCTION);
    return trees;
  }

  /** Promotes a version to PRODUCTION, unless the history tells that this was done before. */
  void promoteOnce(ModelVersion version, String reason) {
    boolean promoted =
        registry.history(MODEL).stream()
            .anyMatch(
                entry ->
                    entry instanceof StageChange change
                        && change.version() == version.number()
                        && change.to() == Stage.PRODUCTION);
    if (!promoted) {
      registry
          .promote(version)
          .to(Stage.PRODUCTION)
          .expecting(registry.production(MODEL))
          .because(reason)
          .commit();
    }
  }

  private Candidate train(
      Console.Step step,
      String name,
      FlightTraining.Trainer trainer,
      int rounds,
      TrainingSet training,
      TrainingSet judging) {
    Candidate candidate =
        flightTraining.candidate(
            name, trainer, training, judging, done -> step.progress("rounds", done, rounds));
    step.done(
        "%s as %s: AUC %.4f, log loss %.4f, accuracy %.4f on July to December%s",
        name,
        candidate.version().label(),
        candidate.auc(),
        candidate.logLoss(),
        candidate.accuracy(),
        candidate.found() ? ", trained by an earlier start" : "");
    return candidate;
  }
}
