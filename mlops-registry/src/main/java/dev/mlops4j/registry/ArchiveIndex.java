package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.model.RunFacts;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Artifacts;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an archive of versions says that it holds: its index. Each file of a package is in the
 * archive once.
 *
 * @param models what people say of the models of the versions, if they say anything
 */
record ArchiveIndex(List<Entry> versions, List<ModelInfo> models) {

  ArchiveIndex {
    versions = List.copyOf(versions);
    models = List.copyOf(models);
  }

  /**
   * The sizes of all files by digest.
   *
   * @throws ArchiveException if a file is listed with two sizes, of which one is wrong
   */
  SortedMap<Digest, Long> sizes() {
    SortedMap<Digest, Long> sizes = new TreeMap<>();
    for (Entry version : versions) {
      for (Artifacts.Put file : version.files().values()) {
        Long other = sizes.put(file.digest(), file.bytes());
        if (other != null && other != file.bytes()) {
          throw new ArchiveException(
              "the index of the archive lists the file "
                  + file.digest().shortHex()
                  + " with "
                  + other
                  + " and with "
                  + file.bytes()
                  + " bytes; nothing of it was taken, export the versions again");
        }
      }
    }
    return sizes;
  }

  /** How many bytes the largest package has: a file as often as it is in it. */
  long largestPackage() {
    return versions.stream().mapToLong(Entry::bytes).max().orElse(0);
  }

  /**
   * One version.
   *
   * @param packageDigest that of the tree of its files
   * @param files the digest and the size of each by its path
   * @param importedFrom where it is a copy of, for people
   */
  record Entry(
      String model,
      Digest packageDigest,
      String importedFrom,
      RunFacts facts,
      SortedMap<String, Artifacts.Put> files) {

    private long bytes() {
      long bytes = 0;
      for (Artifacts.Put file : files.values()) {
        bytes = bytes + file.bytes() < bytes ? Long.MAX_VALUE : bytes + file.bytes();
      }
      return bytes;
    }
  }

  /** Of which version of which workspace something is a copy. */
  static String origin(@Nullable String workspaceId, ModelVersion version) {
    return version.label() + (workspaceId == null ? "" : " of workspace " + workspaceId);
  }
}
