package dev.mlops4j.benchmarks.calibration;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** What was counted: a tally for each cell and side. Not safe for use by several threads. */
final class Measured {

  /** The rate that ours states. */
  static final double CONFIGURED = 0.05;

  /** What a rate's interval must not lie above, as a multiple of the configured one. */
  static final double ALLOWED = 1.2;

  /** By how much the power may be below that of the best peer. */
  static final double BEHIND = 0.05;

  /** The shift, in least effects that matter, from which on power is compared. */
  static final int COMPARED_FROM = 2;

  /** A rate of fewer draws is printed, but counts as not measured. */
  static final int LEAST_DRAWS = 1_000;

  static final String OURS = "ours";

  private final List<String> peers;
  private final Map<Cell, Map<String, Tally>> tallies = new LinkedHashMap<>();

  Measured(List<String> peers) {
    this.peers = List.copyOf(peers);
  }

  List<String> peers() {
    return peers;
  }

  /** The tally of a cell and a side, to be filled. */
  Tally of(Cell cell, String side) {
    return tallies
        .computeIfAbsent(cell, c -> new LinkedHashMap<>())
        .computeIfAbsent(side, s -> new Tally());
  }

  /** The tally if there is any draw of the cell. */
  @Nullable Tally find(Cell cell, String side) {
    Map<String, Tally> ofCell = tallies.get(cell);
    return ofCell == null ? null : ofCell.get(side);
  }

  /** The cells of which there are draws: those without a shift, or those with one. */
  List<Cell> cells(boolean shifted) {
    return tallies.keySet().stream()
        .filter(cell -> (cell.shift() != Shift.NONE) == shifted)
        .toList();
  }

  private Tally ours(Cell cell) {
    return Objects.requireNonNull(find(cell, OURS));
  }

  /** The cells where our rate of false alarms is above what is allowed. */
  List<Cell> over() {
    return cells(false).stream()
        .filter(cell -> isMeasured(ours(cell)))
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

  static boolean isMeasured(@Nullable Tally tally) {
    return tally != null && tally.draws() >= LEAST_DRAWS;
  }

  /** The cells without a shift in which our rate is measured. */
  List<Cell> calm() {
    return cells(false).stream().filter(cell -> isMeasured(ours(cell))).toList();
  }

  /** Whether a peer's rate of false alarms is measured and not surely above our configured one. */
  boolean holdsRate(Cell cell, String peer) {
    Tally calm = find(cell.calm(), peer);
    return isMeasured(calm) && Objects.requireNonNull(calm).low() <= CONFIGURED;
  }

  /** The cells in which power is compared: ours and a peer's that holds its rate are measured. */
  List<Cell> compared() {
    return asked().stream()
        .filter(cell -> isMeasured(find(cell, OURS)))
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
    return isMeasured(find(cell, peer)) && holdsRate(cell, peer);
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
      Tally tally = find(cell, peer);
      if (tally != null && counts(cell, peer)) {
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
