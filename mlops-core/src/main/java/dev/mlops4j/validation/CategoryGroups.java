package dev.mlops4j.validation;

import dev.mlops4j.data.BooleanColumn;
import dev.mlops4j.data.Column;
import dev.mlops4j.data.StringColumn;
import dev.mlops4j.profile.CategorySummary;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;

/**
 * Categories in groups that the reference alone decides: each with at least 1 % of its values is a
 * group, its others together are one, and those that it does not have are another.
 */
final class CategoryGroups {

  private static final double LEAST_SHARE = 0.01;

  private CategoryGroups() {}

  static Groups of(CategorySummary reference, Column data) {
    Map<String, Long> counts = counts(data);
    Groups groups = new Groups();
    long rest = reference.count();
    for (Map.Entry<String, Long> known : reference.counts().entrySet()) {
      if (known.getValue() >= LEAST_SHARE * reference.count()) {
        Long inData = counts.remove(known.getKey());
        groups.add(known.getKey(), known.getValue(), inData == null ? 0 : inData);
        rest -= known.getValue();
      }
    }
    long unseen = 0;
    long others = 0;
    for (Map.Entry<String, Long> other : counts.entrySet()) {
      if (isUnseen(reference, other.getKey())) {
        unseen += other.getValue();
      } else {
        others += other.getValue();
      }
    }
    groups.add("(others)", rest, others);
    groups.add("(unseen)", 0, unseen);
    return groups;
  }

  /** Whether the reference is known not to have this category. */
  static boolean isUnseen(CategorySummary reference, String category) {
    OptionalLong known = reference.count(category);
    return known.isPresent() && known.getAsLong() == 0;
  }

  private static Map<String, Long> counts(Column data) {
    Map<String, Long> counts = new TreeMap<>();
    if (data instanceof StringColumn strings) {
      long[] byCode = new long[strings.dictionary().size()];
      for (int row = 0; row < strings.size(); row++) {
        if (!strings.isMissing(row)) {
          byCode[strings.codeAt(row)]++;
        }
      }
      for (int code = 0; code < byCode.length; code++) {
        if (byCode[code] > 0) {
          counts.put(strings.dictionary().get(code), byCode[code]);
        }
      }
    } else if (data instanceof BooleanColumn booleans) {
      for (int row = 0; row < booleans.size(); row++) {
        if (!booleans.isMissing(row)) {
          counts.merge(String.valueOf(booleans.booleanAt(row)), 1L, Long::sum);
        }
      }
    }
    return counts;
  }
}
