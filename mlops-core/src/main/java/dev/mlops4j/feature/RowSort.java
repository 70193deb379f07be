package dev.mlops4j.feature;

/**
 * Sorts numbers of rows, stable, by what a comparison says of two rows: what is in order already,
 * as rows mostly are that come by time, costs one look.
 */
final class RowSort {

  private static final int SHORT = 16;

  private RowSort() {}

  /** Whether one row comes before, with or after another. */
  @FunctionalInterface
  interface Comparison {
    int compare(int one, int other);
  }

  /** Sorts {@code rows[begin..end)}. */
  static void sort(int[] rows, int begin, int end, Comparison comparison) {
    if (!isSorted(rows, begin, end, comparison)) {
      mergeSort(rows, new int[end - begin], begin, begin, end, comparison);
    }
  }

  private static boolean isSorted(int[] rows, int begin, int end, Comparison comparison) {
    for (int i = begin + 1; i < end; i++) {
      if (comparison.compare(rows[i - 1], rows[i]) > 0) {
        return false;
      }
    }
    return true;
  }

  private static void mergeSort(
      int[] rows, int[] spare, int offset, int begin, int end, Comparison comparison) {
    if (end - begin <= SHORT) {
      insertionSort(rows, begin, end, comparison);
      return;
    }
    int middle = (begin + end) >>> 1;
    mergeSort(rows, spare, offset, begin, middle, comparison);
    mergeSort(rows, spare, offset, middle, end, comparison);
    if (comparison.compare(rows[middle - 1], rows[middle]) <= 0) {
      return;
    }
    System.arraycopy(rows, begin, spare, begin - offset, middle - begin);
    int left = begin - offset;
    int leftEnd = middle - offset;
    int right = middle;
    for (int i = begin; left < leftEnd; i++) {
      rows[i] =
          right < end && comparison.compare(rows[right], spare[left]) < 0
              ? rows[right++]
              : spare[left++];
    }
  }

  private static void insertionSort(int[] rows, int begin, int end, Comparison comparison) {
    for (int i = begin + 1; i < end; i++) {
      int row = rows[i];
      int place = i;
      while (place > begin && comparison.compare(rows[place - 1], row) > 0) {
        rows[place] = rows[--place];
      }
      rows[place] = row;
    }
  }
}
