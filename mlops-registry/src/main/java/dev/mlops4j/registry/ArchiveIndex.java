package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.model.RunFacts;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an archive of versions says that it holds: its index. Each file of a package is in the
 * archive once.
 */
record ArchiveIndex(List<Entry> versions) {

  ArchiveIndex {
    versions = List.copyOf(versions);
  }

  /** The sizes of all files by digest. */
  SortedMap<Digest, Long> sizes() {
    SortedMap<Digest, Long> sizes = new TreeMap<>();
    for (Entry version : versions) {
      version.files().values().forEach(file -> sizes.put(file.digest(), file.size()));
    }
    return sizes;
  }

  /**
   * One version.
   *
   * @param packageDigest that of the tree of its files
   * @param importedFrom where it is a copy of, for people
   */
  record Entry(
      String model,
      Digest packageDigest,
      String importedFrom,
      RunFacts facts,
      SortedMap<String, File> files) {}

  /** A file of a package. */
  record File(long size, Digest digest) {}

  /** Of which version of which workspace something is a copy. */
  static String origin(@Nullable String workspaceId, ModelVersion version) {
    return version.label() + (workspaceId == null ? "" : " of workspace " + workspaceId);
  }
}
