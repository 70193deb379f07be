package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.ArchiveWriter;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Writes versions to an archive: an index and the files of the packages. */
final class ArchiveExport {

  private ArchiveExport() {}

  static void write(
      Path file,
      @Nullable String workspaceId,
      List<VersionDetails> versions,
      List<ModelInfo> models,
      Artifacts artifacts) {
    long distinct = versions.stream().map(details -> details.version().label()).distinct().count();
    if (versions.isEmpty() || distinct != versions.size()) {
      throw new ArchiveException(
          "an archive takes one version or more, each once, found "
              + versions.stream().map(details -> details.version().label()).toList());
    }
    ArchiveWriter.requireFree(file);
    ArchiveIndex index = new ArchiveIndex(entries(workspaceId, versions, artifacts), models);
    SortedMap<Digest, ArchiveWriter.Content> files = new TreeMap<>();
    for (Digest digest : index.sizes().keySet()) {
      files.put(digest, to -> artifacts.writeTo(digest, to));
    }
    ArchiveWriter.write(file, ArchiveIndexJson.write(index), files);
  }

  private static List<ArchiveIndex.Entry> entries(
      @Nullable String workspaceId, List<VersionDetails> versions, Artifacts artifacts) {
    List<ArchiveIndex.Entry> entries = new ArrayList<>();
    for (VersionDetails details : versions) {
      entries.add(
          new ArchiveIndex.Entry(
              details.version().model(),
              details.version().packageDigest(),
              ArchiveIndex.origin(workspaceId, details.version()),
              details.facts(),
              artifacts.files(details.version().packageDigest())));
    }
    return entries;
  }
}
