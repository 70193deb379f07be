package dev.mlops4j.benchmarks.drift;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.DisagreementException;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** Drift reports beside Evidently, profiles beside whylogs; what observing takes; a stream. */
public final class DriftComparison implements Comparison {

  private static final int ROUNDS = 5;
  private static final int OURS_A_ROUND = 9;
  private static final int OBSERVE_SECONDS = 15;

  /** Predictions a second that are asked for, and more, for where drops begin. */
  private static final List<Integer> OBSERVE_RATES =
      List.of(40_000, 60_000, 80_000, 100_000, 140_000, 200_000, 280_000, 400_000);

  private static final long STREAM_ROWS = 10_000_000;
  private static final double MILLIS = 1e3;
  private static final double KILO = 1e3;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Set<Part> parts;

  /** What can be measured by itself. */
  public enum Part {
    /** Reports on two samples. */
    REPORT,
    /** Profiles of a dataset. */
    PROFILE,
    /** Predictions observed. */
    OBSERVE,
    /** Ten million rows. */
    STREAM
  }

  /** Measures these parts, in their order. */
  public DriftComparison(Set<Part> parts) {
    this.parts = EnumSet.copyOf(parts);
  }

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path data = FlightColumns.written(directory);
    for (Part part : parts) {
      switch (part) {
        case REPORT -> report(directory, data, report);
        case PROFILE -> profile(directory, data, report);
        case OBSERVE -> observe(directory, report);
        case STREAM -> stream(directory, report);
      }
    }
  }

  private static void report(Path directory, Path data, Report report) throws Exception {
    List<Double> one = new ArrayList<>();
    List<Double> two = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    try (PythonPeer evidently = new PythonPeer(directory, "evidently", data)) {
      report.note("versions: %s", evidently.ask(Map.of("command", "versions")));
      JsonNode unmeasured = evidently.ask(Map.of("command", "report"));
      report.note("Evidently's first, not measured: %s s", unmeasured.get("seconds"));
      for (int round = 0; round < ROUNDS; round++) {
        JsonNode ours =
            json(
                directory, ONE_THREAD, OwnSide.class, "report", data.toString(), "" + OURS_A_ROUND);
        one.addAll(doubles(ours.get("one")));
        two.addAll(doubles(ours.get("two")));
        JsonNode peer = evidently.ask(Map.of("command", "report"));
        peers.add(peer.get("seconds").asDouble());
        if (round == 0) {
          report.note("%d columns have Evidently's values", compare(ours, peer.get("columns")));
        }
      }
    }
    report.note("drift-report: ours %s, on two threads %s, Evidently %s s", one, two, peers);
    report.millis("drift-report", Units.median(one) * MILLIS, Units.median(peers) * MILLIS);
    report.alone(
        "drift-report-2-threads",
        String.format(Locale.ROOT, "%.2fx", Units.median(one) / Units.median(two)),
        "1.70x");
  }

  /** Evidently's values where the method is the same; how many these are. */
  private static int compare(JsonNode ours, JsonNode peers) {
    int compared = 0;
    for (String column : FlightColumns.SCHEMA.names()) {
      JsonNode peer = peers.get(column);
      String method = peer.get("method").asText();
      double theirs = peer.get("value").asDouble();
      JsonNode statistics = ours.get("statistics").get(column);
      double own =
          switch (method) {
            case "Wasserstein distance (normed)" ->
                statistics.get("WASSERSTEIN_IN_DEVIATIONS").asDouble();
            // Evidently's is in nats.
            case "Jensen-Shannon distance" ->
                statistics.get("JENSEN_SHANNON").asDouble() * Math.sqrt(Math.log(2));
            default -> throw new DisagreementException(column + " was compared by " + method);
          };
      if (!(Math.abs(own - theirs) <= 1e-9 * Math.abs(theirs))) {
        throw new DisagreementException(
            method + " of " + column + " is " + own + ", by Evidently " + theirs);
      }
      compared++;
    }
    return compared;
  }

  private static void profile(Path directory, Path data, Report report) throws Exception {
    List<Double> ours = new ArrayList<>();
    List<Double> peers = new ArrayList<>();
    JsonNode own = null;
    JsonNode peer = null;
    try (PythonPeer whylogs = new PythonPeer(directory, "whylogs", data)) {
      report.note("versions: %s", whylogs.ask(Map.of("command", "versions")));
      JsonNode unmeasured =
          whylogs.ask(Map.of("command", "profile", "quantiles", OwnSide.QUANTILES));
      report.note("whylogs' first, not measured: %s s", unmeasured.get("seconds"));
      for (int round = 0; round < ROUNDS; round++) {
        own =
            json(
                directory,
                ONE_THREAD,
                OwnSide.class,
                "profile",
                data.toString(),
                "" + OURS_A_ROUND);
        ours.addAll(doubles(own.get("seconds")));
        peer = whylogs.ask(Map.of("command", "profile", "quantiles", OwnSide.QUANTILES));
        peers.add(peer.get("seconds").asDouble());
      }
    }
    if (own == null || peer == null) {
      throw new IllegalStateException("nothing was measured");
    }
    double cells = own.get("rows").asDouble() * FlightColumns.SCHEMA.fields().size();
    report.note("profile: ours %s, whylogs %s s", ours, peers);
    report.rates("profile", "cells", cells / Units.median(ours), cells / Units.median(peers));
    report.kilobytes(
        "profile-bytes", own.get("bytes").asDouble() / KILO, peer.get("bytes").asDouble() / KILO);
    QuantileErrors.report(
        FlightColumns.read(data).reference(), own.get("quantiles"), peer.get("quantiles"), report);
  }

  private static void observe(Path directory, Report report) throws Exception {
    List<String> args = new ArrayList<>(List.of("" + OBSERVE_SECONDS));
    OBSERVE_RATES.forEach(rate -> args.add("" + rate));
    List<Observing.Result> results =
        java(directory, List.of("-Xmx1g"), Observing.class, args.toArray(String[]::new)).stream()
            .map(Observing.Result::of)
            .toList();
    report.note("observe, the first to warm up: %s", results);
    // The first is of the JIT compiler's work.
    Observing.Result asked = results.get(1);
    report.alone("observe", Units.nanos(asked.mean()), "200ns");
    report.alone("observe-p50", Units.nanos(asked.p50()), "200ns");
    report.alone("observe-drops", "" + asked.dropped(), "0");
    String begin =
        results.stream()
            .skip(1)
            .filter(result -> result.dropped() > 0)
            .findFirst()
            .map(result -> Units.rate(result.reached(), "predictions"))
            .orElse("over" + Units.rate(results.get(results.size() - 1).reached(), "predictions"));
    report.alone("observe-drops-begin", begin, "40000predictions/s");
  }

  private static void stream(Path directory, Report report) throws Exception {
    JsonNode found =
        json(directory, List.of("-Xmx256m"), OwnSide.class, "stream", "" + STREAM_ROWS);
    report.note("stream: %s", found);
    report.alone(
        "stream-10m-20",
        String.format(
            Locale.ROOT,
            "%.1fs(%.0fMcells/s,profile%.0fkB)",
            found.get("seconds").asDouble(),
            found.get("cells").asDouble() / found.get("profiling").asDouble() / 1e6,
            found.get("bytes").asDouble() / KILO),
        "-");
    report.alone("stream-10m-20-heap", Units.of(found.get("heap").asDouble(), "MB"), "256MB");
  }

  /** "On one thread" holds for the garbage too: G1 would collect it on the other processor. */
  private static final List<String> ONE_THREAD = List.of("-Xmx512m", "-XX:+UseSerialGC");

  private static JsonNode json(Path directory, List<String> options, Class<?> type, String... args)
      throws Exception {
    List<String> lines = java(directory, options, type, args);
    return JSON.readTree(lines.get(lines.size() - 1));
  }

  private static List<String> java(
      Path directory, List<String> options, Class<?> type, String... args)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(options);
    command.add("-cp");
    command.add(
        directory.resolve("classes")
            + File.pathSeparator
            + Files.readString(directory.resolve("classpath")).strip());
    command.add(type.getName());
    command.addAll(Arrays.asList(args));
    Process process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("our side has failed: " + printed);
    }
    return printed.strip().lines().toList();
  }

  private static List<Double> doubles(JsonNode array) {
    List<Double> doubles = new ArrayList<>();
    array.forEach(value -> doubles.add(value.asDouble()));
    return doubles;
  }
}
