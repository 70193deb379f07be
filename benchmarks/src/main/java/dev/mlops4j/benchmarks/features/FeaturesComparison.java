package dev.mlops4j.benchmarks.features;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import dev.mlops4j.benchmarks.record.FlightsModel;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.duckdb.Parquet;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Point-in-time joins, windows, online reads and materialization, beside Feast on the same files.
 */
public final class FeaturesComparison implements Comparison {

  private static final int FLIGHTS = 336_776;
  private static final int ROUNDS = 5;
  private static final int OURS_A_ROUND = 5;
  private static final int FEAST_ONLINE_ROWS = 20_000;
  private static final int FEAST_CALLS = 2_000;
  private static final int MATERIALIZATIONS = 6;
  private static final double NANOS = 1e9;
  private static final List<String> WEATHER =
      List.of("temperature", "wind_speed", "visibility", "humidity");

  /** Creates the comparison. */
  public FeaturesComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path data = directory.resolve("feast-data");
    Path modelPackage = directory.resolve("flights-package");
    if (!Files.exists(modelPackage)) {
      FlightsModel.train(directory, report);
    }
    try (PythonPeer feast =
        new PythonPeer(directory, "feast", data, directory.resolve("feast-scratch"))) {
      report.note("versions: %s", feast.ask(Map.of("command", "versions")));
      join(directory, data, feast, report);
      windows(directory, data, report);
      synthetic(directory, data, report);
      online(data, modelPackage, feast, report);
    }
    FlightVectors.measure(report);
  }

  private static void join(Path directory, Path data, PythonPeer feast, Report report)
      throws Exception {
    Path ours = directory.resolve("joined-ours.bin");
    Path feasts = directory.resolve("joined-feast.parquet").toAbsolutePath();
    feast.ask(Map.of("command", "join-values", "file", feasts.toString()));
    List<Double> ourSeconds = new ArrayList<>();
    List<Double> feastSeconds = new ArrayList<>();
    double heap = 0;
    for (int round = 0; round < ROUNDS; round++) {
      List<String> printed =
          offline(directory, "weather", data.toString(), "" + OURS_A_ROUND, ours.toString());
      ourSeconds.add(Offline.seconds(printed));
      heap = Math.max(heap, Offline.heap(printed));
      if (round == 0) {
        compare(ours, Parquet.read(feasts));
      }
      feastSeconds.add(feast.ask(Map.of("command", "join")).get("seconds").asDouble());
    }
    report.note("join-weather: ours %s s, Feast %s s", ourSeconds, feastSeconds);
    report.rates(
        "join-weather",
        "rows",
        FLIGHTS / Units.median(ourSeconds),
        FLIGHTS / Units.median(feastSeconds));
    report.alone("join-weather-heap", Units.of(heap, "MB"), "512MB");
  }

  /** All values, to the bit; a null is the null of the other side. */
  private static void compare(Path ours, Dataset feasts) throws IOException {
    long[] rows = new long[FLIGHTS];
    for (int row = 0; row < FLIGHTS; row++) {
      rows[row] = feasts.longs("row").longAt(row);
    }
    int[] rowOf = new int[FLIGHTS];
    for (int row = 0; row < FLIGHTS; row++) {
      rowOf[(int) rows[row]] = row;
    }
    try (DataInputStream values =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(ours)))) {
      for (String feature : WEATHER) {
        for (int row = 0; row < FLIGHTS; row++) {
          double our = values.readDouble();
          double theirs = feasts.doubles(feature).doubleAt(rowOf[row]);
          if (Double.compare(our, theirs) != 0) {
            throw new DisagreementException(
                feature + " of flight " + row + " is " + our + ", by Feast " + theirs);
          }
        }
      }
    }
  }

  /**
   * "On one thread" holds for the garbage too: G1 would collect it on the other processors. What G1
   * gives is noted beside it.
   */
  private static void windows(Path directory, Path data, Report report) throws Exception {
    List<Double> seconds = new ArrayList<>();
    List<Double> g1 = new ArrayList<>();
    for (int round = 0; round < ROUNDS; round++) {
      seconds.add(windows(directory, data, "-XX:+UseSerialGC"));
      g1.add(windows(directory, data, "-XX:+UseG1GC"));
    }
    report.note("windows: serial collector %s s, G1 %s s", seconds, g1);
    report.alone(
        "windows-3h-1h", Units.rate(FLIGHTS / Units.median(seconds), "rows"), "1000000rows/s");
  }

  private static double windows(Path directory, Path data, String collector) throws Exception {
    return Offline.seconds(
        java(directory, List.of(collector), "windows", data.toString(), "" + OURS_A_ROUND));
  }

  /** A third as many rows take a third of the time, times what n log n adds. */
  private static void synthetic(Path directory, Path data, Report report) throws Exception {
    List<Double> seconds = new ArrayList<>();
    List<Integer> millions = List.of(1, 3, 10);
    for (int rows : millions) {
      List<String> printed =
          offline(directory, "entities-" + rows + "m", data.toString(), rows == 10 ? "1" : "3");
      seconds.add(Offline.seconds(printed));
      report.alone(
          "join-synthetic-" + rows + "m",
          String.format(
              Locale.ROOT,
              "%.2fs(heap %.0fMB)",
              seconds.get(seconds.size() - 1),
              Offline.heap(printed)),
          "512MB");
    }
    // A history of some 60 MB that may take 8: sorted runs on disk.
    List<String> inMemory = offline(directory, "entities-10m", data.toString(), "1");
    List<String> onDisk = offline(directory, "entities-10m", data.toString(), "1", "" + (8 << 20));
    if (!values(inMemory).equals(values(onDisk))) {
      throw new DisagreementException("the join on disk has other values than that in memory");
    }
    report.alone(
        "join-synthetic-10m-on-disk",
        String.format(
            Locale.ROOT, "%.2fs(heap %.0fMB)", Offline.seconds(onDisk), Offline.heap(onDisk)),
        "512MB");
    for (int i = 1; i < millions.size(); i++) {
      double n = millions.get(i) * 1e6;
      double before = millions.get(i - 1) * 1e6;
      double allowed = n * Math.log(n) / (before * Math.log(before));
      report.alone(
          "join-synthetic-growth-" + millions.get(i) + "m",
          String.format(Locale.ROOT, "%.2fx", seconds.get(i) / seconds.get(i - 1)),
          String.format(Locale.ROOT, "%.2fx", allowed));
    }
  }

  private static List<String> values(List<String> printed) {
    return printed.stream()
        .filter(line -> line.startsWith("values ") || line.startsWith("present "))
        .toList();
  }

  private static void online(Path data, Path modelPackage, PythonPeer feast, Report report)
      throws Exception {
    double feastRate =
        feast
            .ask(Map.of("command", "materialize", "rows", FEAST_ONLINE_ROWS))
            .get("rate")
            .asDouble();
    JsonNode feastOnline = feast.ask(Map.of("command", "online", "calls", FEAST_CALLS));
    List<Online.MaterializedRate> all = new ArrayList<>();
    for (int i = 0; i < MATERIALIZATIONS; i++) {
      try (Online online = new Online(data, modelPackage)) {
        all.add(online.materialize());
      }
    }
    // The first is of the JIT compiler's work.
    List<Online.MaterializedRate> warm = all.subList(1, all.size());
    report.note("materialize-sqlite-1m: %s", all);
    Online.MaterializedRate materialized =
        warm.stream()
            .sorted(Comparator.comparingDouble(Online.MaterializedRate::rowsPerSecond))
            .toList()
            .get(warm.size() / 2);
    try (Online online = new Online(data, modelPackage)) {
      online.materialize();
      online.agree(feast);
      report.rates("materialize-sqlite-1m", "rows", materialized.rowsPerSecond(), feastRate);
      report.alone(
          "materialize-sqlite-1m-rate",
          Units.rate(materialized.rowsPerSecond(), "rows"),
          "200000rows/s");
      report.alone(
          "promotion-meanwhile-max",
          Units.of(
              warm.stream()
                  .mapToDouble(Online.MaterializedRate::slowestPromotion)
                  .max()
                  .orElseThrow(),
              "ms"),
          "50ms");
      report.nanos("online-sqlite-p50", online.sqlite(), feastOnline.get("p50").asDouble() * NANOS);
      report.alone("online-memory-p50", Units.nanos(online.memory()), "1000ns");
    }
  }

  /** Runs our side in a JVM of its own, with 512 MB. */
  private static List<String> offline(Path directory, String... args)
      throws IOException, InterruptedException {
    return java(directory, List.of(), args);
  }

  private static List<String> java(Path directory, List<String> options, String... args)
      throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx512m",
                "-cp",
                directory.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(directory.resolve("classpath")).strip(),
                Offline.class.getName()));
    command.addAll(1, options);
    command.addAll(Arrays.asList(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("our side has failed: " + printed);
    }
    return printed.strip().lines().toList();
  }
}
