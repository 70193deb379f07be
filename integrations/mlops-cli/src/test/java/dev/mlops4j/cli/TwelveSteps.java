package dev.mlops4j.cli;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.pipeline.Input;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineLaunch;
import dev.mlops4j.pipeline.PipelineListener;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.pipeline.StepResult;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A pipeline of twelve steps of all kinds of outputs, and a program that runs it until it is done
 * or killed: a new run, or the last one if that is not done.
 */
final class TwelveSteps {

  static final String NAME = "twelve";

  /** The model that it registers. */
  static final String MODEL = "twelve-model";

  private static final Schema SCHEMA =
      Schema.builder()
          .required("n", ColumnType.INT64)
          .optional("value", ColumnType.FLOAT64)
          .build();

  private TwelveSteps() {}

  /** The pipeline on this workspace, whose model {@code late} it takes as what it has trained. */
  static Pipeline on(Workspace workspace) {
    Registry registry = Registry.in(workspace);
    Pipeline.Builder p = Pipeline.named(NAME);
    Step<Dataset> read = p.step("read").gives(Outputs.dataset(), step -> rows(step.seed(), 200));
    Step<Dataset> large =
        p.step("filter")
            .cached()
            .from(read)
            .gives(Outputs.dataset(), (step, rows) -> rows.filter(row -> row.isMissing("value")));
    Step<Integer> count =
        p.step("count")
            .from(large)
            .gives(Outputs.json(Integer.class), (step, rows) -> rows.rowCount());
    Step<Path> file =
        p.step("file")
            .from(count)
            .gives(
                Outputs.file(),
                (step, n) -> Files.writeString(step.directory().resolve("count.txt"), "" + n));
    Step<Path> tree =
        p.step("tree")
            .from(file)
            .gives(
                Outputs.directory(),
                (step, from) -> {
                  Files.copy(from, step.directory().resolve("a.txt"));
                  Files.copy(from, step.directory().resolve("b.txt"));
                  return step.directory();
                });
    Step<List<Integer>> folds =
        p.step("folds")
            .from(count)
            .gives(
                Outputs.jsonList(Integer.class),
                (step, n) -> IntStream.range(0, 6).boxed().toList());
    Step<List<Double>> scores =
        p.forEach("score", folds, fold -> "fold " + fold)
            .from(read)
            .gives(
                Outputs.json(Double.class),
                (step, fold, rows) -> {
                  step.metric("fold", fold);
                  return new Random(step.seed()).nextDouble() + rows.rowCount();
                });
    Step<ModelPackage> model =
        p.step("train")
            .cached()
            .from(scores, Input.of("late"))
            .gives(
                Outputs.modelPackage(),
                (step, all, name) -> registry.load(registry.version(name, 1)));
    Step<Double> mean =
        p.step("mean")
            .from(scores)
            .gives(
                Outputs.json(Double.class),
                (step, all) -> all.stream().mapToDouble(Double::doubleValue).sum());
    Step<Integer> version =
        p.step("register")
            .from(model, mean)
            .gives(
                Outputs.json(Integer.class),
                (step, trained, m) ->
                    registry.register(MODEL, step.pipelineRun().log(trained)).number());
    Step<String> notes =
        p.step("notes")
            .from(version, tree)
            .gives(Outputs.json(String.class), (step, v, t) -> "version " + v);
    p.step("end").from(notes, mean).gives(Outputs.json(String.class), (step, n, m) -> n + m);
    return p.build();
  }

  private static Dataset rows(long seed, int count) {
    Random random = new Random(seed);
    DatasetBuilder builder = Dataset.builder(SCHEMA);
    for (int i = 0; i < count; i++) {
      builder.add((long) i, random.nextBoolean() ? null : random.nextDouble());
    }
    return builder.build();
  }

  /**
   * The program.
   *
   * @param args the workspace
   */
  public static void main(String[] args) {
    try (Workspace workspace = Workspace.open(Path.of(args[0]))) {
      PipelineLaunch launch = on(workspace).in(workspace).threads(2).listener(new Lines());
      List<PipelineReport> runs;
      try (Tracking tracking = Tracking.in(workspace)) {
        runs = PipelineReport.list(tracking, NAME, 1);
      }
      PipelineRun run = runs.isEmpty() ? launch.run() : launch.resume(runs.get(0).runId());
      run.orThrow();
    }
  }

  /** A line for each event, by which a test chooses a moment. */
  private static final class Lines implements PipelineListener {

    @Override
    public void started(PipelineReport report) {
      System.out.println("run");
    }

    @Override
    public void stepStarted(String step) {
      System.out.println("started " + step);
    }

    @Override
    public void itemEnded(String step, String item, int ended, int all) {
      System.out.println("item " + item);
    }

    @Override
    public void stepEnded(StepResult step) {
      System.out.println("ended " + step.name());
    }
  }
}
