package dev.mlops4j.benchmarks.record;

import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How long a fresh JVM takes from its start to its end, with one prediction in between. */
public final class ColdStartComparison implements Comparison {

  private static final int STARTS = 5;
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
    List<Double> times = new ArrayList<>();
    for (int start = 0; start < STARTS; start++) {
      times.add(start(modelPackage) / NANOS_OF_A_MILLI);
    }
    report.note("cold-start: %s ms", times.stream().map(t -> Math.round(t)).toList());
    report.alone("cold-start", String.format(Locale.ROOT, "%.0fms", Units.median(times)), "500ms");
  }

  private static long start(Path modelPackage) throws IOException, InterruptedException {
    long begin = System.nanoTime();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                System.getProperty("java.class.path"),
                ColdStart.class.getName(),
                modelPackage.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    int exit = process.waitFor();
    long nanos = System.nanoTime() - begin;
    String[] values = printed.split(" ", -1);
    if (exit != 0
        || values.length != 2
        || Math.abs(Double.parseDouble(values[0]) - Double.parseDouble(values[1])) > TOLERANCE) {
      throw new DisagreementException(
          "the first prediction of a fresh JVM and the one of training are \"" + printed + "\"");
    }
    return nanos;
  }
}
