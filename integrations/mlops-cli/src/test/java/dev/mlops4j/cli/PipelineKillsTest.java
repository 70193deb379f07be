package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineReport;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.StepResult;
import dev.mlops4j.registry.Registry;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A pipeline whose process is killed at random moments, and resumed. */
@Timeout(value = 30, unit = TimeUnit.MINUTES)
class PipelineKillsTest extends CommandLineTest {

  private static final int KILLS = 10;
  private static final int SOAK_KILLS = 100;

  /** Lines of an undisturbed run: one for the run, two a step and one an element. */
  private static final int LINES = 1 + 2 * 12 + 6;

  private static final long LONGEST_PAUSE_NANOS = 20_000_000;
  private static final long POLL_NANOS = 500_000;

  @Test
  void aKilledPipelineEndsAsAnUndisturbedOneWhenItIsResumed() throws Exception {
    killAndResume(KILLS, Long.getLong("seed", System.nanoTime()));
  }

  @Test
  @Tag("soak")
  void aKilledPipelineEndsAsAnUndisturbedOneAfterAHundredKills() throws Exception {
    killAndResume(SOAK_KILLS, Long.getLong("seed", System.nanoTime()));
  }

  private void killAndResume(int kills, long seed) throws Exception {
    assertThat(importing()).as(err).isZero();
    Path undisturbed = copy("undisturbed");
    Map<String, String> expected = resumed(undisturbed, "undisturbed");
    assertThat(expected).hasSize(12);
    Random random = new Random(seed);
    int killed = 0;
    for (int round = 0; killed < kills; round++) {
      Path workspace = copy("round-" + round);
      String when = "seed " + seed + ", round " + round;
      boolean ended = killOnce(workspace, random);
      killed += ended ? 0 : 1;
      // Every other run is killed again while it is resumed, unless it was done already.
      if (!ended && random.nextBoolean() && killed < kills) {
        killed += killOnce(workspace, random) ? 0 : 1;
      }
      assertThat(resumed(workspace, when)).as(when).isEqualTo(expected);
      delete(workspace);
    }
  }

  /** Says whether the process was done before it was killed, so that it was no kill. */
  private boolean killOnce(Path workspace, Random random) throws Exception {
    Path printed = directory.resolve("printed-" + System.nanoTime());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "--enable-native-access=ALL-UNNAMED",
                "-cp",
                System.getProperty("java.class.path"),
                TwelveSteps.class.getName(),
                workspace.toString())
            .redirectOutput(printed.toFile())
            .redirectError(printed.resolveSibling(printed.getFileName() + ".err").toFile())
            .start();
    int lines = random.nextInt(LINES + 1);
    while (process.isAlive() && lines(printed) < lines) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    LockSupport.parkNanos(random.nextLong(LONGEST_PAUSE_NANOS));
    process.destroyForcibly().waitFor();
    // What a kill gives; another code than these two is a failure of the program.
    assertThat(process.exitValue()).isIn(0, 128 + 9);
    return process.exitValue() == 0;
  }

  private static long lines(Path printed) throws IOException {
    try (Stream<String> lines = Files.lines(printed)) {
      return lines.count();
    }
  }

  /** The digests of all outputs, after the run was brought to its end in this process. */
  private static Map<String, String> resumed(Path directory, String when) {
    try (Workspace workspace = Workspace.open(directory);
        Tracking tracking = Tracking.in(workspace)) {
      Pipeline pipeline = TwelveSteps.on(workspace);
      List<PipelineReport> runs = PipelineReport.list(tracking, TwelveSteps.NAME, 9);
      assertThat(runs).as(when).hasSizeLessThan(2);
      boolean isDone = !runs.isEmpty() && runs.get(0).status() == RunStatus.FINISHED;
      String id;
      if (isDone) {
        id = runs.get(0).runId();
      } else {
        PipelineRun run =
            runs.isEmpty()
                ? pipeline.in(workspace).run()
                : pipeline.in(workspace).resume(runs.get(0).runId());
        id = run.orThrow().id();
      }
      assertThat(Registry.in(workspace).versions(TwelveSteps.MODEL)).as(when).hasSize(1);
      assertThat(tracking.run(id).status()).as(when).isEqualTo(RunStatus.FINISHED);
      Map<String, String> digests = new TreeMap<>();
      for (StepResult step : PipelineReport.read(tracking, id).steps()) {
        digests.put(step.name(), step.output() == null ? "none" : step.output().hex());
      }
      return digests;
    }
  }

  private Path copy(String name) throws IOException {
    Path target = directory.resolve(name);
    try (Stream<Path> files = Files.walk(workspace())) {
      for (Path file : files.toList()) {
        Files.copy(file, target.resolve(workspace().relativize(file).toString()));
      }
    }
    return target;
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }
}
