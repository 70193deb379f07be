package dev.mlops4j.benchmarks.pipelines;

import dev.mlops4j.pipeline.Input;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;

/** Pipelines whose steps only count, and a program that runs five of them. */
final class EmptySteps {

  static final int FIVE = 5;

  private EmptySteps() {}

  /** Steps one after the other, the last of which gives how many there are. */
  static Pipeline chain(String name, int steps, boolean cached) {
    Pipeline.Builder p = Pipeline.named(name);
    Step<Integer> last =
        (cached ? p.step("step 1").cached() : p.step("step 1"))
            .gives(Outputs.json(Integer.class), step -> 1);
    for (int i = 2; i <= steps; i++) {
      String next = "step " + i;
      last =
          (cached ? p.step(next).cached() : p.step(next))
              .from(last)
              .gives(Outputs.json(Integer.class), (step, count) -> count + 1);
    }
    return p.build();
  }

  /** A step for each of so many elements. */
  static Pipeline fan(int elements) {
    Pipeline.Builder p = Pipeline.named("fan");
    List<Integer> list = IntStream.range(0, elements).boxed().toList();
    p.forEach("each", Input.of(list), i -> "element " + i)
        .gives(Outputs.json(Integer.class), (step, i) -> i);
    return p.build();
  }

  /**
   * Five steps in a fresh JVM.
   *
   * @param args the workspace
   */
  public static void main(String[] args) {
    try (Workspace workspace = Workspace.open(Path.of(args[0]))) {
      PipelineRun run = chain("five", FIVE, false).in(workspace).run().orThrow();
      System.out.println("steps " + run.steps().size());
    }
  }
}
