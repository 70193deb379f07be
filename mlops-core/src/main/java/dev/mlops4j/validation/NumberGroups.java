package dev.mlops4j.validation;

import dev.mlops4j.profile.BinEdges;
import dev.mlops4j.profile.Histogram;
import dev.mlops4j.profile.NumericSummary;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Numbers in groups that the reference alone decides: its cells are the bins of its histogram, or
 * its values where these are few, or the bins of its sketch. The cells that hold its deciles are
 * groups of their own, so that a frequent value stays apart; the cells between two of them are one
 * group. NaN is a group. At most 20 groups: few rows tell little of many.
 */
final class NumberGroups {

  private static final int PARTS = 10;

  private NumberGroups() {}

  private record Cell(double least, double most, long inReference, long inData) {}

  /**
   * @param data counted in the reference's bins, where it has some
   */
  static Groups of(NumericSummary reference, NumericSummary data) {
    List<Cell> cells = cells(reference, data);
    Groups groups = new Groups();
    long total = cells.stream().mapToLong(Cell::inReference).sum();
    long seen = 0;
    int start = 0;
    for (int i = 0; i < cells.size(); i++) {
      if (holdsDecile(seen, seen + cells.get(i).inReference(), total)) {
        add(groups, cells.subList(start, i));
        add(groups, cells.subList(i, i + 1));
        start = i + 1;
      }
      seen += cells.get(i).inReference();
    }
    add(groups, cells.subList(start, cells.size()));
    groups.add("NaN", reference.nan(), data.nan());
    return groups;
  }

  /** Whether one of the ranks {@code floor(q (total - 1))} is from {@code from} to {@code end}. */
  private static boolean holdsDecile(long from, long end, long total) {
    for (int i = 1; i < PARTS; i++) {
      long rank = (long) ((double) i / PARTS * (total - 1));
      if (rank >= from && rank < end) {
        return true;
      }
    }
    return false;
  }

  private static void add(Groups groups, List<Cell> cells) {
    if (!cells.isEmpty()) {
      double least = cells.get(0).least();
      double most = cells.get(cells.size() - 1).most();
      groups.add(
          least == most
              ? Finding.plain(least)
              : Finding.plain(least) + " to " + Finding.plain(most),
          cells.stream().mapToLong(Cell::inReference).sum(),
          cells.stream().mapToLong(Cell::inData).sum());
    }
  }

  private static List<Cell> cells(NumericSummary reference, NumericSummary data) {
    Optional<Histogram> known = reference.histogram();
    Optional<Histogram> counted = data.histogram();
    if (known.isPresent() && counted.isPresent()) {
      return cells(known.get(), counted.get(), reference, data);
    }
    boolean few = reference.values().isPresent() && data.values().isPresent();
    SortedMap<Double, Long> from =
        new TreeMap<>(few ? reference.values().orElseThrow() : reference.bins());
    SortedMap<Double, Long> to = new TreeMap<>(few ? data.values().orElseThrow() : data.bins());
    addInfinities(from, reference);
    addInfinities(to, data);
    SortedMap<Double, Long> all = new TreeMap<>(from);
    all.putAll(to);
    List<Cell> cells = new ArrayList<>();
    for (Map.Entry<Double, Long> cell : all.entrySet()) {
      double value = cell.getKey();
      cells.add(new Cell(value, value, from.getOrDefault(value, 0L), to.getOrDefault(value, 0L)));
    }
    return cells;
  }

  /** The outer cells hold the infinities too. */
  private static List<Cell> cells(
      Histogram known, Histogram counted, NumericSummary reference, NumericSummary data) {
    BinEdges edges = known.edges();
    double[] borders = edges.edges();
    List<Cell> cells = new ArrayList<>();
    for (int bin = 0; bin < edges.bins(); bin++) {
      int above = bin / 2;
      boolean isEdge = bin % 2 == 1;
      double least =
          isEdge ? borders[above] : above == 0 ? Double.NEGATIVE_INFINITY : borders[above - 1];
      double most = above == borders.length ? Double.POSITIVE_INFINITY : borders[above];
      cells.add(
          new Cell(
              least,
              most,
              known.count(bin) + infinite(reference, least, most),
              counted.count(bin) + infinite(data, least, most)));
    }
    return cells;
  }

  private static long infinite(NumericSummary numbers, double least, double most) {
    return (least == Double.NEGATIVE_INFINITY ? numbers.negativeInfinite() : 0)
        + (most == Double.POSITIVE_INFINITY ? numbers.positiveInfinite() : 0);
  }

  private static void addInfinities(SortedMap<Double, Long> counts, NumericSummary numbers) {
    if (numbers.negativeInfinite() > 0) {
      counts.put(Double.NEGATIVE_INFINITY, numbers.negativeInfinite());
    }
    if (numbers.positiveInfinite() > 0) {
      counts.put(Double.POSITIVE_INFINITY, numbers.positiveInfinite());
    }
  }
}
