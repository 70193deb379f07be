package dev.mlops4j.benchmarks.calibration;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What the peers said in earlier runs: hours of work that no change of ours touches. A text file of
 * a line for each batch; begun anew when the draws or the peers are others. Safe for any number of
 * threads of one process.
 */
final class KeptVerdicts {

  private static final String SEPARATOR = "\t";

  private final Path file;

  private KeptVerdicts(Path file) {
    this.file = file;
  }

  /**
   * Opens the file.
   *
   * @param versions of the peers
   */
  static KeptVerdicts open(Path file, SortedSet<String> versions) throws IOException {
    String first = String.join(", ", versions) + SEPARATOR + Draws.fingerprint();
    String kept = Files.exists(file) ? Files.readString(file) : "";
    // A run that was killed may have left half a line.
    String whole = kept.substring(0, kept.lastIndexOf('\n') + 1);
    Files.writeString(file, whole.startsWith(first + "\n") ? whole : first + "\n");
    return new KeptVerdicts(file);
  }

  /** Puts what is kept of these sides where it was measured. */
  void into(Measured measured, List<String> sides) throws IOException {
    Map<String, Cell> cells = new HashMap<>();
    Cell.all().forEach(cell -> cells.put(cell.toString(), cell));
    List<String> lines = Files.readAllLines(file);
    for (String line : lines.subList(1, lines.size())) {
      String[] parts = line.split(SEPARATOR, -1);
      Cell cell = parts.length == 3 ? cells.get(parts[1]) : null;
      if (cell != null && sides.contains(parts[0])) {
        measured.add(cell, parts[0], alerts(parts[2]));
      }
    }
  }

  /** Keeps what a side said of the next draws of a cell. */
  synchronized void add(Cell cell, String side, @Nullable Boolean[] alerts) {
    String said =
        Arrays.stream(alerts)
            .map(alert -> alert == null ? "-" : alert ? "1" : "0")
            .collect(Collectors.joining());
    try {
      Files.writeString(
          file,
          String.join(SEPARATOR, side, cell.toString(), said) + "\n",
          StandardOpenOption.APPEND);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static @Nullable Boolean[] alerts(String said) {
    @Nullable Boolean[] alerts = new @Nullable Boolean[said.length()];
    for (int i = 0; i < alerts.length; i++) {
      alerts[i] = said.charAt(i) == '-' ? null : Boolean.valueOf(said.charAt(i) == '1');
    }
    return alerts;
  }
}
