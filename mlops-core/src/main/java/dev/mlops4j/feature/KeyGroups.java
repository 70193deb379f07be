package dev.mlops4j.feature;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a batch by their keys: a group for every key of the index, or, where these are many
 * more than the rows, for every key that occurs, in ascending order.
 */
final class KeyGroups {

  private static final int MANY = 4;

  private final int[] groupOf;
  private final int count;
  private final int @Nullable [] numbers;

  private KeyGroups(int[] groupOf, int count, int @Nullable [] numbers) {
    this.groupOf = groupOf;
    this.count = count;
    this.numbers = numbers;
  }

  /**
   * Groups rows.
   *
   * @param numberOf the number of each row's key, or -1; taken over
   * @param keyCount how many keys there are
   */
  static KeyGroups of(int[] numberOf, int keyCount) {
    if (keyCount / MANY <= numberOf.length) {
      return new KeyGroups(numberOf, keyCount, null);
    }
    int[] numbers =
        Arrays.stream(numberOf).filter(number -> number >= 0).sorted().distinct().toArray();
    for (int row = 0; row < numberOf.length; row++) {
      if (numberOf[row] >= 0) {
        numberOf[row] = Arrays.binarySearch(numbers, numberOf[row]);
      }
    }
    return new KeyGroups(numberOf, numbers.length, numbers);
  }

  /** The group of each row, or -1. */
  int[] groupOf() {
    return groupOf;
  }

  int count() {
    return count;
  }

  /** The number that a group's key has in the index. */
  int number(int group) {
    return numbers == null ? group : numbers[group];
  }
}
