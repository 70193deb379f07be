package dev.mlops4j.profile;

import dev.mlops4j.profile.CategorySummary.Frequent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * The most frequent texts of those that are not counted each by itself, between bounds. Immutable.
 *
 * <p>Misra-Gries counters (1982), merged as Agarwal and others showed (2012): a text that is more
 * than one in {@value #MAX_TEXTS} of these rows is always among them, and no bounds are further
 * apart than that, whatever the order and the split; which of the others are, and the bounds, go by
 * both. Beside the counter, which with the error is the upper bound, each has a lower one, so that
 * texts that were counted in one go have their exact number.
 */
final class FrequentTexts {

  static final int MAX_TEXTS = 128;

  private static final Comparator<Frequent> MOST_FIRST =
      Comparator.comparingLong(Frequent::atMost).reversed().thenComparing(Frequent::text);

  /** In the order of the texts. */
  private final List<Frequent> texts;

  private final long error;

  /**
   * Texts as they were stored.
   *
   * @param error how often any other text occurs at most
   */
  FrequentTexts(List<Frequent> texts, long error) {
    this.texts = List.copyOf(texts);
    this.error = error;
  }

  /** The most frequent of these, which are all there are. */
  static FrequentTexts of(Map<String, Long> counts) {
    List<Frequent> all = new ArrayList<>(counts.size());
    counts.forEach((text, count) -> all.add(new Frequent(text, count, count)));
    return largest(all, 0);
  }

  List<Frequent> texts() {
    return texts;
  }

  long error() {
    return error;
  }

  FrequentTexts merge(FrequentTexts other) {
    Map<String, Frequent> merged = new TreeMap<>();
    for (Frequent one : texts) {
      merged.put(one.text(), one.plus(0, other.error));
    }
    for (Frequent one : other.texts) {
      merged.merge(
          one.text(),
          one.plus(0, error),
          (mine, unused) -> mine.plus(one.atLeast(), one.atMost() - other.error));
    }
    return largest(merged.values(), Math.addExact(error, other.error));
  }

  /** What is no more frequent than a text that is left out may be is left out, too. */
  private static FrequentTexts largest(Collection<Frequent> all, long error) {
    List<Frequent> sorted = new ArrayList<>(all);
    sorted.sort(MOST_FIRST);
    long largest =
        sorted.size() > MAX_TEXTS ? Math.max(error, sorted.get(MAX_TEXTS).atMost()) : error;
    return new FrequentTexts(
        sorted.stream()
            .limit(MAX_TEXTS)
            .filter(one -> one.atMost() > largest)
            .sorted(Comparator.comparing(Frequent::text))
            .toList(),
        largest);
  }
}
