package dev.mlops4j.benchmarks.calibration;

import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.ToIntFunction;
import org.jspecify.annotations.Nullable;

/**
 * One side's way through the cells, on a thread of its own: always the cell of which it has the
 * smallest part of the draws, so that every cell has some soon and none waits for a slower side.
 */
final class Judging implements Runnable {

  private final String name;
  private final Side side;
  private final ToIntFunction<Cell> most;
  private final Measured measured;
  private final BiConsumer<Cell, @Nullable Boolean[]> heard;
  private final long end;

  /**
   * A way.
   *
   * @param most how many draws of a cell are enough
   * @param measured where it goes, and what was judged before
   * @param heard is told of what it said of the next draws of a cell
   * @param end when to begin no more, by {@link System#nanoTime}
   */
  Judging(
      String name,
      Side side,
      ToIntFunction<Cell> most,
      Measured measured,
      BiConsumer<Cell, @Nullable Boolean[]> heard,
      long end) {
    this.name = name;
    this.side = side;
    this.most = most;
    this.measured = measured;
    this.heard = heard;
    this.end = end;
  }

  @Override
  public void run() {
    List<Cell> cells = Cell.all();
    Map<Cell, Integer> done = new HashMap<>();
    cells.forEach(cell -> done.put(cell, measured.judged(cell, name)));
    Comparator<Cell> byPart =
        Comparator.comparingDouble(
            cell -> (double) done.getOrDefault(cell, 0) / most.applyAsInt(cell));
    while (System.nanoTime() < end) {
      Cell next = cells.stream().min(byPart).orElseThrow();
      int first = done.getOrDefault(next, 0);
      if (first >= most.applyAsInt(next)) {
        return;
      }
      Draws draws = Draws.of(next, first);
      try {
        @Nullable Boolean[] said = side.judge(next, draws);
        measured.add(next, name, said);
        heard.accept(next, said);
      } catch (IOException e) {
        throw new IllegalStateException(name + " failed in " + next, e);
      }
      done.put(next, first + draws.count());
    }
  }
}
