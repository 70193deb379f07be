package dev.mlops4j.benchmarks.calibration;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What each side said of the draws of each cell. Safe for use by several threads. */
final class Measured {

  /** The rate that ours states. */
  static final double CONFIGURED = 0.05;

  /** What a rate's interval must not lie above, as a multiple of the configured one. */
  static final double ALLOWED = 1.2;

  /** By how much the power may be below that of the best peer. */
  static final double BEHIND = 0.05;

  /** The shift, in least effects that matter, from which on power is compared. */
  static final int COMPARED_FROM = 2;

  /** A peer's rate of fewer draws is printed, but counts as not measured. */
  static final int LEAST_PEER_DRAWS = 100;

  static final String OURS = "ours";

  private final List<String> peers;
  private final Map<Cell, Map<String, List<@Nullable Boolean>>> said = new LinkedHashMap<>();

  Measured(List<String> peers) {
    this.peers = List.copyOf(peers);
    Cell.all().forEach(cell -> said.put(cell, new HashMap<>()));
  }

  List<String> peers() {
    return peers;
  }

  /** Adds what a side said of the next draws of a cell. */
  synchronized void add(Cell cell, String side, @Nullable Boolean[] alerts) {
    ofCell(cell).computeIfAbsent(side, s -> new ArrayList<>()).addAll(Arrays.asList(alerts));
  }

  /** How many draws of a cell a side has judged, those included that it could say nothing of. */
  synchronized int judged(Cell cell, String side) {
    return ofCell(cell).getOrDefault(side, List.of()).size();
  }

  /** How many draws a side has judged. */
  synchronized int draws(String side) {
    return said.keySet().stream().mapToInt(cell -> of(cell, side).draws()).sum();
  }

  /** The tally, which is empty if there is no draw. */
  synchronized Tally of(Cell cell, String side) {
    Map<String, List<@Nullable Boolean>> all = ofCell(cell);
    return new Tally(all.getOrDefault(side, List.of()), all.getOrDefault(OURS, List.of()));
  }

  private Map<String, List<@Nullable Boolean>> ofCell(Cell cell) {
    return Objects.requireNonNull(said.get(cell));
  }

  /** The cells of which there are draws: those without a shift, or those with one. */
  List<Cell> cells(boolean shifted) {
    return said.keySet().stream()
        .filter(cell -> (cell.shift() != Shift.NONE) == shifted)
        .filter(cell -> of(cell, OURS).draws() > 0)
        .toList();
  }

  private Tally ours(Cell cell) {
    return of(cell, OURS);
  }

  /** The cells where our rate of false alarms is above what is allowed. */
  List<Cell> over() {
    return cells(false).stream()
        .filter(this::isMeasured)
        .filter(cell -> ours(cell).low() > ALLOWED * CONFIGURED)
        .toList();
  }

  /** The cell with the highest lower end of our rate of false alarms. */
  Cell worst() {
    Cell worst = cells(false).get(0);
    for (Cell cell : cells(false)) {
      if (ours(cell).low() > ours(worst).low()) {
        worst = cell;
      }
    }
    return worst;
  }

  /** Whether ours has judged all draws of a cell. */
  boolean isMeasured(Cell cell) {
    return ours(cell).draws() >= cell.ownDraws();
  }

  private boolean isMeasured(Cell cell, String peer) {
    return of(cell, peer).draws() >= Math.min(LEAST_PEER_DRAWS, cell.peerDraws());
  }

  /** The cells without a shift in which our rate is measured. */
  List<Cell> calm() {
    return cells(false).stream().filter(this::isMeasured).toList();
  }

  /** Whether a peer's rate of false alarms is measured and not surely above our configured one. */
  boolean holdsRate(Cell cell, String peer) {
    return isMeasured(cell.calm(), peer) && of(cell.calm(), peer).low() <= CONFIGURED;
  }

  /** The cells in which power is compared: ours and a peer's that holds its rate are measured. */
  List<Cell> compared() {
    return asked().stream()
        .filter(this::isMeasured)
        .filter(cell -> peers.stream().anyMatch(peer -> counts(cell, peer)))
        .toList();
  }

  /** The cells in which it is asked for. */
  static List<Cell> asked() {
    return Cell.all().stream()
        .filter(cell -> cell.shift() != Shift.NONE && cell.factor() >= COMPARED_FROM)
        .toList();
  }

  private boolean counts(Cell cell, String peer) {
    return isMeasured(cell, peer) && holdsRate(cell, peer);
  }

  /**
   * The peer that is furthest ahead by more than is allowed, or null.
   *
   * @param surely whether the interval of the difference must lie above it, not its middle alone
   */
  @Nullable String ahead(Cell cell, boolean surely) {
    String furthest = null;
    double most = BEHIND;
    for (String peer : peers) {
      Tally tally = of(cell, peer);
      if (counts(cell, peer)) {
        double ahead = surely ? tally.leastAhead() : tally.ahead();
        if (ahead > most) {
          most = ahead;
          furthest = peer;
        }
      }
    }
    return furthest;
  }
}
