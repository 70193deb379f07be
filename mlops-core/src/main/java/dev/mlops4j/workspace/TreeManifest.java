package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What a tree of files consists of.
 *
 * @param files by path, in the order of the paths' UTF-16 units
 */
record TreeManifest(SortedMap<String, Entry> files) {

  TreeManifest {
    files = Collections.unmodifiableSortedMap(new TreeMap<>(files));
  }

  /** One file. */
  record Entry(long size, Digest digest) {}
}
