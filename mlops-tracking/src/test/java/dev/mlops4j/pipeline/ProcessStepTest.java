package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Steps that are outside processes. */
@DisabledOnOs(OS.WINDOWS)
class ProcessStepTest {

  @TempDir Path directory;
  private Workspace workspace;

  @BeforeEach
  void open() {
    workspace = Workspace.open(directory.resolve("workspace"));
  }

  @AfterEach
  void close() {
    workspace.close();
  }

  @Test
  void aProcessGetsArgumentsVariablesAndFilesAndGivesFilesAndItsOutput() {
    Schema schema = Schema.builder().required("n", ColumnType.INT64).build();
    Pipeline.Builder p = Pipeline.named("process");
    Parameter<Integer> depth = p.parameter("depth", 6);
    Step<Dataset> rows =
        p.step("rows")
            .gives(Outputs.dataset(), step -> Dataset.builder(schema).add(1L).add(2L).build());
    Step<ProcessOutput> train =
        p.process("train")
            .cached()
            .command("sh", "-c", "echo depth $1 $SEED >&2; wc -l < rows.csv > model/out.txt", "sh")
            .argument(depth)
            .environment("SEED", "7")
            .fileIn("rows.csv", rows)
            .fileIn("model/depth.json", depth)
            .fileOut("model/out.txt")
            .gives();
    Pipeline pipeline = p.build();
    PipelineRun run = pipeline.in(workspace).run().orThrow();

    ProcessOutput output = run.output(train);
    assertThat(output.exitCode()).isZero();
    assertThat(output.output()).isEqualTo("depth 6 7\n");
    assertThat(output.file("model/out.txt")).content().isEqualToIgnoringWhitespace("3");
    try (Tracking tracking = Tracking.in(workspace)) {
      String id = String.valueOf(run.step(train).runId());
      assertThat(new String(tracking.artifact(id, "log.txt"), StandardCharsets.UTF_8))
          .isEqualTo("depth 6 7\n");
    }
    PipelineRun again = pipeline.in(workspace).run().orThrow();
    assertThat(again.step(train).status()).isEqualTo(StepStatus.CACHED);
    assertThat(again.output(train).output()).isEqualTo("depth 6 7\n");
    assertThat(pipeline.in(workspace).parameter("depth", "7").run().step(train).status())
        .isEqualTo(StepStatus.FINISHED);
  }

  @Test
  void anotherExitCodeAMissingFileAndAMissingProgramFailTheStep() {
    Pipeline.Builder p = Pipeline.named("bad");
    p.process("exit").command("sh", "-c", "echo no memory; exit 3").gives();
    p.process("file").command("true").fileOut("model.bin").gives();
    p.process("program").command("/no/such/program").gives();
    PipelineRun run = p.build().in(workspace).run();

    assertThat(run.failures()).hasSize(3);
    assertThat(run.failures().get("exit"))
        .isInstanceOf(ProcessFailedException.class)
        .hasMessageContaining("exit code 3")
        .hasMessageContaining("no memory");
    assertThat(run.failures().get("file")).hasMessageContaining("\"model.bin\"");
    assertThat(run.failures().get("program")).hasMessageContaining("could not be started");
  }

  @Test
  void aProcessThatTakesTooLongIsKilledWithItsChildren() throws Exception {
    Path pids = directory.resolve("pids");
    Pipeline.Builder p = Pipeline.named("slow");
    p.process("slow")
        .command(
            "sh", "-c", "sleep 600 & echo $! > \"$0\"; echo $$ >> \"$0\"; wait", pids.toString())
        .timeout(Duration.ofSeconds(2))
        .gives();
    PipelineRun run = p.build().in(workspace).run();

    assertThat(run.failures().get("slow")).isInstanceOf(StepTimeoutException.class);
    assertThat(Files.readAllLines(pids))
        .hasSize(2)
        .allSatisfy(
            pid ->
                assertThat(ProcessHandle.of(Long.parseLong(pid)))
                    .as(pid)
                    .satisfiesAnyOf(
                        handle -> assertThat(handle).isEmpty(),
                        handle -> assertThat(handle.orElseThrow().onExit().get()).isNotNull()));
  }

  @Test
  void twoCommandsHaveTheSameKeyOnlyIfTheyAreTheSame() {
    Path root = Path.of("/x").toAbsolutePath();
    List<Consumer<ProcessStepBuilder>> commands =
        List.of(
            it -> it.command("a", "X=1"),
            it -> it.command("a").environment("X", "1"),
            it -> it.command("a=X", "1"),
            it -> it.command("a").fileOut("x"),
            it -> it.command("a").fileOut("x").directory(root),
            it -> it.command("a").fileOut("x]" + root),
            it -> it.command("a").directory(root),
            it -> it.command("a"));
    Set<String> keys = new HashSet<>();
    for (Consumer<ProcessStepBuilder> command : commands) {
      ProcessStepBuilder step = Pipeline.named("keys").process("step");
      command.accept(step);
      keys.add(step.gives().work().settings());
    }
    assertThat(keys).hasSameSizeAs(commands);
  }
}
