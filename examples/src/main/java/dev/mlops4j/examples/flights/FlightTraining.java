package dev.mlops4j.examples.flights;

import static dev.mlops4j.examples.flights.FlightFeatures.CONGESTION;
import static dev.mlops4j.examples.flights.FlightFeatures.WEATHER;

import dev.mlops4j.Digest;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.evaluation.Evaluation;
import dev.mlops4j.feature.FeatureStore;
import dev.mlops4j.feature.IngestResult;
import dev.mlops4j.model.DatasetReference;
import dev.mlops4j.model.Model;
import dev.mlops4j.model.ModelLoaders;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.PortableModel;
import dev.mlops4j.monitoring.Challenge;
import dev.mlops4j.monitoring.ChallengeResult;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.pipeline.StepContext;
import dev.mlops4j.registry.Gates;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.validation.ValidationReport;
import dev.mlops4j.workspace.Workspace;
import java.time.Instant;
import java.util.List;
import java.util.Locale;
import java.util.Objects;

/**
 * The way from the data to a registered version, as a pipeline that the first models and every
 * retraining take: ingest, validate, train, evaluate, register. What is logged for the model goes
 * to the run of the pipeline, so that the version has it.
 */
final class FlightTraining {

  static final String MODEL = "flight-delay";

  private final Console console;
  private final Workspace workspace;
  private final FeatureStore features;
  private final Registry registry;
  private final FlightData data;
  private final Pipeline pipeline;
  private final Parameter<FlightModel> kind;
  private final Parameter<Instant> until;
  private FlightSets sets;
  private List<Digest> present = List.of();

  FlightTraining(
      Console console,
      Workspace workspace,
      FeatureStore features,
      Registry registry,
      FlightData data) {
    this.console = console;
    this.workspace = workspace;
    this.features = features;
    this.registry = registry;
    this.data = data;
    this.sets = new FlightSets(console, features, data, FlightYear.SERVING);
    Pipeline.Builder p = Pipeline.named(MODEL);
    this.kind = p.parameter("kind", FlightModel.XGBOOST);
    this.until = p.parameter("until", FlightYear.SERVING);
    // Not cached: its work is what it leaves in the feature store, where doing it again adds
    // nothing.
    Step<Ingested> ingested =
        p.step("ingest").gives(Outputs.json(Ingested.class), step -> ingest());
    Step<Checked> checked =
        p.step("validate")
            .cached()
            .from(ingested, until)
            .gives(Outputs.json(Checked.class), (step, in, to) -> validate(step, to));
    Step<ModelPackage> model =
        p.step("train")
            .from(checked, kind, until)
            .gives(Outputs.modelPackage(), (step, ok, which, to) -> train(step, which, to));
    Step<Score> score =
        p.step("evaluate")
            .from(model, until)
            .gives(Outputs.json(Score.class), (step, trained, to) -> evaluate(step, trained, to));
    p.step("register")
        .when(until, FlightSets::isFirst, "it has to beat the version in production")
        .from(model, score)
        .gives(
            Outputs.json(Integer.class),
            (step, trained, found) ->
                registry.register(MODEL, step.pipelineRun().log(trained)).number());
    p.step("challenge")
        .when(until, to -> !FlightSets.isFirst(to), "no version is in production yet")
        .from(model, score, until)
        .gives(
            Outputs.json(String.class),
            (step, trained, found, to) -> challenge(step.pipelineRun(), trained, to));
    this.pipeline = p.build();
  }

  /**
   * What is in the feature store before July.
   *
   * @param flights the digest of all there are, which the checks look at
   * @param weather the same of the readings
   */
  record Ingested(long readings, long departures, String flights, String weather) {}

  /** How many expectations hold. */
  record Checked(int expectations) {}

  /** How good a model is on what it is judged by. */
  record Score(double auc, double logLoss, double accuracy) {}

  /** Training as of a moment. */
  PipelineLaunch launch(FlightModel which, Instant moment) {
    return pipeline.in(workspace).parameter(kind, which).parameter(until, moment);
  }

  /** What a training as of a moment takes. The last one is kept. */
  synchronized FlightSets sets(Instant moment) {
    if (!sets.isOf(moment)) {
      sets = new FlightSets(console, features, data, moment);
    }
    return sets;
  }

  /** What the first models would be trained on now. */
  synchronized List<Digest> presentTraining() {
    if (present.isEmpty()) {
      Ingested unused = ingest();
      present =
          sets(FlightYear.SERVING).training().datasets().stream()
              .map(DatasetReference::digest)
              .toList();
    }
    return present;
  }

  private Ingested ingest() {
    IngestResult weather = features.ingest(WEATHER, data.weatherKnownBefore(FlightYear.SERVING));
    IngestResult departures =
        features.ingest(CONGESTION, data.departuresBefore(FlightYear.SERVING));
    console.detail(
        "ingested January to June: %,d readings of the weather (%,d new), %,d departures (%,d new)",
        weather.rows(), weather.added(), departures.rows(), departures.added());
    return new Ingested(
        weather.rows(),
        departures.rows(),
        data.flightRows().digest().hex(),
        data.weatherKnownBefore(FlightYear.AFTERWARDS).digest().hex());
  }

  private Checked validate(StepContext context, Instant to) {
    Console.Step step = console.step(2, "checks");
    Dataset flights =
        data.flightRows()
            .filter(row -> Objects.requireNonNull(row.instant("scheduled_departure")).isBefore(to));
    List<ValidationReport> reports =
        List.of(
            FlightChecks.flights(FlightYear.START, to).check(flights),
            FlightChecks.weather(FlightYear.START, to).check(data.weatherKnownBefore(to)));
    int expectations = 0;
    for (ValidationReport report : reports) {
      context.run().artifact(report.name() + ".html", report.toHtml());
      expectations += report.results().size();
    }
    reports.forEach(ValidationReport::orThrow);
    step.done("%d expectations hold", expectations);
    return new Checked(expectations);
  }

  private ModelPackage train(StepContext context, FlightModel which, Instant to) {
    FlightSets taken = sets(to);
    Run run = context.pipelineRun();
    run.log(taken.training());
    run.log(taken.judging().reference("judging"));
    Console.Step step =
        console.step(
            FlightSets.isFirst(to) ? which.step() : 9,
            FlightSets.isFirst(to) ? which.title() : "retraining");
    try (PortableModel model =
        which.train(
            taken.training(),
            new FlightProgress(
                run, context.run(), done -> step.progress("rounds", done, which.rounds())))) {
      step.done("%s trained on %,d flights", which.title(), taken.training().rowCount());
      return model.packaged(taken.training());
    }
  }

  private Score evaluate(StepContext context, ModelPackage trained, Instant to) {
    try (Model model = ModelLoaders.discovered().load(trained)) {
      Evaluation evaluation = sets(to).judging().evaluate(model);
      context.pipelineRun().log(evaluation);
      return new Score(
          metric(evaluation, "auc"),
          metric(evaluation, "log_loss"),
          metric(evaluation, "accuracy"));
    }
  }

  private static double metric(Evaluation evaluation, String name) {
    return Objects.requireNonNull(evaluation.metrics().get(name));
  }

  private String challenge(Run run, ModelPackage trained, Instant to) {
    ChallengeResult result =
        Challenge.of(
                registry,
                MODEL,
                "log_loss",
                (champion, model) -> sets(to).judging().evaluate(model))
            .promotingIfBetter(Gates.goldenRows(ModelLoaders.discovered()))
            .register(run, trained);
    String outcome =
        String.format(
            Locale.ROOT,
            "%s (%,d flights of the last four weeks)",
            result,
            sets(to).judging().rowCount());
    console.detail("%s", outcome);
    return outcome;
  }
}
