package dev.mlops4j.examples.docs;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.Dataset;
import dev.mlops4j.examples.docs.Coffees.Coffee;
import dev.mlops4j.feature.TrainingSet;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.pipeline.Checks;
import dev.mlops4j.pipeline.Input;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineFailedException;
import dev.mlops4j.pipeline.PipelinePlan;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.ProcessOutput;
import dev.mlops4j.pipeline.Progress;
import dev.mlops4j.pipeline.Retry;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.pipeline.StepStatus;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.tribuo.TribuoLogisticRegression;
import dev.mlops4j.tribuo.TribuoModel;
import dev.mlops4j.validation.Expectations;
import dev.mlops4j.validation.Severity;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs the code of docs/pipelines.md. */
@SuppressWarnings("unused") // what is shown names its results
final class PipelinesGuideTest {

  // region pipeline
  record Score(double auc) {}

  static final Pipeline.Builder P = Pipeline.named("coffee");

  static final Parameter<Integer> EPOCHS = P.parameter("epochs", 50);

  static final Step<Dataset> READ =
      P.step("read")
          .readsOutside(Duration.ofHours(1)) // cached, for an hour
          .retry(Retry.times(3).on(IOException.class))
          .gives(Outputs.dataset(), step -> Dataset.ofRecords(Coffee.class, Coffees.COFFEES));

  static final Step<ModelPackage> TRAIN =
      P.step("train")
          .version("1") // changed when the step does something else
          .cached()
          .timeout(Duration.ofMinutes(20))
          .from(READ, EPOCHS)
          .gives(
              Outputs.modelPackage(),
              (step, rows, epochs) -> {
                TrainingSet training = training(rows);
                try (TribuoModel model =
                    TribuoLogisticRegression.classifier()
                        .epochs(epochs)
                        .train(training, step.run())) {
                  return model.packaged(training);
                }
              });

  static final Step<Score> EVALUATE =
      P.step("evaluate")
          .from(TRAIN, READ)
          .gives(Outputs.json(Score.class), (step, model, rows) -> new Score(0.9));

  static final Pipeline PIPELINE = P.build();
  // endregion

  @TempDir Path directory;

  @Test
  void aPlainProgramTrains() {
    try (Workspace workspace = Workspace.open(directory)) {
      Registry registry = Registry.in(workspace);
      Tracking tracking = Tracking.in(workspace);

      // region plain
      TrainingSet training = TrainingSet.of(Coffees.FEATURES, Coffees.COFFEES, Coffees.SOLD);
      tracking.run(
          "coffee",
          run -> { // what it throws ends the run as FAILED
            try (TribuoModel model =
                TribuoLogisticRegression.classifier().epochs(50).train(training, run)) {
              registry.register("coffee", run.log(model.packaged(training)));
            }
          });
      // endregion
      assertThat(registry.versions("coffee")).hasSize(1);
    }
  }

  private static TrainingSet training(Dataset rows) {
    return TrainingSet.of(Coffees.FEATURES, rows.toRecords(Coffee.class), Coffees.SOLD);
  }

  @Test
  void aPipelineIsRunPlannedAndCached() throws IOException {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      // region run
      PipelineRun run =
          PIPELINE
              .in(workspace)
              .parameter("epochs", "20")
              .listener(Progress.terminal())
              .run()
              .orThrow(); // a PipelineFailedException with all failures
      Score score = run.output(EVALUATE);
      System.out.println(run.toText());
      run.writeHtml(directory.resolve("run.html"));
      // endregion
      assertThat(score.auc()).isEqualTo(0.9);
      assertThat(directory.resolve("run.html")).exists();

      // region plan
      PipelinePlan plan = PIPELINE.in(workspace).parameter("epochs", "30").plan();
      System.out.println(plan.step("train").reason());
      // parameter epochs was 20 and is 30 since it was done last
      // endregion
      assertThat(plan.step("train").reason())
          .isEqualTo("parameter epochs was 20 and is 30 since it was done last");

      // region refresh
      PIPELINE.in(workspace).refresh("read").run();
      PIPELINE.in(workspace).refreshAll().run();
      PIPELINE.in(workspace).only("evaluate").run(); // with what the others gave last
      // endregion
    }
  }

  @Test
  void aModelIsRegisteredIfItIsGoodEnough() {
    try (Workspace workspace = Workspace.open(directory)) {
      Registry registry = Registry.in(workspace);
      Pipeline.Builder p = Pipeline.named("registering");
      Step<Score> score = p.step("score").gives(Outputs.json(Score.class), step -> new Score(0.9));
      Step<ModelPackage> model =
          p.step("train")
              .gives(
                  Outputs.modelPackage(),
                  step -> {
                    TrainingSet training = Coffees.training();
                    try (TribuoModel trained =
                        TribuoLogisticRegression.classifier().epochs(5).train(training)) {
                      return trained.packaged(training);
                    }
                  });

      // region register
      Step<Integer> version =
          p.step("register")
              .when(score, s -> s.auc() > 0.7, "the auc is too low")
              .from(model)
              .gives(
                  Outputs.json(Integer.class),
                  (step, trained) ->
                      registry.register("coffee", step.pipelineRun().log(trained)).number());
      // endregion
      assertThat(p.build().in(workspace).run().orThrow().output(version)).isEqualTo(1);
    }
  }

  @Test
  void elementsAndProcessesAreSteps() {
    try (Workspace workspace = Workspace.open(directory)) {
      Pipeline.Builder p = Pipeline.named("more");
      Parameter<Integer> epochs = p.parameter("epochs", 50);
      Step<Dataset> rows =
          p.step("read")
              .gives(Outputs.dataset(), s -> Dataset.ofRecords(Coffee.class, Coffees.COFFEES));

      // region each
      Step<List<Score>> scores =
          p.forEach("fold", Input.of(List.of(1, 2, 3)), fold -> "fold " + fold)
              .concurrency(2)
              .from(rows)
              .gives(Outputs.json(Score.class), (step, fold, all) -> new Score(fold / 10.0));
      // endregion

      // region process
      Step<ProcessOutput> python =
          p.process("their training")
              .command("sh", "-c", "head -2 rows.csv > model.txt; echo epochs $EPOCHS")
              .environment("EPOCHS", epochs)
              .fileIn("rows.csv", rows)
              .fileOut("model.txt")
              .timeout(Duration.ofMinutes(20))
              .gives();
      // endregion
      // region secret
      Parameter<String> password = p.secret("password");
      Step<ProcessOutput> dump =
          p.process("dump")
              .command("sh", "-c", "echo dumped with a password of ${#DB_PASSWORD}")
              .environment("DB_PASSWORD", password)
              .inherit("JAVA_HOME") // of the program's own variables, beside the usual ones
              .gives();
      // endregion
      PipelineRun run = p.build().in(workspace).parameter(password, "12345").run().orThrow();
      assertThat(run.output(dump).output()).isEqualTo("dumped with a password of 5\n");
      assertThat(run.output(scores)).hasSize(3);
      assertThat(run.output(python).output()).isEqualTo("epochs 50\n");
    }
  }

  @Test
  void dataAreCheckedBeforeTraining() {
    try (Workspace workspace = Workspace.open(directory)) {
      Pipeline.Builder p = Pipeline.named("checking");
      Step<Dataset> rows =
          p.step("read")
              .gives(Outputs.dataset(), s -> Dataset.ofRecords(Coffee.class, Coffees.COFFEES));

      // region checks
      Expectations expectations =
          Expectations.named("coffee")
              .rowCount(1, 100_000)
              .column("hour", hour -> hour.between(0, 23))
              .column(Severity.WARN, "weather", weather -> weather.oneOf("rain", "sun"))
              .build();
      Step<Dataset> checked = Checks.step(p.step("validate").version("1"), rows, expectations);
      Step<Integer> trained =
          p.step("train")
              .from(checked) // is not begun if the check fails
              .gives(Outputs.json(Integer.class), (step, data) -> data.rowCount());
      // endregion
      PipelineRun run = p.build().in(workspace).run().orThrow();
      assertThat(run.output(trained)).isEqualTo(8);
    }
  }

  @Test
  void aFailedRunIsResumedAndTestedOnSmallData() {
    try (Workspace workspace = Workspace.open(directory)) {
      Pipeline.Builder p = Pipeline.named("failing");
      boolean[] broken = {true};
      Step<Dataset> read =
          p.step("read")
              .gives(
                  Outputs.dataset(),
                  step -> {
                    if (broken[0]) {
                      throw new IOException("no data yet");
                    }
                    return Dataset.ofRecords(Coffee.class, Coffees.COFFEES);
                  });
      Step<Integer> count =
          p.step("count").from(read).gives(Outputs.json(Integer.class), (s, r) -> r.rowCount());
      Pipeline pipeline = p.build();

      // region resume
      PipelineRun failed = pipeline.in(workspace).run();
      assertThat(failed.failures()).containsOnlyKeys("read");
      // later, in this process or another
      broken[0] = false;
      PipelineRun resumed = pipeline.in(workspace).resume(failed.id());
      // endregion
      assertThat(resumed.orThrow().output(count)).isEqualTo(8);
      assertThatThrownBy(failed::orThrow).isInstanceOf(PipelineFailedException.class);

      // region test
      Dataset small = Dataset.ofRecords(Coffee.class, Coffees.COFFEES.subList(0, 2));
      PipelineRun run = pipeline.in(workspace).replace(read, small).run().orThrow();
      assertThat(run.output(count)).isEqualTo(2);
      assertThat(run.step(read).status()).isEqualTo(StepStatus.REPLACED);
      // endregion
    }
  }
}
