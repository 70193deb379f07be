package dev.mlops4j.benchmarks.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.Report;
import dev.mlops4j.benchmarks.Units;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/** Runs written and searched, beside MLflow on SQLite in a process of its own; artifacts. */
public final class TrackingComparison implements Comparison {

  private static final int ROUNDS = 5;
  private static final int POINTS = 1_000;
  private static final int KEYS = 5;
  private static final int THREADS = 8;
  private static final int OUR_BATCHES = 300;
  private static final int OUR_SINGLES = 500_000;
  private static final int OUR_RUNS = 1_000;
  private static final int OUR_RUNS_AT_ONCE = 3_000;
  private static final int PEER_BATCHES = 10;
  private static final int PEER_SINGLES = 300;
  private static final int PEER_RUNS = 60;

  private final Set<Part> parts;

  /** What can be measured by itself. */
  public enum Part {
    /** Artifacts of 1 GB. */
    ARTIFACTS,
    /** Points of metrics, and whole runs. */
    WRITES,
    /** Searches among 100,000 runs. */
    SEARCHES
  }

  /** Measures these parts, in their order. */
  public TrackingComparison(Set<Part> parts) {
    this.parts = EnumSet.copyOf(parts);
  }

  @Override
  public void run(Path directory, Report report) throws Exception {
    Path scratch = directory.resolve("tracking-scratch");
    delete(scratch);
    Files.createDirectories(scratch);
    try {
      if (parts.contains(Part.ARTIFACTS)) {
        artifacts(directory, scratch.resolve("artifacts"), report);
      }
      if (parts.contains(Part.WRITES) || parts.contains(Part.SEARCHES)) {
        besidePeer(directory, scratch, report);
      }
    } finally {
      delete(scratch);
    }
  }

  private void besidePeer(Path directory, Path scratch, Report report) throws Exception {
    try (PythonPeer peer =
        new PythonPeer(directory, "mlflow", scratch.resolve("mlflow").toAbsolutePath())) {
      report.note("versions: %s", peer.ask(Map.of("command", "versions")));
      if (parts.contains(Part.WRITES)) {
        writes(scratch.resolve("written"), peer, report);
      }
      if (parts.contains(Part.SEARCHES)) {
        Searches.measure(scratch, peer, report);
      }
    }
  }

  private static void writes(Path directory, PythonPeer peer, Report report) throws Exception {
    Rates batches = new Rates();
    Rates singles = new Rates();
    Rates runs = new Rates();
    Rates runsApart = new Rates();
    Rates runsAtOnce = new Rates();
    Rates runsAtOnceApart = new Rates();
    try (Writes ours = new Writes(directory)) {
      // The first round warms up.
      for (int round = 0; round <= ROUNDS; round++) {
        boolean counts = round > 0;
        batches.ours(
            counts,
            (double) OUR_BATCHES * POINTS,
            ours.batches(OUR_BATCHES, POINTS, KEYS).seconds());
        batches.peer(counts, (double) PEER_BATCHES * POINTS, peerBatches(peer));
        singles.ours(counts, OUR_SINGLES, ours.singles(OUR_SINGLES).seconds());
        singles.peer(counts, PEER_SINGLES, peerSingles(peer));
        double peerRuns = peerRuns(peer, 1);
        runs.ours(counts, OUR_RUNS, ours.runs(OUR_RUNS, 1, true).seconds());
        runs.peer(counts, PEER_RUNS, peerRuns);
        runsApart.ours(counts, OUR_RUNS, ours.runs(OUR_RUNS, 1, false).seconds());
        runsApart.peer(counts, PEER_RUNS, peerRuns);
        double peerAtOnce = peerRuns(peer, THREADS);
        runsAtOnce.ours(
            counts, OUR_RUNS_AT_ONCE, ours.runs(OUR_RUNS_AT_ONCE, THREADS, true).seconds());
        runsAtOnce.peer(counts, PEER_RUNS, peerAtOnce);
        runsAtOnceApart.ours(
            counts, OUR_RUNS_AT_ONCE, ours.runs(OUR_RUNS_AT_ONCE, THREADS, false).seconds());
        runsAtOnceApart.peer(counts, PEER_RUNS, peerAtOnce);
        report.note("round %d of %d is over", round, ROUNDS);
      }
    }
    batches.report("metrics-batches-of-1000", "points", report);
    singles.report("metrics-one-at-a-time", "points", report);
    runs.report("runs", "runs", report);
    runsApart.report("runs-params-apart", "runs", report);
    runsAtOnce.report("runs-8-threads", "runs", report);
    runsAtOnceApart.report("runs-8-threads-params-apart", "runs", report);
  }

  private static double peerBatches(PythonPeer peer) throws IOException {
    JsonNode answer =
        peer.ask(
            Map.of("command", "batches", "batches", PEER_BATCHES, "points", POINTS, "keys", KEYS));
    stored(peer, answer, 0).require("MLflow", Written.series((long) PEER_BATCHES * POINTS, KEYS));
    return answer.get("seconds").asDouble();
  }

  private static double peerSingles(PythonPeer peer) throws IOException {
    JsonNode answer = peer.ask(Map.of("command", "singles", "points", PEER_SINGLES));
    stored(peer, answer, 0).require("MLflow", Written.series(PEER_SINGLES, 1));
    return answer.get("seconds").asDouble();
  }

  private static double peerRuns(PythonPeer peer, int threads) throws IOException {
    JsonNode answer = peer.ask(Map.of("command", "runs", "runs", PEER_RUNS, "threads", threads));
    for (int i = 0; i < PEER_RUNS; i++) {
      stored(peer, answer, i).require("MLflow", Written.run(i));
    }
    return answer.get("seconds").asDouble();
  }

  private static Written stored(PythonPeer peer, JsonNode answer, int run) throws IOException {
    String id = answer.get("runs").get(run).asText();
    return Written.peer(peer.ask(Map.of("command", "run", "id", id)));
  }

  private static void artifacts(Path directory, Path scratch, Report report)
      throws IOException, InterruptedException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx64m",
                "-cp",
                directory.resolve("classes")
                    + File.pathSeparator
                    + Files.readString(directory.resolve("classpath")).strip(),
                ArtifactCopies.class.getName(),
                scratch.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException("the copies of artifacts have failed: " + printed);
    }
    ArtifactCopies.Rates rates = ArtifactCopies.Rates.of(printed);
    report.alone("artifact-put-1g", share(rates.put(), rates.forced()), "0.70x");
    report.alone("artifact-read-1g", share(rates.read(), rates.copied()), "0.70x");
    report.alone("artifact-heap", Units.of(rates.heap(), "MB"), "64MB");
  }

  private static String share(double ours, double plain) {
    return String.format(Locale.ROOT, "%.2fx(%.0fMB/s)", ours / plain, ours);
  }

  private static void delete(Path directory) throws IOException {
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
          Files.delete(file);
        }
      }
    }
  }

  /** How much a second, of each side in each round. */
  private static final class Rates {

    private final List<Double> ours = new ArrayList<>();
    private final List<Double> peers = new ArrayList<>();

    void ours(boolean counts, double done, double seconds) {
      if (counts) {
        ours.add(done / seconds);
      }
    }

    void peer(boolean counts, double done, double seconds) {
      if (counts) {
        peers.add(done / seconds);
      }
    }

    void report(String name, String unit, Report report) {
      report.note("%s: ours %s, MLflow %s a second", name, ours, peers);
      report.rates(name, unit, Units.median(ours), Units.median(peers));
    }
  }
}
