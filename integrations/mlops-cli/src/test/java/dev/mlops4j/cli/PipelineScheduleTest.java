package dev.mlops4j.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.FiringRecord;
import dev.mlops4j.pipeline.Outputs;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.Scheduler;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Workspace;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;

/** A pipeline that the command line runs whenever it is planned. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PipelineScheduleTest extends CommandLineTest {

  private static final long POLL_NANOS = 20_000_000;
  private static final String[] YEARLY = {"--cron", "0 3 1 1 *", "--zone", "Europe/Berlin"};

  /** A pipeline that never ends by itself, or at once. */
  public static final class Waiting implements Supplier<Pipeline> {

    /** As the command makes it. */
    public Waiting() {}

    @Override
    public Pipeline get() {
      Pipeline.Builder p = Pipeline.named("waiting");
      var waits = p.parameter("waits", true);
      p.step("wait")
          .from(waits)
          .gives(
              Outputs.json(Integer.class),
              (step, really) -> {
                step.metric("began", 1);
                if (really) {
                  new CountDownLatch(1).await();
                }
                return 1;
              });
      return p.build();
    }
  }

  private static final String CLASS = Waiting.class.getName();

  @Test
  void whatIsAskedForIsRunUntilTheCommandIsStopped() throws Exception {
    int[] code = {-1};
    Thread command =
        new Thread(
            () ->
                code[0] =
                    mlops(
                        "pipeline",
                        "schedule",
                        "--class",
                        CLASS,
                        "-p",
                        "waits=false",
                        "--every",
                        "365d",
                        "--schedule",
                        "yearly",
                        "--quiet"));
    command.start();
    awaitSchedule("yearly");
    try (Workspace workspace = Workspace.open(workspace())) {
      Scheduler watching = Scheduler.in(workspace);
      watching.runNow("yearly");
      await(() -> watching.history("yearly", 1).get(0).state() == FiringRecord.State.DONE);
      FiringRecord done = watching.history("yearly", 1).get(0);
      assertThat(done.text()).isEqualTo("run " + done.runId() + " FINISHED");
      RunRecord run = Tracking.in(workspace).run(String.valueOf(done.runId()));
      assertThat(run.tags())
          .containsEntry("schedule", "yearly")
          .containsEntry("schedule.firing", done.id());
    }
    command.interrupt();
    command.join();
    assertThat(code[0]).as(err).isZero();
    assertThat(out).contains("schedule yearly, every PT8760H", "comes next at");
  }

  @Test
  @DisabledOnOs(OS.WINDOWS) // has no SIGTERM
  void whatRunsWhenTheProcessIsToldToEndIsCancelledAndGivenBack() throws Exception {
    Process process = child("pipeline", "schedule", "--class", CLASS, "--cron", YEARLY[1]);
    BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
    assertThat(lines.readLine()).startsWith("schedule waiting, cron 0 3 1 1 * in Z, comes next at");
    try (Workspace workspace = Workspace.open(workspace())) {
      Scheduler watching = Scheduler.in(workspace);
      Tracking tracking = Tracking.in(workspace);
      watching.runNow("waiting");
      await(() -> tracking.runs("waiting", RunStatus.RUNNING).size() == 2);
      process.destroy();
      assertThat(process.waitFor()).as("as of any program that SIGTERM ends").isEqualTo(128 + 15);
      FiringRecord left = watching.history("waiting", 1).get(0);
      assertThat(left.state()).isEqualTo(FiringRecord.State.WAITING);
      assertThat(tracking.run(String.valueOf(left.runId())).status()).isEqualTo(RunStatus.KILLED);
    }
  }

  @Test
  @DisabledOnOs(OS.WINDOWS)
  void aRunThatIsToldToEndIsCancelledAndRecorded() throws Exception {
    Process process = child("pipeline", "run", "--class", CLASS, "--quiet");
    try (Workspace workspace = Workspace.open(workspace())) {
      Tracking tracking = Tracking.in(workspace);
      await(() -> tracking.runs("waiting", RunStatus.RUNNING).size() == 2);
      assertThat(mlops("pipeline", "run", "--class", CLASS, "-p", "waits=false"))
          .as("while the other goes on")
          .isEqualTo(4);
      assertThat(err).contains("allow overlap");
      assertThat(
              mlops(
                  "pipeline",
                  "run",
                  "--class",
                  CLASS,
                  "-p",
                  "waits=false",
                  "--allow-overlap",
                  "--quiet"))
          .as(err)
          .isZero();
      process.destroy();
      assertThat(process.waitFor()).isEqualTo(128 + 15);
      assertThat(tracking.runs("waiting", RunStatus.KILLED)).hasSize(2);
      assertThat(tracking.runs("waiting", RunStatus.RUNNING)).isEmpty();
    }
  }

  @Test
  void wrongArgumentsAreNamed() {
    assertThat(mlops("pipeline", "schedule", "--class", CLASS)).isEqualTo(2);
    assertThat(mlops("pipeline", "schedule", "--class", CLASS, "--every", "1h", YEARLY[0], "x"))
        .isEqualTo(2);
    assertThat(mlops("pipeline", "schedule", "--class", CLASS, "--every", "1h", "--zone", "Z"))
        .isEqualTo(2);
    assertThat(err).contains("--zone goes with --cron");
    assertThat(mlops("pipeline", "schedule", "--class", CLASS, "--cron", "61 * * * *"))
        .isEqualTo(2);
    assertThat(mlops("pipeline", "schedule", "--class", CLASS, "--every", "0s")).isEqualTo(2);
    assertThat(
            mlops("pipeline", "schedule", "--class", CLASS, "--every", "1h", "--misfire", "never"))
        .isEqualTo(2);
    assertThat(err).contains("run-once, skip or run-all=N");
    assertThat(mlops("pipeline", "run", "--class", CLASS, "--parameter-from", "waits=NOT_THERE_"))
        .isEqualTo(2);
    assertThat(err).contains("NOT_THERE_");
  }

  @Test
  void whatNoRunCouldBeginWithIsSaidBeforeTheFirstFiring() {
    String[] schedule = {"pipeline", "schedule", "--every", "1h", "--class"};
    assertThat(mlops(with(schedule, CLASS, "-p", "wait=1"))).isEqualTo(2);
    assertThat(mlops(with(schedule, CLASS, "-p", "waits=perhaps"))).isEqualTo(2);
    assertThat(mlops(with(schedule, CLASS, "--parameter-from", "waits=NOT_THERE_"))).isEqualTo(2);
    assertThat(mlops(with(schedule, PipelineCommandTest.Secretive.class.getName()))).isEqualTo(2);
    assertThat(err).contains("password");
    assertThat(mlops(with(schedule, CLASS, "--refresh-all"))).isEqualTo(2);
    assertThat(mlops("schedule", "list")).isZero();
    assertThat(out).doesNotContain("waiting", "secretive");
  }

  private static String[] with(String[] some, String... more) {
    List<String> all = new ArrayList<>(List.of(some));
    all.addAll(List.of(more));
    return all.toArray(String[]::new);
  }

  private void awaitSchedule(String name) {
    try (Workspace workspace = Workspace.open(workspace())) {
      Scheduler watching = Scheduler.in(workspace);
      await(() -> watching.schedules().stream().anyMatch(each -> each.name().equals(name)));
    }
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private Process child(String... arguments) throws IOException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx128m",
                "-cp",
                System.getProperty("java.class.path"),
                Mlops.class.getName()));
    command.addAll(List.of(arguments));
    command.addAll(List.of("--workspace", workspace().toString()));
    return new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
  }
}
