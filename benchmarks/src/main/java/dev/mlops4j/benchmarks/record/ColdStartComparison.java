package dev.mlops4j.benchmarks.record;

import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long a fresh JVM takes to load a package and predict once. */
public final class ColdStartComparison implements Comparison {

  private static final int STARTS = 9;
  private static final double NANOS_OF_A_MILLI = 1e6;
  private static final double TOLERANCE = 1e-6;

  /** Creates the comparison. */
  public ColdStartComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path modelPackage = directory.resolve("flights-package");
    if (!Files.exists(modelPackage)) {
      FlightsModel.train(directory, report);
    }
    String classPath =
        directory.resolve("classes")
            + File.pathSeparator
            + Files.readString(directory.resolve("classpath-serving")).strip();
    List<Double> loads = new ArrayList<>();
    List<Double> processes = new ArrayList<>();
    for (int start = 0; start < STARTS; start++) {
      long begin = System.nanoTime();
      loads.add(start(classPath, modelPackage) / NANOS_OF_A_MILLI);
      processes.add((System.nanoTime() - begin) / NANOS_OF_A_MILLI);
    }
    report.note("cold-start: %s ms", loads.stream().map(Math::round).toList());
    report.note(
        "cold-start, the whole process: %s ms, median %.0f",
        processes.stream().map(Math::round).toList(), Units.median(processes));
    report.alone("cold-start", String.format(Locale.ROOT, "%.0fms", Units.median(loads)), "500ms");
  }

  /** Runs the program, and gives the nanoseconds that it measured. */
  private static long start(String classPath, Path modelPackage)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                ColdStart.class.getName(),
                modelPackage.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int exit = process.waitFor();
    String[] values = printed.split(" ", -1);
    if (exit != 0
        || values.length != 3
        || Math.abs(Double.parseDouble(values[0]) - Double.parseDouble(values[1])) > TOLERANCE) {
      throw new DisagreementException(
          "the first prediction of a fresh JVM and the one of training are \"" + printed + "\"");
    }
    return Long.parseLong(values[2]);
  }
}
