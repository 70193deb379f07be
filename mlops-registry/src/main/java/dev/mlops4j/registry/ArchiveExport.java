package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Artifacts;
import java.io.FileOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.LocalDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/** Writes versions to an archive file: a ZIP with an index and the files of the packages. */
final class ArchiveWriter {

  /** The same in every archive, so that the same versions give the same bytes. */
  private static final LocalDateTime ENTRY_TIME = LocalDateTime.of(1980, 1, 1, 0, 0);

  private ArchiveWriter() {}

  static void write(
      Path file, @Nullable String workspaceId, List<VersionDetails> versions, Artifacts artifacts) {
    long distinct = versions.stream().map(details -> details.version().label()).distinct().count();
    if (versions.isEmpty() || distinct != versions.size()) {
      throw new ArchiveException(
          "an archive takes one version or more, each once, found "
              + versions.stream().map(details -> details.version().label()).toList());
    }
    Path target = file.toAbsolutePath();
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      throw new ArchiveException(
          "the archive cannot be written to "
              + file
              + ": there is something already; name another");
    }
    Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      try (FileOutputStream out = new FileOutputStream(temporary.toFile());
          ZipOutputStream zip = new ZipOutputStream(out)) {
        write(zip, workspaceId, versions, artifacts);
        zip.finish();
        zip.flush();
        out.getFD().sync();
      }
      Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new ArchiveException(
          "the archive cannot be written to "
              + file
              + " ("
              + e
              + "); check the directory, its permissions and the space left",
          e);
    } finally {
      temporary.toFile().delete();
    }
  }

  private static void write(
      ZipOutputStream zip,
      @Nullable String workspaceId,
      List<VersionDetails> versions,
      Artifacts artifacts)
      throws IOException {
    List<ArchiveIndex.Entry> entries = new ArrayList<>();
    for (VersionDetails details : versions) {
      SortedMap<String, ArchiveIndex.File> files = new TreeMap<>();
      artifacts
          .readTree(details.version().packageDigest())
          .forEach(
              (path, bytes) ->
                  files.put(path, new ArchiveIndex.File(bytes.length, Digest.of(bytes))));
      entries.add(
          new ArchiveIndex.Entry(
              details.version().model(),
              details.version().packageDigest(),
              ArchiveIndex.origin(workspaceId, details.version()),
              details.facts(),
              files));
    }
    ArchiveIndex index = new ArchiveIndex(entries);
    byte[] json = ArchiveIndexJson.write(index);
    put(zip, ArchiveIndex.NAME, json);
    put(zip, ArchiveIndex.DIGEST, Digest.of(json).hex().getBytes(StandardCharsets.US_ASCII));
    for (Digest digest : index.sizes().keySet()) {
      put(zip, ArchiveIndex.FILES + digest.hex(), artifacts.read(digest));
    }
  }

  private static void put(ZipOutputStream zip, String name, byte[] content) throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setTimeLocal(ENTRY_TIME);
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }
}
