package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.Schema;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.EnabledOnOs;
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
      assertThat(new String(tracking.artifact(id, "pipeline/log.txt"), StandardCharsets.UTF_8))
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
    assertThat(Files.readAllLines(pids)).hasSize(2).allSatisfy(ProcessStepTest::assertEnds);
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

  @Test
  void aDirectoryAndAModelPackageAreGivenAsTheirFiles() {
    Pipeline.Builder p = Pipeline.named("trees");
    Step<Path> tree =
        p.step("tree")
            .gives(
                Outputs.directory(),
                step -> {
                  Path below = Files.createDirectories(step.directory().resolve("a/b"));
                  Files.writeString(below.resolve("c.txt"), "deep");
                  Files.writeString(step.directory().resolve("d.txt"), "flat");
                  return step.directory();
                });
    Step<ProcessOutput> cat =
        p.process("cat").command("cat", "in/a/b/c.txt", "in/d.txt").fileIn("in", tree).gives();
    assertThat(p.build().in(workspace).run().orThrow().output(cat).output()).isEqualTo("deepflat");
  }

  @Test
  void aProcessHasTheUsualVariablesThoseStatedAndThoseThatArePassedOn() {
    String other =
        System.getenv().keySet().stream()
            .filter(name -> name.matches("[A-Z_]{3,}"))
            .filter(name -> !USUAL.contains(name) && !name.startsWith("LC_"))
            .filter(name -> !name.equals("PWD") && !name.equals("OLDPWD") && !name.equals("SHLVL"))
            .findFirst()
            .orElse("NONE_THERE");
    Pipeline.Builder p = Pipeline.named("environment");
    Step<ProcessOutput> few = p.process("few").command("env").environment("STATED", "x y").gives();
    Step<ProcessOutput> more = p.process("more").command("env").inherit(other).gives();
    Step<ProcessOutput> all = p.process("all").command("env").inheritAll().gives();
    PipelineRun run = p.build().in(workspace).run().orThrow();
    assertThat(names(run.output(few)))
        .contains("PATH", "STATED", ProcessStepBuilder.FILES)
        .doesNotContain(other)
        .allMatch(
            name ->
                USUAL.contains(name)
                    || name.startsWith("LC_")
                    || Set.of("STATED", ProcessStepBuilder.FILES, "PWD", "OLDPWD", "SHLVL", "_")
                        .contains(name));
    if (System.getenv().containsKey(other)) {
      assertThat(names(run.output(more))).contains(other);
    }
    assertThat(names(run.output(all))).containsAll(names(run.output(more)));
    assertThat(names(run.output(all)))
        .containsAll(
            System.getenv().keySet().stream().filter(name -> name.matches("[A-Z_]+")).toList());
  }

  private static final Set<String> USUAL =
      Set.of("PATH", "HOME", "USER", "LOGNAME", "LANG", "LANGUAGE", "TZ", "TMPDIR");

  private static Set<String> names(ProcessOutput output) {
    return output
        .output()
        .lines()
        .filter(line -> line.matches("[A-Z0-9_]+=.*"))
        .map(line -> line.substring(0, line.indexOf('=')))
        .collect(Collectors.toSet());
  }

  @Test
  void filesThatLeadElsewhereAndOutputsThatAreNoFilesAreRefusedWhenTheyAreDeclared() {
    Pipeline.Builder p = Pipeline.named("refused");
    Step<ProcessOutput> other = p.process("other").command("true").gives();
    Parameter<Integer> n = p.parameter("n", 1);
    int number = 0;
    for (String name : List.of("../x", "/tmp/x", "", "a/../../x")) {
      ProcessStepBuilder bad = p.process("bad" + number++);
      assertThatThrownBy(() -> bad.fileOut(name))
          .isInstanceOf(InvalidPipelineException.class)
          .hasMessageContaining("has a file \"" + name + "\"");
      assertThatThrownBy(() -> bad.fileIn(name, n))
          .isInstanceOf(InvalidPipelineException.class)
          .hasMessageContaining("has a file \"" + name + "\"");
    }
    assertThatThrownBy(() -> p.process("bad").fileIn("x", other))
        .isInstanceOf(InvalidPipelineException.class)
        .hasMessageContaining("\"other\"");
  }

  @Test
  void whatTheChildrenOfAKilledProcessStartIsKilledToo() throws Exception {
    Path pids = directory.resolve("pids");
    Pipeline.Builder p = Pipeline.named("tree");
    // The inner shell ignores what asks it to end, and starts another process then.
    p.process("tree")
        .command(
            "sh",
            "-c",
            "sh -c 'trap \"sleep 600 & echo \\$! >> $0\" TERM; echo $$ >> \"$0\";"
                + " while :; do sleep 0.1; done' \"$0\" & wait; wait",
            pids.toString())
        .timeout(Duration.ofSeconds(2))
        .gives();
    PipelineRun run = p.build().in(workspace).run();
    assertThat(run.failures().get("tree")).isInstanceOf(StepTimeoutException.class);
    assertThat(Files.readAllLines(pids)).isNotEmpty().allSatisfy(ProcessStepTest::assertEnds);
  }

  @Test
  @EnabledOnOs(OS.LINUX)
  void whatIsLeftBehindByAnEndedChildOfAKilledProcessIsKilledToo() throws Exception {
    Path pid = directory.resolve("pid");
    Pipeline.Builder p = Pipeline.named("orphan");
    p.process("orphan")
        .command(
            "sh", "-c", "sh -c 'sleep 600 & echo $! > \"$0\"' \"$0\"; sleep 600", pid.toString())
        .timeout(Duration.ofSeconds(2))
        .gives();
    PipelineRun run = p.build().in(workspace).run();
    assertThat(run.failures().get("orphan")).isInstanceOf(StepTimeoutException.class);
    assertEnds(Files.readString(pid).strip());
  }

  private static void assertEnds(String pid) throws InterruptedException {
    long end = System.nanoTime() + Duration.ofMinutes(1).toNanos();
    while (runs(pid)) {
      assertThat(System.nanoTime()).as("the process %s runs on", pid).isLessThan(end);
      Thread.sleep(10);
    }
  }

  /** One that has ended stays among the processes where nobody waits for the end of orphans. */
  private static boolean runs(String pid) {
    if (ProcessHandle.of(Long.parseLong(pid)).filter(ProcessHandle::isAlive).isEmpty()) {
      return false;
    }
    try {
      return !Files.readString(Path.of("/proc", pid, "stat")).contains(") Z ");
    } catch (IOException e) {
      return OS.LINUX != OS.current();
    }
  }

  @Test
  void aProcessThatLeavesAnotherBehindOnItsPipeEnds() throws Exception {
    Path pid = directory.resolve("pid");
    Pipeline.Builder p = Pipeline.named("left");
    Step<ProcessOutput> left =
        p.process("left")
            .command("sh", "-c", "sleep 600 & echo $! > \"$0\"; echo done", pid.toString())
            .gives();
    PipelineRun run = p.build().in(workspace).run().orThrow();
    assertThat(run.output(left).output()).isEqualTo("done\n");
    assertThat(
            ProcessHandle.of(Long.parseLong(Files.readString(pid).strip()))
                .orElseThrow()
                .destroyForcibly())
        .isTrue();
  }
}
