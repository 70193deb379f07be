package dev.mlops4j.benchmarks.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.Report;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * False-alarm rates and power of our default beside the peers' on the same draws, written as {@code
 * docs/calibration.md}. Each side goes through all cells at its own pace, until it has all draws or
 * the time is over.
 */
public final class CalibrationComparison implements Comparison {

  /** The system property with the minutes that may be taken. */
  public static final String MINUTES = "benchmarks.minutes";

  private static final int DEFAULT_MINUTES = 15;

  /** How often what is known so far is written. */
  private static final Duration WRITTEN_EACH = Duration.ofMinutes(5);

  /** In the directory of the run. */
  private static final String KEPT = "calibration-verdicts.txt";

  private static final Path TABLE = Path.of("docs/calibration.md");

  /**
   * A peer: its name in the table, its script, what it is asked, and what else the script takes.
   */
  private record Asked(String name, String script, String command, List<Path> arguments) {}

  /** Creates the comparison. */
  public CalibrationComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    long minutes = minutes(System.getProperty(MINUTES, "" + DEFAULT_MINUTES));
    List<Asked> asked =
        List.of(
            new Asked("Evidently", "evidently", "judge", List.of(directory)),
            new Asked("NannyML", "nannyml", "judge", List.of()),
            new Asked("NannyML literal", "nannyml", "judge_literal", List.of()),
            new Asked("whylogs", "whylogs", "judge", List.of(directory)));
    Measured measured = new Measured(asked.stream().map(Asked::name).toList());
    Map<String, PythonPeer> peers = new LinkedHashMap<>();
    List<Path> files = new ArrayList<>();
    ExecutorService executor = Executors.newFixedThreadPool(asked.size() + 1);
    try {
      SortedSet<String> versions = new TreeSet<>();
      for (Asked peer : asked) {
        PythonPeer started =
            new PythonPeer(directory, peer.script(), peer.arguments().toArray(Path[]::new));
        peers.put(peer.name(), started);
        String name = peer.name().replaceFirst(" .*", "");
        JsonNode all = started.ask(Map.of("command", "versions"));
        versions.add(name + " " + all.get(name.toLowerCase(Locale.ROOT)).asText());
      }
      KeptVerdicts kept = KeptVerdicts.open(directory.resolve(KEPT), versions);
      kept.into(measured, measured.peers());
      // The peers take long to start.
      long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
      List<Future<?>> sides = new ArrayList<>();
      sides.add(
          executor.submit(
              new Judging(
                  Measured.OURS, Side.ours(), Cell::ownDraws, measured, (cell, said) -> {}, end)));
      for (Asked peer : asked) {
        Path file =
            directory
                .resolve("calibration-" + peer.name().replace(' ', '-') + ".bin")
                .toAbsolutePath();
        files.add(file);
        Side side = Side.of(Objects.requireNonNull(peers.get(peer.name())), peer.command(), file);
        sides.add(
            executor.submit(
                new Judging(
                    peer.name(),
                    side,
                    Cell::peerDraws,
                    measured,
                    (cell, said) -> kept.add(cell, peer.name(), said),
                    end)));
      }
      await(sides, () -> write(measured, versions, report));
      report(measured, report);
    } finally {
      peers.values().forEach(PythonPeer::close);
      executor.shutdownNow();
      for (Path file : files) {
        Files.deleteIfExists(file);
      }
    }
  }

  /** Waits for all, and writes from time to time and at the end. */
  private static void await(List<Future<?>> sides, Runnable write) throws Exception {
    for (Future<?> side : sides) {
      boolean done = false;
      while (!done) {
        try {
          side.get(WRITTEN_EACH.toSeconds(), TimeUnit.SECONDS);
          done = true;
        } catch (TimeoutException e) {
          write.run();
        }
      }
    }
    write.run();
  }

  private static void write(Measured measured, SortedSet<String> versions, Report report) {
    for (String peer : measured.peers()) {
      report.note("%s: %d draws", peer, measured.draws(peer));
    }
    report.note("ours: %d draws", measured.draws(Measured.OURS));
    try {
      Files.writeString(TABLE, CalibrationTable.of(measured, String.join(", ", versions)));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static long minutes(String text) {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          "the minutes are a whole number of 1 to 9999, found \"" + text + "\"");
    }
    return Long.parseLong(text);
  }

  private static void report(Measured measured, Report report) {
    Tally worst = measured.of(measured.worst(), Measured.OURS);
    report.note("the worst rate of false alarms of ours: %s", measured.worst());
    report.alone(
        "calibration-false-alarms-worst",
        String.format(
            Locale.ROOT,
            "%.1f%%(%.1f-%.1f)",
            100 * worst.rate(),
            100 * worst.low(),
            100 * worst.high()),
        "6.0%");
    report.alone("calibration-false-alarms-over", "" + measured.over().size(), "0");
    int behind = 0;
    int surely = 0;
    for (Cell cell : measured.compared()) {
      String peer = measured.ahead(cell, false);
      if (peer != null) {
        behind++;
        surely += measured.ahead(cell, true) == null ? 0 : 1;
        Tally tally = measured.of(cell, peer);
        report.note("%s is %.0f points ahead in %s", peer, 100 * tally.ahead(), cell);
      }
    }
    report.alone("calibration-power-behind", "" + behind, "0");
    report.alone("calibration-power-behind-beyond-chance", "" + surely, "0");
  }
}
