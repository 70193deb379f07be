package dev.mlops4j.monitoring;

import dev.mlops4j.monitoring.statistics.CategoryPair;
import dev.mlops4j.profile.CategorySummary;
import dev.mlops4j.profile.CategorySummary.Frequent;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * What people call the categories that are not counted by themselves, part by part. A part of which
 * one category is more than half on a side has that name too: for people only, a name may depend on
 * how the rows were split, and no verdict does.
 */
final class OtherParts {

  private OtherParts() {}

  /** The names of the parts of a pair of these sides. */
  static List<String> of(CategoryPair pair, CategorySummary from, CategorySummary to) {
    return of(names(pair), pair.size() - pair.named(), from, to);
  }

  /** What is counted by itself on both sides. */
  static List<String> names(CategoryPair pair) {
    return IntStream.range(0, pair.named()).mapToObj(pair::name).toList();
  }

  /**
   * The names of the parts of these sides.
   *
   * @param named what is counted by itself, on all sides
   * @param parts how many there are: none, one, or those of {@link CategorySummary#partOf}
   */
  static List<String> of(Collection<String> named, int parts, CategorySummary... sides) {
    if (parts < CategorySummary.PARTS) {
      return Collections.nCopies(parts, CategoryPair.OTHERS);
    }
    List<String> names = new ArrayList<>();
    for (int part = 0; part < parts; part++) {
      names.add(CategoryPair.others(part));
    }
    Set<String> known = new HashSet<>(named);
    for (CategorySummary side : sides) {
      long[] rows = side.parts().orElseThrow();
      // One side has it in its part already.
      side.counts()
          .forEach(
              (text, count) ->
                  rows[CategorySummary.partOf(text)] += known.contains(text) ? 0 : count);
      for (Frequent one : side.frequent(Integer.MAX_VALUE)) {
        int part = CategorySummary.partOf(one.text());
        if (!known.contains(one.text())
            && !one.text().isBlank()
            && 2 * one.atLeast() > rows[part]) {
          names.set(part, "(others " + part + ", mostly " + one.text() + ")");
        }
      }
    }
    return List.copyOf(names);
  }

  /** How many parts this side has of its own. */
  static int count(CategorySummary side) {
    return side.complete() ? 0 : side.parts().isPresent() ? CategorySummary.PARTS : 1;
  }
}
