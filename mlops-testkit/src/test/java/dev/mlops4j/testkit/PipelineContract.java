package dev.mlops4j.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Parameter;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.PlannedAction;
import dev.mlops4j.pipeline.RunningPipeline;
import dev.mlops4j.pipeline.Step;
import dev.mlops4j.pipeline.StepResult;
import dev.mlops4j.pipeline.StepStatus;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What pipelines keep in a database, on whichever it is. */
abstract class PipelineContract {

  private static final int RUNS = 4;

  @TempDir Path directory;
  private final AtomicInteger done = new AtomicInteger();
  private final List<Workspace> opened = new ArrayList<>();
  private volatile boolean broken;

  /** The workspace of this directory, as another process would open it. */
  abstract Workspace open(Path workspace);

  private Workspace opened() {
    Workspace workspace = open(directory.resolve("workspace"));
    opened.add(workspace);
    return workspace;
  }

  @AfterEach
  void closeWorkspaces() {
    opened.forEach(Workspace::close);
  }

  private Pipeline pipeline() {
    Pipeline.Builder p = Pipeline.named("both");
    Parameter<String> text = p.parameter("text", "a\"b\\c\u0001\u2603");
    Step<List<String>> list =
        p.step("list")
            .cached()
            .from(text)
            .gives(
                Outputs.jsonList(String.class),
                (step, it) -> {
                  done.incrementAndGet();
                  return IntStream.range(0, 5).mapToObj(i -> it + "\u0000" + i).toList();
                });
    Step<List<Integer>> each =
        p.forEach("each", list, item -> "e" + item.charAt(item.length() - 1))
            .cached()
            .gives(
                Outputs.json(Integer.class),
                (step, item) -> {
                  if (broken && item.endsWith("3")) {
                    throw new IOException("three");
                  }
                  done.incrementAndGet();
                  return item.length();
                });
    p.step("sum")
        .from(each)
        .gives(
            Outputs.json(Integer.class),
            (step, all) -> all.stream().mapToInt(Integer::intValue).sum());
    return p.build();
  }

  private static List<StepStatus> statuses(PipelineRun run) {
    return run.steps().stream().map(StepResult::status).toList();
  }

  @Test
  void aPipelineIsCachedPlannedResumedAndReported() {
    Workspace workspace = opened();
    Pipeline pipeline = pipeline();
    broken = true;
    PipelineRun failed = pipeline.in(workspace).run();
    assertThat(failed.status()).isEqualTo(RunStatus.FAILED);
    broken = false;
    PipelineRun resumed = pipeline.in(opened()).resume(failed.id()).orThrow();
    assertThat(statuses(resumed))
        .containsExactly(StepStatus.KEPT, StepStatus.FINISHED, StepStatus.FINISHED);
    assertThat(done).hasValue(1 + 5);
    PipelineRun second = pipeline.in(workspace).run().orThrow();
    assertThat(statuses(second))
        .containsExactly(StepStatus.CACHED, StepStatus.CACHED, StepStatus.FINISHED);
    assertThat(second.step("sum").output()).isEqualTo(resumed.step("sum").output());
    assertThat(pipeline.in(workspace).plan().step("list").action()).isEqualTo(PlannedAction.CACHED);
    assertThat(pipeline.in(workspace).parameter("text", "x").plan().step("list").reason())
        .contains("parameter text was");
    try (Tracking tracking = Tracking.in(workspace)) {
      assertThat(PipelineReport.list(tracking, "both", 9))
          .extracting(PipelineReport::runId)
          .containsExactly(second.id(), failed.id());
      assertThat(PipelineReport.list(tracking, null, 9)).hasSize(2);
      assertThat(PipelineReport.read(tracking, second.id())).isEqualTo(second.report());
    }
  }

  @Test
  void severalProcessesDoACachedStepOnce() {
    List<RunningPipeline> running = new ArrayList<>();
    for (int i = 0; i < RUNS; i++) {
      running.add(pipeline().in(opened()).allowOverlap().threads(2).start());
    }
    for (RunningPipeline each : running) {
      assertThat(each.await().orThrow().status()).isEqualTo(RunStatus.FINISHED);
    }
    assertThat(done).hasValue(1 + 5);
  }
}
