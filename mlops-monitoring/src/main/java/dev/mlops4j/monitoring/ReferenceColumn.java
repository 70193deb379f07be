package dev.mlops4j.monitoring;

import dev.mlops4j.profile.BinEdges;
import dev.mlops4j.profile.CategorySummary;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A column that is watched, and how its values are counted.
 *
 * @param name what the verdict calls it
 * @param kind what it is
 * @param shape how it is counted and tested
 * @param edges of numbers the bins
 * @param categories of categories the known ones, sorted
 * @param others what the parts are called in which, by their hashes, the categories are counted
 *     that the reference does not know by name: none if it knows all, one if its profile has no
 *     parts
 * @param problem why the column cannot be judged, or null
 */
record ReferenceColumn(
    String name,
    AlertKind kind,
    Shape shape,
    @Nullable BinEdges edges,
    List<String> categories,
    List<String> others,
    @Nullable String problem) {

  enum Shape {
    NUMBERS,
    CATEGORIES,
    /** Only how many values are missing: of what is sensitive. */
    MISSING,
    /** Counts of false and true. */
    SHARE,
    /** The same with the sum of what was predicted. */
    GAP
  }

  static ReferenceColumn numbers(String name, AlertKind kind, BinEdges edges) {
    return new ReferenceColumn(name, kind, Shape.NUMBERS, edges, List.of(), List.of(), null);
  }

  static ReferenceColumn categories(
      String name, AlertKind kind, List<String> categories, List<String> others) {
    return new ReferenceColumn(name, kind, Shape.CATEGORIES, null, categories, others, null);
  }

  static ReferenceColumn sensitive(String name, AlertKind kind) {
    return new ReferenceColumn(name, kind, Shape.MISSING, null, List.of(), List.of(), null);
  }

  static ReferenceColumn outcome(String name, AlertKind kind, Shape shape) {
    return new ReferenceColumn(name, kind, shape, null, List.of(), List.of(), null);
  }

  static ReferenceColumn broken(String name, AlertKind kind, Shape shape, String problem) {
    return new ReferenceColumn(name, kind, shape, null, List.of(), List.of(), problem);
  }

  /** Whether it is known only with outcomes. */
  boolean isOutcome() {
    return kind == AlertKind.LABEL_DRIFT || kind == AlertKind.CALIBRATION;
  }

  /** Counts of nothing. */
  ColumnCounts emptyCounts() {
    if (problem != null) {
      return new ColumnCounts(0);
    }
    return switch (shape) {
      case NUMBERS -> new ColumnCounts(edges == null ? 0 : edges.bins());
      case CATEGORIES -> new ColumnCounts(categories.size() + others.size());
      case MISSING -> new ColumnCounts(0);
      case SHARE, GAP -> new ColumnCounts(2);
    };
  }

  /** The position of this category in the counts, or -1 if the reference does not have it. */
  int indexOf(String category) {
    int found = indexOfKnown(category);
    if (found >= 0 || others.isEmpty()) {
      return found;
    }
    return categories.size() + (others.size() == 1 ? 0 : CategorySummary.partOf(category));
  }

  /** The position of this very category, or -1 if the reference does not know it by its name. */
  int indexOfKnown(String category) {
    return Math.max(-1, Collections.binarySearch(categories, category));
  }

  /** What people call the category at this position. */
  String categoryAt(int position) {
    return position < categories.size()
        ? categories.get(position)
        : others.get(position - categories.size());
  }
}
