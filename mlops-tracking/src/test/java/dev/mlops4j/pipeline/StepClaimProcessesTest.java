package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.storage.Database;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
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
    assertThat(isAnyClaimed()).as("a claim of a process that was killed").isFalse();
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
      PipelineRun run =
          p.build().in(workspace).allowOverlap().listener(readyIn(place)).run().orThrow();
      System.out.println(run.step(once).status() + " " + run.output(once));
    }
  }

  /** Says that the run of this process is begun, so that all look at the step before it is done. */
  private static PipelineListener readyIn(Path place) {
    return new PipelineListener() {
      @Override
      public void started(PipelineReport report) {
        try {
          Files.createFile(place.resolve("ready-" + ProcessHandle.current().pid()));
        } catch (IOException e) {
          throw new UncheckedIOException(e);
        }
      }
    };
  }

  /** Whether somebody else would have to wait for an output. */
  private boolean isAnyClaimed() {
    try (Workspace workspace = Workspace.open(directory.resolve("workspace"))) {
      Database database = workspace.database(Area.METADATA);
      List<String> keys =
          database.read(
              tx -> tx.query("SELECT cache_key FROM pipeline_claim", row -> row.getString(1)));
      assertThat(keys).hasSize(1);
      return new JdbcStepCache(database).isTaken(keys.get(0), Instant.now());
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
