package dev.mlops4j.profile;

import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The stored form of categories, part of that of profiles; see {@link ProfileCodec}. */
final class CategoryCodec {

  /** The first format that has the parts of what is not counted by itself. */
  static final int WITH_PARTS = 2;

  /** The first format that has the most frequent texts of these. */
  static final int WITH_FREQUENT = 3;

  private CategoryCodec() {}

  /** The first format that has a place for all of these. */
  static int format(@Nullable CategorySummary categories) {
    if (categories == null || !hasParts(categories)) {
      return 1;
    }
    return categories.frequentOthers() == null ? WITH_PARTS : WITH_FREQUENT;
  }

  private static boolean hasParts(CategorySummary categories) {
    return !categories.complete() && categories.parts().isPresent();
  }

  static void write(ProfileOutput out, CategorySummary categories) {
    out.unsigned(categories.count());
    out.unsigned(categories.counts().size());
    categories
        .counts()
        .forEach(
            (text, count) -> {
              out.text(text);
              out.unsigned(count);
            });
    byte[] distinct = categories.distinctState();
    out.unsigned(distinct == null ? 1 : 0);
    if (distinct != null) {
      out.raw(distinct);
      if (out.format() >= WITH_PARTS) {
        out.unsigned(hasParts(categories) ? 1 : 0);
        categories.parts().ifPresent(parts -> Arrays.stream(parts).forEach(out::unsigned));
      }
      if (out.format() >= WITH_FREQUENT) {
        write(out, categories.frequentOthers());
      }
    }
  }

  private static void write(ProfileOutput out, @Nullable FrequentTexts frequent) {
    out.unsigned(frequent == null ? 0 : 1);
    if (frequent != null) {
      out.unsigned(frequent.error());
      out.unsigned(frequent.texts().size());
      for (CategorySummary.Frequent one : frequent.texts()) {
        out.text(one.text());
        out.unsigned(one.atLeast());
        out.unsigned(one.atMost() - one.atLeast());
      }
    }
  }

  static CategorySummary read(ProfileInput in) {
    long count = in.unsigned();
    SortedMap<String, Long> counts = new TreeMap<>();
    int size = in.size();
    for (int left = size; left > 0; left--) {
      counts.put(in.text(), in.unsigned());
    }
    if (counts.size() != size || size > CategorySummary.MAX_CATEGORIES) {
      throw in.corrupt(size + " counts are of " + counts.size() + " texts");
    }
    byte @Nullable [] distinct = in.unsigned() != 0 ? null : in.raw(Distinct.STATE_BYTES);
    long @Nullable [] parts =
        distinct != null && in.format() >= WITH_PARTS && in.unsigned() != 0 ? parts(in) : null;
    long counted = counts.values().stream().reduce(0L, Math::addExact);
    if (counted > count || (distinct == null && counted != count)) {
      throw in.corrupt("counts of texts are " + counted + " of " + count + " together");
    }
    if (parts != null) {
      ProfileCodec.expectSum(in, count - counted, Arrays.stream(parts).boxed().toList());
    }
    @Nullable FrequentTexts frequent =
        distinct != null && in.format() >= WITH_FREQUENT && in.unsigned() != 0
            ? frequent(in, counts.keySet(), count - counted)
            : null;
    return new CategorySummary(count, counts, distinct, parts, frequent);
  }

  /** Those of so many other values. */
  private static FrequentTexts frequent(ProfileInput in, Set<String> counted, long others) {
    long error = in.unsigned();
    int size = in.size();
    SortedMap<String, CategorySummary.Frequent> texts = new TreeMap<>();
    long together = 0;
    for (int left = size; left > 0; left--) {
      String text = in.text();
      long atLeast = in.unsigned();
      long atMost = Math.addExact(atLeast, in.unsigned());
      texts.put(text, new CategorySummary.Frequent(text, atLeast, atMost));
      together = Math.addExact(together, atLeast);
      if (counted.contains(text)
          || text.length() > CategorySummary.MAX_LENGTH
          || atMost <= error
          || atMost > others) {
        throw in.corrupt("a text is said to be frequent that cannot be");
      }
    }
    if (texts.size() != size
        || size > FrequentTexts.MAX_TEXTS
        || together > others
        || error > others) {
      throw in.corrupt(size + " frequent texts are " + together + " of " + others + " values");
    }
    return new FrequentTexts(List.copyOf(texts.values()), error);
  }

  private static long[] parts(ProfileInput in) {
    long[] parts = new long[CategorySummary.PARTS];
    for (int i = 0; i < parts.length; i++) {
      parts[i] = in.unsigned();
    }
    return parts;
  }
}
