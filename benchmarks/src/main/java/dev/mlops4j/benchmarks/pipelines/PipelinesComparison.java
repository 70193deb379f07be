package dev.mlops4j.benchmarks.pipelines;

import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.pipeline.Pipeline;
import dev.mlops4j.pipeline.PipelineRun;
import dev.mlops4j.pipeline.StepResult;
import dev.mlops4j.pipeline.StepStatus;
import dev.mlops4j.workspace.Workspace;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What a pipeline costs beside its steps, and five empty steps of Metaflow. */
public final class PipelinesComparison implements Comparison {

  private static final int WARMUPS = 200;
  private static final int RUNS = 15;
  private static final int STARTS = 5;
  private static final int CHAIN = 50;
  private static final int CACHED = 10;
  private static final int ELEMENTS = 1_000;
  private static final double NANOS_OF_A_MILLI = 1e6;

  /** Creates the comparison. */
  public PipelinesComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path place = Files.createTempDirectory(directory.toAbsolutePath(), "pipelines-");
    List<Double> peer = peer(directory, place, report);
    List<Double> fresh = fresh(directory, place, report);
    try (Workspace workspace = Workspace.open(place.resolve("ours"))) {
      Pipeline five = EmptySteps.chain("five", EmptySteps.FIVE, false);
      for (int i = 0; i < WARMUPS; i++) {
        PipelineRun unused = five.in(workspace).run().orThrow();
      }
      List<Double> own = times(RUNS, () -> five.in(workspace).run());
      report.millis("pipelines-five-steps", Units.median(own), Units.median(peer));
      report.millis("pipelines-five-steps-fresh", Units.median(fresh), Units.median(peer));
      Pipeline chain = EmptySteps.chain("chain", CHAIN, false);
      report.alone(
          "pipelines-step",
          millis(Units.median(times(RUNS, () -> chain.in(workspace).run())) / CHAIN),
          "5ms");
      Pipeline fan = EmptySteps.fan(ELEMENTS);
      report.alone(
          "pipelines-fan-out-1000",
          millis(Units.median(times(STARTS, () -> fan.in(workspace).threads(2).run()))),
          "3000ms");
      Pipeline cached = EmptySteps.chain("cached", CACHED, true);
      PipelineRun unused = cached.in(workspace).run().orThrow();
      List<Double> hits =
          times(
              RUNS,
              () -> {
                PipelineRun run = cached.in(workspace).run();
                if (run.steps().stream()
                    .map(StepResult::status)
                    .anyMatch(status -> status != StepStatus.CACHED)) {
                  throw new DisagreementException("a step was not cached: " + run.toText());
                }
                return run;
              });
      report.alone("pipelines-cached-10", millis(Units.median(hits)), "100ms");
    }
  }

  /** Runs a pipeline so often, and gives the milliseconds of each. */
  private static List<Double> times(int runs, Run run) {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < runs; i++) {
      long begin = System.nanoTime();
      PipelineRun unused = run.run().orThrow();
      times.add((System.nanoTime() - begin) / NANOS_OF_A_MILLI);
    }
    return times;
  }

  private static List<Double> fresh(Path directory, Path place, Report report)
      throws IOException, InterruptedException {
    String classPath =
        directory.toAbsolutePath().resolve("classes")
            + File.pathSeparator
            + Files.readString(directory.resolve("classpath")).strip();
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            classPath,
            EmptySteps.class.getName(),
            place.resolve("fresh").toString());
    return starts("a fresh JVM", command, place, "steps " + EmptySteps.FIVE, report);
  }

  private static List<Double> peer(Path directory, Path place, Report report)
      throws IOException, InterruptedException {
    Path flow = Path.of("benchmarks/src/main/python/metaflow_flow.py").toAbsolutePath();
    List<String> command =
        List.of(
            directory.resolve("metaflow/bin/python").toAbsolutePath().toString(),
            flow.toString(),
            "--quiet",
            "run");
    return starts("Metaflow", command, place, "count " + EmptySteps.FIVE, report);
  }

  private static List<Double> starts(
      String name, List<String> command, Path place, String expected, Report report)
      throws IOException, InterruptedException {
    List<Double> times = new ArrayList<>();
    for (int i = 0; i < STARTS; i++) {
      ProcessBuilder builder =
          new ProcessBuilder(command).directory(place.toFile()).redirectErrorStream(true);
      builder.environment().put("USERNAME", "benchmark");
      long begin = System.nanoTime();
      Process process = builder.start();
      String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      int exit = process.waitFor();
      times.add((System.nanoTime() - begin) / NANOS_OF_A_MILLI);
      if (exit != 0 || !printed.contains(expected)) {
        throw new DisagreementException(name + " ended with " + exit + " and said: " + printed);
      }
    }
    report.note("%s: %s ms", name, times.stream().map(Math::round).toList());
    return times;
  }

  private static String millis(double value) {
    return String.format(Locale.ROOT, "%.1fms", value);
  }

  /** Runs a pipeline once. */
  @FunctionalInterface
  private interface Run {
    PipelineRun run();
  }
}
