package dev.mlops4j.examples.flights;

import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.model.TrainingListener;
import dev.mlops4j.monitoring.Challenge;
import dev.mlops4j.monitoring.ChallengeResult;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The way from a training set to a registered version: train, judge, log, register. The first
 * models and every retraining take it, and a start after a crash finds what an earlier one
 * finished.
 */
final class FlightTraining {

  static final String MODEL = "flight-delay";

  private static final String PACKAGE_PATH = "model";

  private final Tracking tracking;
  private final Registry registry;

  FlightTraining(Tracking tracking, Registry registry) {
    this.tracking = tracking;
    this.registry = registry;
  }

  /** How a kind of model is trained. */
  @FunctionalInterface
  interface Trainer {
    PortableModel train(TrainingSet training, TrainingListener listener);
  }

  /**
   * A registered version and the run that made it.
   *
   * @param run the run
   * @param version the version
   * @param found whether an earlier start had finished the run
   */
  record Candidate(RunRecord run, ModelVersion version, boolean found) {

    double auc() {
      return run.metric("auc");
    }

    double logLoss() {
      return run.metric("log_loss");
    }

    double accuracy() {
      return run.metric("accuracy");
    }
  }

  /**
   * Trains a model, unless a run of this name on the same data has finished before, and registers
   * it.
   *
   * @param name what the run is called
   * @param judging what the model is judged by, none of it trained on; null if that is yet to come
   * @param rounds hears how many rounds are done
   */
  Candidate candidate(
      String name,
      Trainer trainer,
      TrainingSet training,
      @Nullable TrainingSet judging,
      LongConsumer rounds) {
    Optional<RunRecord> earlier = finished(name, training);
    RunRecord run =
        earlier.orElseGet(
            () ->
                tracking.run(
                    MODEL,
                    name,
                    r ->
                        train(
                            r,
                            trainer,
                            training,
                            judging,
                            rounds,
                            (to, model) -> {
                              if (judging != null) {
                                to.log(judging.evaluate(model));
                              }
                              to.log(model.packaged(training));
                            })));
    return new Candidate(
        run,
        registry.register(MODEL, tracking.storedModel(run.id(), PACKAGE_PATH)),
        earlier.isPresent());
  }

  /**
   * Trains a model as {@link #candidate} does, judges it against the version in PRODUCTION, and
   * registers it with the comparison.
   *
   * @param challenge judges by {@code judging}
   */
  ChallengeResult challenger(
      String name,
      Trainer trainer,
      TrainingSet training,
      TrainingSet judging,
      Challenge challenge,
      LongConsumer rounds) {
    RunRecord run =
        finished(name, training)
            .orElseGet(
                () ->
                    tracking.run(
                        MODEL,
                        name,
                        r ->
                            train(
                                r,
                                trainer,
                                training,
                                judging,
                                rounds,
                                (to, model) -> challenge.compare(to, model.packaged(training)))));
    return challenge.settle(tracking.storedModel(run.id(), PACKAGE_PATH));
  }

  private static void train(
      Run run,
      Trainer trainer,
      TrainingSet training,
      @Nullable TrainingSet judging,
      LongConsumer rounds,
      Logging logging) {
    run.log(training);
    if (judging != null) {
      run.log(judging.reference("judging"));
    }
    try (PortableModel model = trainer.train(training, new Rounds(run, rounds))) {
      logging.log(run, model);
    }
  }

  /** Judges a model and logs what was found, and then its package. */
  @FunctionalInterface
  private interface Logging {
    void log(Run run, PortableModel model);
  }

  private Optional<RunRecord> finished(String name, TrainingSet training) {
    return tracking.runs(MODEL, RunStatus.FINISHED).stream()
        .filter(run -> run.name().equals(name))
        .filter(run -> run.artifacts().containsKey(PACKAGE_PATH))
        .filter(run -> run.datasets().containsAll(training.datasets()))
        .findFirst();
  }

  /** Passes a training's news on to its run, and counts the rounds. */
  private record Rounds(TrainingListener run, LongConsumer rounds) implements TrainingListener {

    @Override
    public void params(Map<String, String> params) {
      run.params(params);
    }

    @Override
    public void metric(String key, long step, double value) {
      run.metric(key, step, value);
      rounds.accept(step + 1);
    }

    @Override
    public void importance(String measure, Map<String, Double> byInput) {
      run.importance(measure, byInput);
    }
  }
}
