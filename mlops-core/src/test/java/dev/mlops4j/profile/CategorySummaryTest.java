package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import dev.mlops4j.profile.CategorySummary.Frequent;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class CategorySummaryTest {

  @Test
  void upToTheCapEveryTextIsCounted() {
    CategorySummary summary = summary(3_000, i -> "c" + i % 1_000);
    assertThat(summary.complete()).isTrue();
    assertThat(summary.distinct()).isEqualTo(1_000);
    assertThat(summary.counts()).hasSize(1_000).containsEntry("c999", 3L);
    assertThat(summary.other()).isZero();
    assertThat(summary.count("unseen")).hasValue(0);
  }

  @Test
  void beyondTheCapWhatIsCountedIsExactAndTheRestIsTogether() {
    CategorySummary summary = summary(9_000, i -> "c" + i % 3_000);
    assertThat(summary.complete()).isFalse();
    assertThat(summary.counts()).hasSize(CategorySummary.MAX_CATEGORIES);
    assertThat(summary.counts().values()).containsOnly(3L);
    assertThat(summary.other()).isEqualTo(9_000 - 3_000);
    assertThat((double) summary.distinct()).isCloseTo(3_000, within(300.0));
    assertThat(summary.count()).isEqualTo(9_000);
  }

  @Test
  void theOthersAreCountedInPartsByTheirHash() {
    String often =
        IntStream.range(0, 50).mapToObj(i -> "m" + i).max(CategorySummary.BY_HASH).orElseThrow();
    CategorySummary summary = summary(9_000, i -> i % 2 == 0 ? often : "c" + i % 3_000);
    long[] expected = new long[CategorySummary.PARTS];
    for (int i = 0; i < 9_000; i++) {
      String text = i % 2 == 0 ? often : "c" + i % 3_000;
      expected[CategorySummary.partOf(text)] += summary.counts().containsKey(text) ? 0 : 1;
    }
    assertThat(summary.counts().containsKey(often)).isFalse();
    assertThat(summary.parts()).hasValueSatisfying(parts -> assertThat(parts).isEqualTo(expected));
    assertThat(expected[CategorySummary.partOf(often)]).isBetween(4_500L, 4_600L);
    assertThat(LongStream.of(expected).sum()).isEqualTo(summary.other());
    assertThat(LongStream.of(expected).filter(n -> n > 0).count())
        .as("which part a text is in has nothing to do with whether it is kept")
        .isEqualTo(CategorySummary.PARTS);
    assertThat(summary(10, i -> "c" + i).parts())
        .hasValueSatisfying(parts -> assertThat(parts).containsOnly(0));
  }

  @Test
  void aTextIsCountedOrKnownToBeAbsentOrUnknownButNeverWrong() {
    CategorySummary summary = summary(9_000, i -> "c" + i % 3_000);
    long counted =
        IntStream.range(0, 3_000)
            .filter(i -> summary.count("c" + i).isPresent())
            .peek(i -> assertThat(summary.count("c" + i)).hasValue(3))
            .count();
    assertThat(counted).isEqualTo(CategorySummary.MAX_CATEGORIES);
    long absent =
        IntStream.range(0, 3_000)
            .filter(i -> summary.count("unseen" + i).isPresent())
            .peek(i -> assertThat(summary.count("unseen" + i)).hasValue(0))
            .count();
    assertThat((double) absent).isCloseTo(1_000, within(150.0));
  }

  @Test
  void aVeryLongTextIsCountedTogetherWithTheRest() {
    String longest = "x".repeat(256);
    CategorySummary summary = summary(10, i -> i < 3 ? longest : i < 7 ? longest + "y" : "short");
    assertThat(summary.counts())
        .containsExactlyEntriesOf(new TreeMap<>(Map.of("short", 3L, longest, 3L)));
    assertThat(summary.other()).isEqualTo(4);
    assertThat(summary.complete()).isFalse();
    assertThat(summary.distinct()).isEqualTo(3);
    assertThat(summary.count("unseen")).hasValue(0);
    assertThat(summary.count(longest + "z")).isEmpty();
  }

  @Test
  void frequentIsByCountThenByText() {
    CategorySummary summary = summary(7, i -> "baacbcd".substring(i, i + 1));
    assertThat(summary.frequent(3))
        .containsExactly(new Frequent("a", 2, 2), new Frequent("b", 2, 2), new Frequent("c", 2, 2));
    assertThat(summary.frequent(9)).hasSize(4);
  }

  @Test
  void ofRowsProfiledInOneGoTheMostFrequentAreExactHoweverManyTextsThereAre() {
    // The n-th of 3,000 texts is there 3,000 / n times.
    Map<String, Long> expected = new HashMap<>();
    List<String> rows = new ArrayList<>();
    for (int n = 1; n <= 3_000; n++) {
      expected.put("c" + n, 3_000L / n);
      rows.addAll(Collections.nCopies(3_000 / n, "c" + n));
    }
    CategorySummary summary = summary(rows.size(), rows::get);
    assertThat(summary.complete()).isFalse();
    List<Frequent> frequent = summary.frequent(100);
    for (int i = 0; i < 100; i++) {
      assertThat(frequent.get(i).atLeast()).isEqualTo(3_000 / (i + 1));
      assertThat(frequent.get(i).atMost()).isEqualTo(expected.get(frequent.get(i).text()));
    }
  }

  @Test
  void textsThatAreAllDifferentHaveNoneThatIsFrequent() {
    CategorySummary summary = summary(3_000, i -> "c" + i);
    assertThat(summary.frequent(5_000)).hasSize(CategorySummary.MAX_CATEGORIES);
    assertThat(summary.merge(summary).frequent(5_000)).hasSize(CategorySummary.MAX_CATEGORIES);
  }

  @Test
  void boundsHoldWhateverTheOrderAndTheSplitAndNoFrequentTextIsMissed() {
    for (long seed = 1; seed <= 30; seed++) {
      Random random = new Random(seed);
      int texts = 1_200 + random.nextInt(4_000);
      int rows = 5_000 + random.nextInt(15_000);
      double skew = 0.5 + 2.5 * random.nextDouble();
      List<String> all = new ArrayList<>();
      Map<String, Long> exact = new HashMap<>();
      for (int i = 0; i < rows; i++) {
        String text = "c" + seed + "." + (int) (texts * Math.pow(random.nextDouble(), skew));
        all.add(text);
        exact.merge(text, 1L, Long::sum);
      }
      CategorySummary whole = summary(rows, all::get);
      Collections.shuffle(all, random);
      CategorySummary merged = null;
      for (int from = 0; from < rows; ) {
        int start = from;
        int size = Math.min(rows - from, 50 + random.nextInt(3_000));
        CategorySummary part = summary(size, i -> all.get(start + i));
        boolean first = random.nextBoolean();
        merged = merged == null ? part : first ? part.merge(merged) : merged.merge(part);
        from += size;
      }
      Map<String, Frequent> found = new HashMap<>();
      merged.frequent(Integer.MAX_VALUE).forEach(one -> found.put(one.text(), one));
      long apart = merged.other() / (FrequentTexts.MAX_TEXTS + 1);
      exact.forEach(
          (text, count) -> {
            Frequent one = found.get(text);
            if (one == null) {
              assertThat(count).isLessThanOrEqualTo(apart);
            } else {
              assertThat(count).isBetween(one.atLeast(), one.atMost());
              assertThat(one.atMost() - one.atLeast()).isLessThanOrEqualTo(apart);
            }
          });
      assertThat(exact.keySet()).containsAll(found.keySet());
      assertThat(merged.counts()).isEqualTo(whole.counts());
      assertThat(merged.parts().orElseThrow()).isEqualTo(whole.parts().orElseThrow());
      assertThat(merged.frequentOthers().texts()).hasSizeLessThanOrEqualTo(FrequentTexts.MAX_TEXTS);
    }
  }

  @Test
  void aTextThatIsTooLongIsNotNamed() {
    CategorySummary summary = summary(10, i -> "x".repeat(257));
    assertThat(summary.frequent(10)).isEmpty();
  }

  @Test
  void aTextOfTheDictionaryThatDoesNotOccurIsNotCounted() {
    Dataset dataset = dataset(2, i -> i == 0 ? "kept" : "left out");
    CategorySummary summary = DatasetProfile.of(dataset.select(0)).categories("c");
    assertThat(summary.counts()).containsOnlyKeys("kept");
  }

  private static CategorySummary summary(int rows, IntFunction<String> text) {
    return DatasetProfile.of(dataset(rows, text)).categories("c");
  }

  private static Dataset dataset(int rows, IntFunction<String> text) {
    DatasetBuilder builder =
        Dataset.builder(Schema.builder().required("c", ColumnType.STRING).build());
    IntStream.range(0, rows).forEach(i -> builder.add(text.apply(i)));
    return builder.build();
  }
}
