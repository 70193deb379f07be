package dev.mlops4j.benchmarks.calibration;

import java.util.ArrayList;
import java.util.List;

/**
 * What is measured together.
 *
 * @param kind what a column holds
 * @param shift in which respect the current rows differ
 * @param factor by how many times the effect that is too small to matter
 * @param reference rows of the reference
 * @param current rows compared with it
 */
record Cell(Kind kind, Shift shift, int factor, int reference, int current) {

  static final int WEEKS = 26;
  static final int ROWS_A_WEEK = 400;

  private static final int[][] SIZES = {
    {33, 33},
    {42, 42},
    {50, 50},
    {52, 52},
    {1_000, 50},
    {50, 1_000},
    {200, 200},
    {1_000, 1_000},
    {2_000, 100},
    {10_000, 500},
    {10_000, 2_000},
    {10_000, 10_000},
    {100_000, 2_000},
    {100_000, 100_000}
  };

  private static final int[][] SHIFTED_SIZES = {
    {50, 50}, {1_000, 50}, {200, 200}, {1_000, 1_000}, {10_000, 2_000}, {100_000, 100_000}
  };

  private static final int[][] MORE_FACTORS_SIZES = {{200, 200}, {10_000, 2_000}};
  private static final int MILLION = 1_000_000;

  private static final int OWN_DRAWS = 1_000;
  private static final int PEER_DRAWS = 200;

  /** Fewer draws where a draw has many rows: shares are then near 0 or 1. */
  private static final int MOST_VALUES = 40_000_000;

  /** All cells, those without a shift first. */
  static List<Cell> all() {
    List<Cell> cells = new ArrayList<>();
    for (Kind kind : Kind.values()) {
      for (int[] size : kind.hasWeeks() ? weeks() : SIZES) {
        cells.add(new Cell(kind, Shift.NONE, 0, size[0], size[1]));
      }
    }
    cells.add(new Cell(Kind.NORMAL, Shift.NONE, 0, MILLION, MILLION));
    cells.add(new Cell(Kind.CATEGORIES_20, Shift.NONE, 0, MILLION, MILLION));
    for (Kind kind : Kind.values()) {
      for (Shift shift : shifts(kind)) {
        for (int[] size : kind.hasWeeks() ? weeks() : SHIFTED_SIZES) {
          cells.add(new Cell(kind, shift, 2, size[0], size[1]));
        }
        for (int[] size : kind.hasWeeks() ? weeks() : MORE_FACTORS_SIZES) {
          cells.add(new Cell(kind, shift, 1, size[0], size[1]));
          cells.add(new Cell(kind, shift, 3, size[0], size[1]));
        }
      }
    }
    return cells;
  }

  private static int[][] weeks() {
    return new int[][] {{WEEKS * ROWS_A_WEEK, ROWS_A_WEEK}};
  }

  private static List<Shift> shifts(Kind kind) {
    return switch (kind) {
      case NORMAL -> List.of(Shift.MEAN, Shift.SPREAD, Shift.SHAPE);
      case HEAVY_TAILED -> List.of(Shift.MEAN, Shift.SPREAD);
      case LOGNORMAL, COUNTS, CALM_WEEKS, RESTLESS_WEEKS -> List.of(Shift.MEAN);
      case WITH_MISSING -> List.of(Shift.MEAN, Shift.MISSING);
      case FLAG, CATEGORIES_2, CATEGORIES_5 -> List.of(Shift.SHARE);
      case CATEGORIES_20, CATEGORIES_200 -> List.of(Shift.SHARE, Shift.RARE_SHARE);
    };
  }

  int rows() {
    return reference + current;
  }

  /** Of how many draws ours is measured. */
  int ownDraws() {
    return Math.min(OWN_DRAWS, Math.max(1, MOST_VALUES / rows()));
  }

  /** Of how many draws a peer is measured, which takes many times as long. */
  int peerDraws() {
    return Math.min(PEER_DRAWS, ownDraws());
  }

  /** The cell of the same kind and sizes without a shift, if it is measured. */
  Cell calm() {
    return new Cell(kind, Shift.NONE, 0, reference, current);
  }
}
