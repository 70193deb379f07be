package dev.mlops4j.profile;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.mlops4j.data.ColumnType;
import dev.mlops4j.data.Dataset;
import dev.mlops4j.data.DatasetBuilder;
import dev.mlops4j.data.Schema;
import java.util.Map;
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
  void topIsByCountThenByText() {
    CategorySummary summary = summary(7, i -> "baacbcd".substring(i, i + 1));
    assertThat(summary.top(3))
        .containsExactly(Map.entry("a", 2L), Map.entry("b", 2L), Map.entry("c", 2L));
    assertThat(summary.top(9)).hasSize(4);
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
