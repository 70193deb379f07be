package dev.mlops4j.monitoring;

import static dev.mlops4j.monitoring.Watched.day;
import static dev.mlops4j.monitoring.Watched.due;
import static org.assertj.core.api.Assertions.assertThat;

import dev.mlops4j.monitoring.TestData.Clock;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Processes of one service that all evaluate at the same time, without a schedule's lease. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class EvaluatingProcessesTest {

  private static final int PROCESSES = 3;
  private static final int DAYS = 20;
  private static final AlertRule RULE = AlertRule.performance("accuracy").below(0.7);

  @TempDir Path directory;

  @Test
  void eachWindowIsEvaluatedOnceAndOneOfThemSendsTheAlert() throws Exception {
    Clock clock = new Clock();
    try (Watched watched = watched(directory, clock)) {
      for (int day = 0; day < DAYS; day++) {
        clock.set(day(day));
        watched.serve(day, 200, day == DAYS / 2 ? 0.6 : 0.8);
      }
      watched.monitor.flush();
    }
    List<Process> processes = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      processes.add(start(i));
    }
    for (int i = 0; i < PROCESSES; i++) {
      while (!Files.exists(directory.resolve("ready-" + i))) {
        assertThat(processes.get(i).isAlive()).isTrue();
        LockSupport.parkNanos(1_000_000);
      }
    }
    Files.createFile(directory.resolve("go"));
    List<String> lines = new ArrayList<>();
    for (int i = 0; i < PROCESSES; i++) {
      assertThat(processes.get(i).waitFor()).isZero();
      lines.addAll(Files.readAllLines(directory.resolve("printed-" + i)));
    }

    assertThat(lines)
        .filteredOn(line -> line.startsWith("window "))
        .containsExactlyInAnyOrderElementsOf(
            IntStream.range(0, DAYS).mapToObj(day -> "window " + day(day)).toList());
    assertThat(lines).filteredOn(line -> line.startsWith("new ")).containsExactly("new accuracy");
    clock.set(due(DAYS));
    try (Watched watched = watched(directory, clock)) {
      assertThat(watched.monitor.alerts()).hasSize(1);
      assertThat(watched.monitor.alerts().get(0).resolvedAt()).isPresent();
      assertThat(watched.monitor.metricHistory("accuracy")).hasSize(DAYS);
      watched.monitor.evaluate();
      assertThat(watched.heard()).as("all was told").isEmpty();
    }
  }

  private static Watched watched(Path directory, Clock clock) {
    return new Watched(directory, clock, builder -> builder.rule(RULE));
  }

  private Process start(int number) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            EvaluatingProcessesTest.class.getName(),
            directory.toString(),
            "" + number)
        .redirectOutput(directory.resolve("printed-" + number).toFile())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  /** The child's program. */
  public static void main(String[] args) throws IOException {
    Path directory = Path.of(args[0]);
    Clock clock = new Clock();
    clock.set(due(DAYS - 1));
    try (Watched watched = watched(directory, clock)) {
      Files.createFile(directory.resolve("ready-" + args[1]));
      while (!Files.exists(directory.resolve("go"))) {
        LockSupport.parkNanos(100_000);
      }
      for (WindowReport report : watched.monitor.evaluate()) {
        System.out.println("window " + report.start());
      }
      watched.heard().forEach(System.out::println);
    }
  }
}
