package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that need the same output at once. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StepClaimProcessesTest {

  private static final int PROCESSES = 3;
  private static final long POLL_NANOS = 10_000_000;

  @TempDir Path directory;

  @Test
  void oneProcessDoesTheStepAndTheOthersTakeWhatItGave() throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(child("all"));
    }
    List<String> answers = new ArrayList<>();
    for (Process process : processes) {
      answers.add(line(process));
      assertThat(process.waitFor()).isZero();
    }
    assertThat(answers).filteredOn(answer -> answer.startsWith("FINISHED")).hasSize(1);
    assertThat(answers).filteredOn(answer -> answer.startsWith("CACHED")).hasSize(PROCESSES - 1);
    assertThat(answers).allMatch(answer -> answer.endsWith(" 42"));
    assertThat(Files.readAllLines(directory.resolve("done"))).hasSize(1);
  }

  @Test
  void whatAKilledProcessHadClaimedAnotherDoesAtOnce() throws Exception {
    Process hangs = child("none");
    while (!Files.exists(directory.resolve("done"))) {
      LockSupport.parkNanos(POLL_NANOS);
    }
    hangs.destroyForcibly().waitFor();
    for (int i = 0; i < PROCESSES; i++) {
      Files.createFile(directory.resolve("ready-by-the-test-" + i));
    }
    Process second = child("all");
    assertThat(line(second)).isEqualTo("FINISHED 42");
    assertThat(Files.readAllLines(directory.resolve("done"))).hasSize(2);
  }

  /** The child's program: runs a pipeline whose step ends when all processes are there. */
  public static void main(String[] args) throws IOException {
    Path place = Path.of(args[0]);
    boolean ends = args[1].equals("all");
    Files.createFile(place.resolve("ready-" + ProcessHandle.current().pid()));
    Pipeline.Builder p = Pipeline.named("shared");
    Step<Integer> once =
        p.step("once")
            .cached()
            .gives(
                Outputs.json(Integer.class),
                step -> {
                  Files.writeString(
                      place.resolve("done"),
                      "done\n",
                      StandardOpenOption.CREATE,
                      StandardOpenOption.APPEND);
                  while (!ends || ready(place) < PROCESSES) {
                    LockSupport.parkNanos(POLL_NANOS);
                  }
                  return 42;
                });
    try (Workspace workspace = Workspace.open(place.resolve("workspace"))) {
      PipelineRun run = p.build().in(workspace).allowOverlap().run().orThrow();
      System.out.println(run.step(once).status() + " " + run.output(once));
    }
  }

  private static int ready(Path place) throws IOException {
    try (var files = Files.newDirectoryStream(place, "ready-*")) {
      int count = 0;
      for (Path unused : files) {
        count++;
      }
      return count;
    }
  }

  private Process child(String waitsFor) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            StepClaimProcessesTest.class.getName(),
            directory.toString(),
            waitsFor)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(Process child) throws IOException {
    return child.inputReader(StandardCharsets.UTF_8).readLine();
  }
}
