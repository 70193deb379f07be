package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.util.Arrays;

/**
 * Digests in eight bytes each, so that a million of them take little memory. May say that it has
 * one that it does not have, with a probability of one in 10^13 for a million, and never the other
 * way round. For one thread; nothing is added after the first question.
 */
final class DigestSet {

  private static final int PREFIX_DIGITS = 16;
  private static final int FIRST_CAPACITY = 256;

  private long[] prefixes = new long[FIRST_CAPACITY];
  private int size;
  private boolean sorted;

  void add(Digest digest) {
    if (size == prefixes.length) {
      compact();
    }
    prefixes[size++] = prefix(digest);
    sorted = false;
  }

  boolean contains(Digest digest) {
    if (!sorted) {
      sort();
    }
    return Arrays.binarySearch(prefixes, 0, size, prefix(digest)) >= 0;
  }

  /** Many refer to the same artifact: grows only if that does not help. */
  private void compact() {
    sort();
    if (size > prefixes.length / 2) {
      prefixes = Arrays.copyOf(prefixes, Math.multiplyExact(prefixes.length, 2));
    }
  }

  private void sort() {
    Arrays.sort(prefixes, 0, size);
    int kept = 0;
    for (int i = 0; i < size; i++) {
      if (i == 0 || prefixes[i] != prefixes[i - 1]) {
        prefixes[kept++] = prefixes[i];
      }
    }
    size = kept;
    sorted = true;
  }

  private static long prefix(Digest digest) {
    return Long.parseUnsignedLong(digest.hex(), 0, PREFIX_DIGITS, 16);
  }
}
