package dev.mlops4j.benchmarks.calibration;

import com.fasterxml.jackson.databind.JsonNode;
import dev.mlops4j.benchmarks.Comparison;
import dev.mlops4j.benchmarks.PythonPeer;
import dev.mlops4j.benchmarks.Report;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * False-alarm rates and power of our default beside the peers' on the same draws, written as {@code
 * docs/calibration.md}. Goes through all cells again and again until its time is over.
 */
public final class CalibrationComparison implements Comparison {

  private static final String NANNYML_LITERAL = "NannyML literal";

  /** The system property with the minutes that may be taken. */
  public static final String MINUTES = "benchmarks.minutes";

  private static final int DEFAULT_MINUTES = 15;
  private static final int MAX_DRAWS = 100;

  /** So many in the first round, so that every cell has some soon. */
  private static final int FIRST_DRAWS = 20;

  private static final int MAX_VALUES = 4_000_000;

  /** So many draws at once for each peer: about as long as ours takes, or less. */
  private static final Map<String, Integer> DRAWS_AT_ONCE =
      Map.of("Evidently", MAX_DRAWS, "NannyML", 20, "whylogs", MAX_DRAWS);

  /** Creates the comparison. */
  public CalibrationComparison() {}

  @Override
  public void run(Path directory, Report report) throws Exception {
    long minutes = minutes(System.getProperty(MINUTES, "" + DEFAULT_MINUTES));
    Path file = directory.resolve("calibration.bin").toAbsolutePath();
    Map<String, PythonPeer> peers = new LinkedHashMap<>();
    ExecutorService executor = Executors.newCachedThreadPool();
    try {
      peers.put("Evidently", new PythonPeer(directory, "evidently", directory));
      peers.put("NannyML", new PythonPeer(directory, "nannyml"));
      peers.put("whylogs", new PythonPeer(directory, "whylogs", directory));
      List<String> versions = new ArrayList<>();
      for (Map.Entry<String, PythonPeer> peer : peers.entrySet()) {
        JsonNode all = peer.getValue().ask(Map.of("command", "versions"));
        String version = all.get(peer.getKey().toLowerCase(Locale.ROOT)).asText();
        versions.add(peer.getKey() + " " + version);
      }
      Measured measured = new Measured(List.of("Evidently", "NannyML", NANNYML_LITERAL, "whylogs"));
      List<Cell> cells = Cell.all();
      int rounds = 0;
      // The peers take long to start.
      long end = System.nanoTime() + Duration.ofMinutes(minutes).toNanos();
      while (System.nanoTime() < end) {
        for (Cell cell : cells) {
          if (System.nanoTime() < end) {
            measure(cell, rounds, file, peers, executor, measured);
          }
        }
        rounds++;
        report.note("round %d of %d cells is over", rounds, cells.size());
      }
      Files.writeString(
          Path.of("docs/calibration.md"),
          CalibrationTable.of(measured, minutes, String.join(", ", versions)));
      report(measured, report);
    } finally {
      executor.shutdownNow();
      peers.values().forEach(PythonPeer::close);
      Files.deleteIfExists(file);
    }
  }

  private static long minutes(String text) {
    if (!text.matches("[1-9][0-9]{0,3}")) {
      throw new IllegalArgumentException(
          "the minutes are a whole number of 1 to 9999, found \"" + text + "\"");
    }
    return Long.parseLong(text);
  }

  private static void measure(
      Cell cell,
      int round,
      Path file,
      Map<String, PythonPeer> peers,
      ExecutorService executor,
      Measured measured)
      throws Exception {
    int rows = cell.reference() + cell.current();
    int draws = Math.min(round == 0 ? FIRST_DRAWS : MAX_DRAWS, Math.max(1, MAX_VALUES / rows));
    double[][] reference = new double[draws][cell.reference()];
    double[][] current = new double[draws][cell.current()];
    // The same draws for a cell and a round, whatever was measured before.
    SplittableRandom random = new SplittableRandom(31L * cell.toString().hashCode() + round);
    Sampler sampler = Sampler.of(cell);
    for (int i = 0; i < draws; i++) {
      sampler.fill(reference[i], current[i], random);
    }
    write(file, reference, current);
    Map<String, Future<JsonNode>> said = new LinkedHashMap<>();
    for (Map.Entry<String, PythonPeer> peer : peers.entrySet()) {
      int count = Math.min(draws, DRAWS_AT_ONCE.getOrDefault(peer.getKey(), MAX_DRAWS));
      said.put(peer.getKey(), executor.submit(() -> judged(peer.getValue(), cell, file, count)));
    }
    Boolean[] ours = new Boolean[draws];
    for (int i = 0; i < draws; i++) {
      ours[i] = OwnVerdict.alerts(cell.kind(), reference[i], current[i]);
    }
    measured.of(cell, Measured.OURS).add(ours, ours);
    for (Map.Entry<String, Future<JsonNode>> peer : said.entrySet()) {
      JsonNode answer = peer.getValue().get();
      measured.of(cell, peer.getKey()).add(alerts(answer.get("alerts")), ours);
      if (answer.has("literal")) {
        measured.of(cell, NANNYML_LITERAL).add(alerts(answer.get("literal")), ours);
      }
    }
  }

  private static JsonNode judged(PythonPeer peer, Cell cell, Path file, int count)
      throws IOException {
    return peer.ask(
        Map.of(
            "command",
            "judge",
            "file",
            file.toString(),
            "reference",
            cell.reference(),
            "current",
            cell.current(),
            "count",
            count,
            "kind",
            cell.kind().form()));
  }

  private static @Nullable Boolean[] alerts(JsonNode alerts) {
    @Nullable Boolean[] said = new @Nullable Boolean[alerts.size()];
    for (int i = 0; i < said.length; i++) {
      said[i] = alerts.get(i).isNull() ? null : alerts.get(i).asBoolean();
    }
    return said;
  }

  private static void write(Path file, double[][] reference, double[][] current)
      throws IOException {
    ByteBuffer bytes =
        ByteBuffer.allocate(
                Double.BYTES * reference.length * (reference[0].length + current[0].length))
            .order(ByteOrder.LITTLE_ENDIAN);
    for (int i = 0; i < reference.length; i++) {
      for (double value : reference[i]) {
        bytes.putDouble(value);
      }
      for (double value : current[i]) {
        bytes.putDouble(value);
      }
    }
    bytes.flip();
    try (FileChannel channel =
        FileChannel.open(
            file,
            StandardOpenOption.CREATE,
            StandardOpenOption.TRUNCATE_EXISTING,
            StandardOpenOption.WRITE)) {
      while (bytes.hasRemaining()) {
        int unused = channel.write(bytes);
      }
    }
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
