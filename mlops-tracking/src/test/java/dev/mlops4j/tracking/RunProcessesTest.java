package dev.mlops4j.tracking;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Runs of other processes: shut down, killed, joined. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class RunProcessesTest {

  private static final TrackingOptions KILLED_ON_SHUTDOWN =
      TrackingOptions.builder().killOnShutdown().build();

  @TempDir Path directory;

  @Test
  void aRunOfAProcessThatIsShutDownEndsKilledWithItsMetrics() throws Exception {
    Process child = child("waits", "-");
    String id = firstLine(child);
    child.destroy();
    child.waitFor();

    try (Workspace workspace = Workspace.open(directory)) {
      RunRecord run = Tracking.in(workspace).run(id);
      assertThat(run.status()).isEqualTo(RunStatus.KILLED);
      assertThat(run.failure()).isEqualTo("the JVM was shut down");
      assertThat(run.endedAt()).isNotNull();
      assertThat(run.metric("auc")).isEqualTo(0.7);
    }
  }

  @Test
  void aWorkspaceThatAShutdownHookClosesEndsItsRunsKilledAsWell() throws Exception {
    Process child = child("closes", "-");
    String id = firstLine(child);
    child.destroy();
    child.waitFor();

    try (Workspace workspace = Workspace.open(directory)) {
      RunRecord run = Tracking.in(workspace).run(id);
      assertThat(run.status()).isEqualTo(RunStatus.KILLED);
      assertThat(run.metric("auc")).isEqualTo(0.7);
    }
  }

  @Test
  void aRunWhoseProcessWasKilledGoesOnInAnother() throws Exception {
    Process child = child("waits", "-");
    String id = firstLine(child);
    child.destroyForcibly().waitFor();

    try (Workspace workspace = Workspace.open(directory)) {
      Tracking tracking = Tracking.in(workspace);
      assertThat(tracking.run(id).status()).isEqualTo(RunStatus.ABANDONED);
      try (Run run = tracking.resume(id)) {
        assertThat(run.isLeading()).isTrue();
        run.param("depth", 6);
      }
      RunRecord run = tracking.run(id);
      assertThat(run.status()).isEqualTo(RunStatus.FINISHED);
      assertThat(run.params()).containsKeys("depth", "child");
      assertThat(run.resumes()).extracting(RunResume::before).containsExactly(RunStatus.ABANDONED);
    }
  }

  @Test
  void aProcessThatJoinsARunAndDiesLeavesItRunning() throws Exception {
    try (Workspace workspace = Workspace.open(directory)) {
      Tracking tracking = Tracking.in(workspace);
      try (Run run = tracking.start("delay")) {
        Process child = child("joins", run.id());
        assertThat(firstLine(child)).isEqualTo(run.id());
        assertThat(tracking.run(run.id()).params()).containsKey("child");
        child.destroy();
        child.waitFor();
        assertThat(tracking.run(run.id()).status()).isEqualTo(RunStatus.RUNNING);
      }
      assertThat(tracking.runs("delay").get(0).metric("auc")).isEqualTo(0.7);
    }
  }

  /** The child's program: logs, says the run's id, and waits. */
  public static void main(String[] args) throws IOException {
    Workspace workspace = Workspace.open(Path.of(args[0]));
    Tracking tracking = Tracking.in(workspace, KILLED_ON_SHUTDOWN);
    if (args[1].equals("closes")) {
      Runtime.getRuntime().addShutdownHook(new Thread(workspace::close));
    }
    Run run = args[1].equals("joins") ? tracking.resume(args[2]) : tracking.start("delay");
    run.param("child", true);
    run.metric("auc", 0.7);
    System.out.println(run.id());
    System.out.flush();
    System.in.read();
  }

  private Process child(String does, String id) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            RunProcessesTest.class.getName(),
            directory.toString(),
            does,
            id)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String firstLine(Process child) throws IOException {
    BufferedReader lines = child.inputReader(StandardCharsets.UTF_8);
    return lines.readLine();
  }
}
