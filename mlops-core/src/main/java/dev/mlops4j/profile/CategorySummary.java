package dev.mlops4j.profile;

import com.dynatrace.hash4j.distinctcount.UltraLogLog;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The summary of texts: how often each occurs. Immutable, safe for any number of threads.
 *
 * <p>Up to 1,000 distinct texts are counted exactly. Beyond that the counts of the 1,000 texts with
 * the smallest hashes are kept, which are exact too whatever the order, the split and the merges
 * (bottom-k: a text among the smallest of all is among the smallest of every part it occurs in).
 * Which texts these are has nothing to do with how often they occur. The others, and those of more
 * than 256 characters, are counted together in {@value #PARTS} parts by their hashes ({@link
 * #partOf}), so that a frequent one among them shows in the share of its part; {@link #frequent}
 * names it. These names and their bounds are the only thing here that can depend on the order of
 * the rows and on how they were split; two profiles are equal without them.
 */
public final class CategorySummary {

  /** How many distinct texts are counted each by itself. */
  public static final int MAX_CATEGORIES = 1_000;

  /** In how many parts the texts are counted that are not counted each by itself. */
  public static final int PARTS = 64;

  /** The length in UTF-16 units from which on a text is not counted by itself. */
  static final int MAX_LENGTH = 256;

  private final long count;
  private final SortedMap<String, Long> counts;
  private final byte @Nullable [] distinct;
  private final long @Nullable [] parts;
  private final @Nullable FrequentTexts frequent;

  /**
   * The state of the counter of distinct texts is there when not every text has its own count, and
   * so are the parts, unless they were lost in format 1, and the frequent texts, unless they were
   * in format 1 or 2.
   */
  CategorySummary(
      long count,
      SortedMap<String, Long> counts,
      byte @Nullable [] distinct,
      long @Nullable [] parts,
      @Nullable FrequentTexts frequent) {
    this.count = count;
    this.counts = Collections.unmodifiableSortedMap(counts);
    this.distinct = distinct;
    this.parts = parts;
    this.frequent = frequent;
  }

  /**
   * A text, and how often it occurs.
   *
   * @param atLeast how often at least
   * @param atMost how often at most: as often if it is counted by itself
   */
  public record Frequent(String text, long atLeast, long atMost) {

    Frequent plus(long atLeast, long atMost) {
      return new Frequent(
          text, Math.addExact(this.atLeast, atLeast), Math.addExact(this.atMost, atMost));
    }
  }

  /** Every text has its own count. */
  static CategorySummary complete(long count, SortedMap<String, Long> counts) {
    return new CategorySummary(count, counts, null, null, null);
  }

  /**
   * Keeps what is kept.
   *
   * @param all counts by text, which may be too many or too long; changed
   * @param counter has all of these texts and those that are already not kept
   * @param parts those that are already not kept, or null if that is not known; changed
   * @param frequent the most frequent of those, or null if that is not known
   * @param complete whether {@code all} has every text
   */
  static CategorySummary keeping(
      long count,
      SortedMap<String, Long> all,
      UltraLogLog counter,
      long @Nullable [] parts,
      @Nullable FrequentTexts frequent,
      boolean complete) {
    List<String> dropped = new ArrayList<>();
    List<String> kept = new ArrayList<>();
    all.keySet().forEach(text -> (text.length() > MAX_LENGTH ? dropped : kept).add(text));
    if (kept.size() > MAX_CATEGORIES) {
      kept.sort(BY_HASH);
      dropped.addAll(kept.subList(MAX_CATEGORIES, kept.size()));
    }
    Map<String, Long> named = new HashMap<>();
    for (String text : dropped) {
      long rows = Objects.requireNonNull(all.remove(text));
      if (parts != null) {
        parts[partOf(text)] += rows;
      }
      if (text.length() <= MAX_LENGTH) {
        named.put(text, rows);
      }
    }
    return complete && dropped.isEmpty()
        ? complete(count, all)
        : new CategorySummary(
            count,
            all,
            counter.getState().clone(),
            parts,
            frequent == null ? null : frequent.merge(FrequentTexts.of(named)));
  }

  static CategorySummary ofBooleans(NumericSummary numbers) {
    SortedMap<String, Long> counts = new TreeMap<>();
    numbers
        .values()
        .orElseThrow()
        .forEach((value, count) -> counts.put(value == 0 ? "false" : "true", count));
    return complete(numbers.finite(), counts);
  }

  /** How many texts there are, the missing ones not included. */
  public long count() {
    return count;
  }

  /**
   * How often each text occurs that is counted by itself, by text in the order of its UTF-16 units.
   * The map cannot be changed.
   */
  public SortedMap<String, Long> counts() {
    return counts;
  }

  /** Whether every text is counted by itself. */
  public boolean complete() {
    return distinct == null;
  }

  /** How many values are not among {@link #counts}; 0 if {@link #complete}. */
  public long other() {
    return count - counts.values().stream().mapToLong(Long::longValue).sum();
  }

  /**
   * How many of the {@link #other} values are in each of the {@value #PARTS} parts, or empty if
   * that is not known: the profile was stored by an earlier version.
   */
  public Optional<long[]> parts() {
    return distinct == null
        ? Optional.of(new long[PARTS])
        : Optional.ofNullable(parts).map(long[]::clone);
  }

  /** The part, from 0, in which this text is counted where it is not counted by itself. */
  public static int partOf(String text) {
    // Which texts are kept goes by the highest bits.
    return (int) Distinct.hash(text) & (PARTS - 1);
  }

  /** How often this text occurs, 0 included, or empty if that is not known. */
  public OptionalLong count(String text) {
    Long known = counts.get(text);
    if (known != null) {
      return OptionalLong.of(known);
    }
    if (complete()) {
      return OptionalLong.of(0);
    }
    if (text.length() > MAX_LENGTH) {
      return OptionalLong.empty();
    }
    boolean allShortAreKnown = counts.size() < MAX_CATEGORIES;
    return allShortAreKnown || counts.keySet().stream().anyMatch(k -> BY_HASH.compare(text, k) < 0)
        ? OptionalLong.of(0)
        : OptionalLong.empty();
  }

  /**
   * The most frequent texts, the most frequent first, equally frequent ones by text. Exact if
   * {@link #complete}. Otherwise those that are not counted by themselves have bounds: of the
   * {@link #other} values each text is here, if the limit lets it, that is more than one in {@value
   * FrequentTexts#MAX_TEXTS} of them (of no more than 256 characters), and bounds are no further
   * apart than that. Of a profile that an earlier version stored only those are here that are
   * counted by themselves.
   *
   * @param limit how many at most
   */
  public List<Frequent> frequent(int limit) {
    Stream<Frequent> counted =
        counts.entrySet().stream()
            .map(entry -> new Frequent(entry.getKey(), entry.getValue(), entry.getValue()));
    Stream<Frequent> others = frequent == null ? Stream.of() : frequent.texts().stream();
    return Stream.concat(counted, others)
        .sorted(
            Comparator.comparingLong(Frequent::atLeast).reversed().thenComparing(Frequent::text))
        .limit(limit)
        .toList();
  }

  /**
   * How many distinct texts there are: exact if {@link #complete}, otherwise an estimate with a
   * standard error of 2.4 %.
   */
  public long distinct() {
    return distinct == null
        ? counts.size()
        : Math.max(counts.size() + 1, Distinct.estimate(distinct));
  }

  CategorySummary merge(CategorySummary other) {
    SortedMap<String, Long> merged = new TreeMap<>(counts);
    other.counts.forEach((text, n) -> merged.merge(text, n, Math::addExact));
    return keeping(
        Math.addExact(count, other.count),
        merged,
        counter().add(other.counter()),
        sum(parts().orElse(null), other.parts().orElse(null)),
        merged(frequentOthers(), other.frequentOthers()),
        complete() && other.complete());
  }

  private static long @Nullable [] sum(long @Nullable [] one, long @Nullable [] other) {
    if (one == null || other == null) {
      return null;
    }
    for (int i = 0; i < PARTS; i++) {
      one[i] = Math.addExact(one[i], other[i]);
    }
    return one;
  }

  private static @Nullable FrequentTexts merged(
      @Nullable FrequentTexts one, @Nullable FrequentTexts other) {
    return one == null || other == null ? null : one.merge(other);
  }

  /** The most frequent of the other texts, or null if that is not known. */
  @Nullable FrequentTexts frequentOthers() {
    return complete() ? FrequentTexts.of(Map.of()) : frequent;
  }

  /** Null if {@link #complete}; do not change it. */
  byte @Nullable [] distinctState() {
    return distinct;
  }

  private UltraLogLog counter() {
    if (distinct != null) {
      return UltraLogLog.wrap(distinct.clone());
    }
    UltraLogLog counter = Distinct.counter();
    counts.keySet().forEach(text -> counter.add(Distinct.hash(text)));
    return counter;
  }

  /** Which texts are kept when there are too many: the first of these. */
  static final Comparator<String> BY_HASH =
      Comparator.<String>comparingLong(text -> Distinct.hash(text) ^ Long.MIN_VALUE)
          .thenComparing(Comparator.naturalOrder());
}
