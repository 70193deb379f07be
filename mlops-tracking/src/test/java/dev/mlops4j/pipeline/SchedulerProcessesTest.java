package dev.mlops4j.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.pipeline.FiringRecord.State;
import dev.mlops4j.workspace.Workspace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Several processes with the same schedule. */
@Timeout(value = 180, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class SchedulerProcessesTest {

  private static final int PROCESSES = 4;
  private static final int SECONDS = 5;
  private static final int SOAK_SECONDS = 60;
  private static final Duration PERIOD = Duration.ofSeconds(1);
  private static final long POLL_NANOS = 20_000_000;
  private static final String NAME = "train";

  @TempDir Path directory;

  @Test
  void fourProcessesRunEachSecondOnce() throws Exception {
    runTogether(SECONDS);
  }

  @Test
  @Tag("soak")
  void fourProcessesRunEachSecondOnceForAMinute() throws Exception {
    runTogether(SOAK_SECONDS);
  }

  @Test
  void whatAKilledProcessRanIsRunAgainWithTheSameId() throws Exception {
    Process child = child("hangs");
    String id = line(child);
    child.destroyForcibly().waitFor();

    try (Workspace workspace = Workspace.open(directory)) {
      List<String> ran = new ArrayList<>();
      Scheduler scheduler = Scheduler.in(workspace);
      define(
          scheduler,
          firing -> {
            ran.add(firing.id() + " " + firing.attempt());
            return "done";
          });
      scheduler.runDue();
      assertThat(ran).as("at once, as it ran on this host").contains(id + " 2");
    }
  }

  private void runTogether(int seconds) throws Exception {
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(child("runs"));
    }
    for (Process process : processes) {
      assertThat(line(process)).isEqualTo("ready");
    }
    for (Process process : processes) {
      process.getOutputStream().write('\n');
      process.getOutputStream().flush();
    }
    Instant end = Instant.now().plusSeconds(seconds);
    try (Workspace workspace = Workspace.open(directory)) {
      Scheduler watching = Scheduler.in(workspace);
      await(() -> watching.state(NAME).plannedTo().isAfter(end));
      watching.pause(NAME, "the end");
      await(() -> watching.state(NAME).open().isEmpty());
    }
    List<String> ran = new ArrayList<>();
    for (Process process : processes) {
      process.getOutputStream().close();
      process.inputReader(StandardCharsets.UTF_8).lines().forEach(ran::add);
      assertThat(process.waitFor()).isZero();
    }
    requireEachOnce(ran);
  }

  private static void await(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      LockSupport.parkNanos(POLL_NANOS);
    }
  }

  private void requireEachOnce(List<String> ran) {
    try (Workspace workspace = Workspace.open(directory)) {
      List<FiringRecord> history =
          Scheduler.in(workspace).history(NAME, ScheduleStore.KEPT).stream()
              .sorted(Comparator.comparing(FiringRecord::planned))
              .toList();
      assertThat(history).allSatisfy(f -> assertThat(f.state()).isEqualTo(State.DONE));
      assertThat(history).allSatisfy(f -> assertThat(f.attempts()).isEqualTo(1));
      assertThat(history).allSatisfy(f -> assertThat(f.passedOver()).isZero());
      Instant first = history.get(0).planned();
      for (int i = 0; i < history.size(); i++) {
        assertThat(history.get(i).planned()).isEqualTo(first.plus(PERIOD.multipliedBy(i)));
      }
      assertThat(ran)
          .as("what the processes say that they did")
          .containsExactlyInAnyOrderElementsOf(history.stream().map(FiringRecord::id).toList());
      System.out.println(
          history.size()
              + " firings by "
              + history.stream().map(f -> f.holder()).distinct().count()
              + " processes");
    }
  }

  private static void define(Scheduler scheduler, ScheduledWork work) {
    scheduler.schedule(NAME).every(PERIOD).misfire(Misfire.runAll(100)).run(work);
  }

  /** The child's program: runs what is due until its input ends, and says what it ran. */
  public static void main(String[] args) throws IOException {
    boolean hangs = args[1].equals("hangs");
    try (Workspace workspace = Workspace.open(Path.of(args[0]))) {
      Scheduler scheduler = Scheduler.in(workspace);
      define(
          scheduler,
          firing -> {
            say(firing.id());
            return hangs ? hang() : "done";
          });
      if (!hangs) {
        say("ready");
        System.in.read();
      }
      scheduler.start();
      System.in.read();
    }
  }

  private static synchronized void say(String line) {
    System.out.println(line);
    System.out.flush();
  }

  private static String hang() {
    try {
      while (true) {
        System.in.read();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Process child(String does) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx128m",
            "-cp",
            System.getProperty("java.class.path"),
            SchedulerProcessesTest.class.getName(),
            directory.toString(),
            does)
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String line(Process child) throws IOException {
    return child.inputReader(StandardCharsets.UTF_8).readLine();
  }
}
