package dev.mlops4j.report;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Where boxes and arrows of a graph without cycles go, from top to bottom: as in the method of
 * Sugiyama, Tagawa and Toda, IEEE Transactions on Systems, Man, and Cybernetics 11(2), 1981. Each
 * node is a layer below the lowest it comes after; an arrow that passes layers has a place in each;
 * each layer is ordered by the mean place of its neighbours, down and up again a few times, and the
 * order with the fewest crossings is taken. The same graph always looks the same.
 */
final class FlowLayout {

  static final double GAP = 24;
  private static final double PASSING_WIDTH = 8;
  private static final int SWEEPS = 8;

  private final List<List<Cell>> layers = new ArrayList<>();
  private final List<Cell> nodes = new ArrayList<>();
  private final List<List<Cell>> arrows = new ArrayList<>();

  private FlowLayout() {}

  /**
   * Lays out nodes of these widths.
   *
   * @param after of each node, those it comes after, which have smaller numbers
   */
  static FlowLayout of(List<List<Integer>> after, double[] widths) {
    FlowLayout layout = new FlowLayout();
    for (int i = 0; i < widths.length; i++) {
      int layer = 0;
      for (int above : after.get(i)) {
        layer = Math.max(layer, layout.nodes.get(above).layer + 1);
      }
      layout.nodes.add(layout.cell(layer, widths[i]));
    }
    for (int i = 0; i < widths.length; i++) {
      for (int above : after.get(i)) {
        layout.connect(layout.nodes.get(above), layout.nodes.get(i));
      }
    }
    layout.order();
    layout.place();
    return layout;
  }

  /** How many boxes and places of passing arrows a layout of this graph has. */
  static long cells(List<List<Integer>> after) {
    int[] layers = new int[after.size()];
    long cells = after.size();
    for (int i = 0; i < layers.length; i++) {
      for (int above : after.get(i)) {
        layers[i] = Math.max(layers[i], layers[above] + 1);
      }
      for (int above : after.get(i)) {
        cells += layers[i] - layers[above] - 1;
      }
    }
    return cells;
  }

  /** How many layers there are. */
  int depth() {
    return layers.size();
  }

  /** The layer of a node, the first being 0. */
  int layer(int node) {
    return nodes.get(node).layer;
  }

  /** The middle of a node. */
  double x(int node) {
    return nodes.get(node).x;
  }

  /** The way of each arrow: its middle in each layer from the first to the last. */
  List<double[]> ways() {
    return arrows.stream()
        .map(arrow -> arrow.stream().mapToDouble(cell -> cell.x).toArray())
        .toList();
  }

  /** The layers in which the arrows begin, in the order of {@link #ways}. */
  List<Integer> beginnings() {
    return arrows.stream().map(arrow -> arrow.get(0).layer).toList();
  }

  /** From the left end of the first to the right one of the last, which begins at 0. */
  double width() {
    return layers.stream()
        .flatMap(List::stream)
        .mapToDouble(cell -> cell.x + cell.width / 2)
        .max()
        .orElse(0);
  }

  private Cell cell(int layer, double width) {
    while (layers.size() <= layer) {
      layers.add(new ArrayList<>());
    }
    Cell cell = new Cell(layer, width);
    layers.get(layer).add(cell);
    return cell;
  }

  private void connect(Cell from, Cell to) {
    List<Cell> way = new ArrayList<>(List.of(from));
    for (int layer = from.layer + 1; layer < to.layer; layer++) {
      way.add(cell(layer, PASSING_WIDTH));
    }
    way.add(to);
    for (int i = 1; i < way.size(); i++) {
      way.get(i).above.add(way.get(i - 1));
      way.get(i - 1).below.add(way.get(i));
    }
    arrows.add(way);
  }

  private void order() {
    layers.forEach(FlowLayout::number);
    List<List<Cell>> best = copy();
    long fewest = crossings();
    for (int i = 0; i < SWEEPS && fewest > 0; i++) {
      sweep(i % 2 == 0);
      long now = crossings();
      if (now < fewest) {
        fewest = now;
        best = copy();
      }
    }
    for (int i = 0; i < layers.size(); i++) {
      layers.set(i, best.get(i));
      number(best.get(i));
    }
  }

  private List<List<Cell>> copy() {
    return layers.stream().<List<Cell>>map(ArrayList::new).toList();
  }

  private void sweep(boolean down) {
    for (int i = 0; i < layers.size(); i++) {
      List<Cell> layer = layers.get(down ? i : layers.size() - 1 - i);
      for (Cell cell : layer) {
        List<Cell> neighbours = down ? cell.above : cell.below;
        cell.wish = neighbours.stream().mapToInt(other -> other.place).average().orElse(cell.place);
      }
      layer.sort(Comparator.comparingDouble(cell -> cell.wish));
      number(layer);
    }
  }

  private static void number(List<Cell> layer) {
    for (int i = 0; i < layer.size(); i++) {
      layer.get(i).place = i;
    }
  }

  /** How many pairs of arrows cross, as the layers are ordered now. */
  long crossings() {
    long crossings = 0;
    for (List<Cell> layer : layers) {
      List<int[]> lines = new ArrayList<>();
      layer.forEach(
          cell -> cell.below.forEach(other -> lines.add(new int[] {cell.place, other.place})));
      crossings += crossings(lines);
    }
    return crossings;
  }

  /**
   * How many pairs of lines between two layers cross, in n log n: the inversions of their lower
   * ends in the order of the upper ones, after Barth, Juenger and Mutzel, Journal of Graph
   * Algorithms and Applications 8(2), 2004.
   *
   * @param lines the place of the upper and the lower end of each
   */
  static long crossings(List<int[]> lines) {
    List<int[]> sorted = new ArrayList<>(lines);
    sorted.sort(Comparator.<int[]>comparingInt(line -> line[0]).thenComparingInt(line -> line[1]));
    int places = lines.stream().mapToInt(line -> line[1]).max().orElse(0) + 1;
    // A Fenwick tree of how many lines seen so far end at each place.
    int[] seen = new int[places + 1];
    long crossings = 0;
    for (int i = 0; i < sorted.size(); i++) {
      int place = sorted.get(i)[1] + 1;
      int before = 0;
      for (int at = place; at > 0; at -= at & -at) {
        before += seen[at];
      }
      crossings += i - before;
      for (int at = place; at <= places; at += at & -at) {
        seen[at]++;
      }
    }
    return crossings;
  }

  private void place() {
    for (List<Cell> layer : layers) {
      move(layer, new double[layer.size()]);
    }
    for (int i = 0; i < SWEEPS; i++) {
      boolean down = i % 2 == 0;
      for (int j = 0; j < layers.size(); j++) {
        List<Cell> layer = layers.get(down ? j : layers.size() - 1 - j);
        move(
            layer,
            layer.stream()
                .mapToDouble(
                    cell ->
                        (down ? cell.above : cell.below)
                            .stream().mapToDouble(other -> other.x).average().orElse(cell.x))
                .toArray());
      }
    }
    double left =
        layers.stream()
            .flatMap(List::stream)
            .mapToDouble(cell -> cell.x - cell.width / 2)
            .min()
            .orElse(0);
    layers.forEach(layer -> layer.forEach(cell -> cell.x -= left));
  }

  private static void move(List<Cell> layer, double[] wishes) {
    double[] widths = layer.stream().mapToDouble(cell -> cell.width).toArray();
    double[] places = settle(wishes, widths);
    IntStream.range(0, places.length).forEach(i -> layer.get(i).x = places[i]);
  }

  /**
   * The places nearest to those wished for, by the sum of squares, at which boxes of these widths
   * stand in order with a gap between them: the isotonic regression of the wishes less what stands
   * to the left, by pooling adjacent violators.
   */
  static double[] settle(double[] wishes, double[] widths) {
    double[] offsets = new double[wishes.length];
    double[] means = new double[wishes.length];
    int[] sizes = new int[wishes.length];
    int blocks = 0;
    for (int i = 0; i < wishes.length; i++) {
      offsets[i] = i == 0 ? 0 : offsets[i - 1] + (widths[i - 1] + widths[i]) / 2 + GAP;
      means[blocks] = wishes[i] - offsets[i];
      sizes[blocks++] = 1;
      while (blocks > 1 && means[blocks - 2] > means[blocks - 1]) {
        int all = sizes[blocks - 2] + sizes[blocks - 1];
        means[blocks - 2] =
            (means[blocks - 2] * sizes[blocks - 2] + means[blocks - 1] * sizes[blocks - 1]) / all;
        sizes[blocks - 2] = all;
        blocks--;
      }
    }
    double[] places = new double[wishes.length];
    int i = 0;
    for (int block = 0; block < blocks; block++) {
      for (int j = 0; j < sizes[block]; j++, i++) {
        places[i] = means[block] + offsets[i];
      }
    }
    return places;
  }

  /** A node, or the place of an arrow that passes a layer. */
  private static final class Cell {

    final int layer;
    final double width;
    final List<Cell> above = new ArrayList<>();
    final List<Cell> below = new ArrayList<>();
    int place;
    double wish;
    double x;

    Cell(int layer, double width) {
      this.layer = layer;
      this.width = width;
    }
  }
}
