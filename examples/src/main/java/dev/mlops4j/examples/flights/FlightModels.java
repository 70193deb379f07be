package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightTraining.MODEL;

import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.pipeline.PipelineChangedException;
import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.registry.ModelVersion;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.registry.Stage;
import dev.mlops4j.registry.StageChange;
import dev.mlops4j.tracking.RunComparison;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.Tracking;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/** The first two models: trained, compared, registered, and promoted one after the other. */
final class FlightModels {

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

  /**
   * A registered version and the run that made it.
   *
   * @param found whether an earlier start had finished the run
   */
  record Candidate(RunRecord run, ModelVersion version, boolean found) {

    double auc() {
      return run.metric("auc");
    }
  }

  /**
   * Trains both, and leaves the better one in production.
   *
   * @return the first version, the trees
   */
  Candidate trainAndPromote() {
    Candidate trees = candidate(FlightModel.XGBOOST);
    Candidate line = candidate(FlightModel.TRIBUO);
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

  /** Runs the training of a kind, unless an earlier start did; goes on with one that was killed. */
  private Candidate candidate(FlightModel kind) {
    PipelineLaunch launch = flightTraining.launch(kind, FlightYear.SERVING);
    Optional<RunRecord> earlier = earlier(kind);
    boolean found = earlier.map(run -> run.status() == RunStatus.FINISHED).orElse(false);
    String id =
        found
            ? earlier.orElseThrow().id()
            : earlier.map(run -> goOn(launch, run)).orElseGet(launch::run).orThrow().id();
    RunRecord run = tracking.run(id);
    ModelVersion version =
        registry.versions(MODEL).stream()
            .filter(each -> id.equals(each.runId()))
            .findFirst()
            .orElseThrow();
    console.detail(
        "%s is %s: AUC %.4f, log loss %.4f, accuracy %.4f on July to December%s",
        version.label(),
        kind.title(),
        run.metric("auc"),
        run.metric("log_loss"),
        run.metric("accuracy"),
        found ? ", trained by an earlier start" : "");
    return new Candidate(run, version, found);
  }

  private Optional<RunRecord> earlier(FlightModel kind) {
    return tracking
        .search(MODEL)
        .where(SearchField.tag("pipeline").is(MODEL))
        .where(SearchField.param("kind").is(kind.name()))
        .where(SearchField.param("until").is(FlightYear.SERVING.toString()))
        .page()
        .runs()
        .stream()
        .filter(run -> run.status() != RunStatus.FINISHED || isOfPresentData(run))
        .findFirst();
  }

  private boolean isOfPresentData(RunRecord run) {
    return run.datasets().stream()
        .map(DatasetReference::digest)
        .toList()
        .containsAll(flightTraining.presentTraining());
  }

  private PipelineRun goOn(PipelineLaunch launch, RunRecord run) {
    try {
      console.detail("going on with run %s, which was killed", run.id());
      return launch.resume(run.id());
    } catch (PipelineChangedException e) {
      console.detail("beginning anew: %s", e);
      return launch.run();
    }
  }
}
