package dev.mlops4j.monitoring.statistics;

import dev.mlops4j.profile.CategorySummary;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;

/**
 * Two samples of categories side by side: how often each category occurs in the reference and in
 * the current sample. Numbers in bins are categories too, see {@link NumericPair#inBins}.
 * Immutable, safe for any number of threads.
 */
public final class CategoryPair {

  /** What the categories that are not counted each by itself are called. */
  public static final String OTHERS = "(others)";

  /**
   * What the categories of this part are called, of those that are not counted each by itself.
   *
   * @param part from 0, see {@link CategorySummary#partOf}
   */
  public static String others(int part) {
    return "(others " + part + ")";
  }

  /** What the categories that {@link #withRareTogether} puts together are called. */
  public static final String RARE = "(rare)";

  private final List<String> names;
  private final long[] reference;
  private final long[] current;
  private final long referenceSize;
  private final long currentSize;
  private final int named;

  private CategoryPair(List<String> names, long[] reference, long[] current) {
    this(names, reference, current, reference.length);
  }

  private CategoryPair(List<String> names, long[] reference, long[] current, int named) {
    this.names = List.copyOf(names);
    this.named = named;
    this.reference = reference;
    this.current = current;
    this.referenceSize = total(reference, "reference");
    this.currentSize = total(current, "current");
  }

  /**
   * Counts by position, named by it.
   *
   * @throws IllegalArgumentException if the lengths differ, a count is negative or a sample is
   *     empty
   */
  public static CategoryPair of(long[] reference, long[] current) {
    if (reference.length != current.length) {
      throw new IllegalArgumentException(
          "the reference has counts of "
              + reference.length
              + " categories, the current sample of "
              + current.length
              + "; give both the same");
    }
    List<String> names = new ArrayList<>();
    for (int i = 0; i < reference.length; i++) {
      names.add(String.valueOf(i));
    }
    return new CategoryPair(names, reference.clone(), current.clone());
  }

  /**
   * Counts by position, named by these names.
   *
   * @throws IllegalArgumentException if the lengths differ, a count is negative or a sample is
   *     empty
   */
  public static CategoryPair of(List<String> names, long[] reference, long[] current) {
    if (reference.length != names.size() || current.length != names.size()) {
      throw new IllegalArgumentException(
          names.size()
              + " names have "
              + reference.length
              + " and "
              + current.length
              + " counts; give one count a name");
    }
    return new CategoryPair(names, reference.clone(), current.clone());
  }

  /**
   * Counts by name; a name that one does not have is counted 0 there. Ordered by name.
   *
   * @throws IllegalArgumentException if a count is negative or a sample is empty
   */
  public static CategoryPair of(Map<String, Long> reference, Map<String, Long> current) {
    TreeSet<String> all = new TreeSet<>(reference.keySet());
    all.addAll(current.keySet());
    List<String> names = List.copyOf(all);
    return new CategoryPair(
        names,
        names.stream().mapToLong(name -> reference.getOrDefault(name, 0L)).toArray(),
        names.stream().mapToLong(name -> current.getOrDefault(name, 0L)).toArray());
  }

  /**
   * The categories of two profiles, ordered by name. Those whose count is not known on both sides
   * come last, in parts by their hashes, {@link #others(int)}; as one, {@link #OTHERS}, if a
   * profile was stored by a version that had no parts.
   *
   * @throws IllegalArgumentException if one has no value
   */
  public static CategoryPair of(CategorySummary reference, CategorySummary current) {
    TreeSet<String> all = new TreeSet<>(reference.counts().keySet());
    all.addAll(current.counts().keySet());
    List<String> names = new ArrayList<>();
    List<Long> first = new ArrayList<>();
    List<Long> second = new ArrayList<>();
    long[] firstParts = reference.parts().orElse(null);
    long[] secondParts = current.parts().orElse(null);
    long firstOthers = reference.count();
    long secondOthers = current.count();
    for (String name : all) {
      OptionalLong inFirst = reference.count(name);
      OptionalLong inSecond = current.count(name);
      if (inFirst.isPresent() && inSecond.isPresent()) {
        names.add(name);
        first.add(inFirst.getAsLong());
        second.add(inSecond.getAsLong());
        firstOthers -= inFirst.getAsLong();
        secondOthers -= inSecond.getAsLong();
      } else if (firstParts != null && secondParts != null) {
        // One side has it in its part already.
        int part = CategorySummary.partOf(name);
        firstParts[part] += inFirst.orElse(0);
        secondParts[part] += inSecond.orElse(0);
      }
    }
    if (firstOthers + secondOthers == 0) {
      return new CategoryPair(names, longs(first), longs(second));
    }
    int named = names.size();
    if (firstParts == null || secondParts == null) {
      names.add(OTHERS);
      first.add(firstOthers);
      second.add(secondOthers);
    } else {
      for (int part = 0; part < CategorySummary.PARTS; part++) {
        names.add(others(part));
        first.add(firstParts[part]);
        second.add(secondParts[part]);
      }
    }
    return new CategoryPair(names, longs(first), longs(second), named);
  }

  private static long[] longs(List<Long> counts) {
    return counts.stream().mapToLong(Long::longValue).toArray();
  }

  /** How many categories there are, those that neither sample has included. */
  public int size() {
    return reference.length;
  }

  /**
   * How many of them, the first ones, are counted each by itself; what follows are the others of
   * two profiles, in parts.
   */
  public int named() {
    return named;
  }

  /** The name of the category at this position, from 0. */
  public String name(int position) {
    return names.get(position);
  }

  /** How often the reference has the category at this position. */
  public long referenceCount(int position) {
    return reference[position];
  }

  /** How often the current sample has the category at this position. */
  public long currentCount(int position) {
    return current[position];
  }

  /** How many values the reference has; at least 1. */
  public long referenceSize() {
    return referenceSize;
  }

  /** How many values the current sample has; at least 1. */
  public long currentSize() {
    return currentSize;
  }

  /** The share that the category at this position has of the reference, 0 to 1. */
  public double referenceShare(int position) {
    return (double) reference[position] / referenceSize;
  }

  /** The share that the category at this position has of the current sample, 0 to 1. */
  public double currentShare(int position) {
    return (double) current[position] / currentSize;
  }

  /**
   * The same rows with the rare categories as one, {@link #RARE}, the last: those expected less
   * than {@code minExpected} times in the smaller sample. The rule is blind to which sample a row
   * is of, so that it does not make a difference where there is none. Categories in neither sample
   * are left out.
   *
   * @param alwaysRare positions that count as rare however many rows they have: what was put
   *     together in a way that is not blind, as all categories that the reference lacks
   */
  public CategoryPair withRareTogether(double minExpected, int... alwaysRare) {
    double smaller = Math.min(referenceSize, currentSize) / ((double) referenceSize + currentSize);
    Set<Integer> forced = new HashSet<>();
    for (int position : alwaysRare) {
      forced.add(position);
    }
    List<String> kept = new ArrayList<>();
    List<long[]> counts = new ArrayList<>();
    long[] rare = new long[2];
    for (int i = 0; i < reference.length; i++) {
      double both = (double) reference[i] + current[i];
      if (both > 0 && both * smaller >= minExpected && !forced.contains(i)) {
        kept.add(names.get(i));
        counts.add(new long[] {reference[i], current[i]});
      } else {
        rare[0] += reference[i];
        rare[1] += current[i];
      }
    }
    if (rare[0] + rare[1] > 0) {
      kept.add(RARE);
      counts.add(rare);
    }
    return new CategoryPair(
        kept,
        counts.stream().mapToLong(c -> c[0]).toArray(),
        counts.stream().mapToLong(c -> c[1]).toArray());
  }

  /** The rows of the categories before this position. */
  CategoryPair without(int last) {
    return new CategoryPair(
        names.subList(0, last), Arrays.copyOf(reference, last), Arrays.copyOf(current, last));
  }

  static long total(long[] counts, String name) {
    long total = 0;
    for (int i = 0; i < counts.length; i++) {
      if (counts[i] < 0) {
        throw new IllegalArgumentException(
            "count " + i + " of the " + name + " sample is " + counts[i]);
      }
      total = Math.addExact(total, counts[i]);
    }
    if (total == 0) {
      throw new IllegalArgumentException("the " + name + " sample is empty");
    }
    return total;
  }
}
