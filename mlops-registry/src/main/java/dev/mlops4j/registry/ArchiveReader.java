package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Reads archives that {@link Registry#exportTo} wrote. */
final class ArchiveReader {

  /** Of a manifest or golden rows, which are read whole. */
  private static final long MOST_READ_BYTES = 32 << 20;

  private final Path file;
  private final Archive archive;
  private final ArchiveIndex index;
  private final long maxBytes;
  private long readWhole;

  private ArchiveReader(Path file, Archive archive, long maxBytes) {
    this.file = file;
    this.archive = archive;
    this.index = ArchiveIndexJson.read(archive.index());
    this.maxBytes = maxBytes;
  }

  /** What an archive holds, verified, its packages kept. */
  record Contents(List<Registration> registrations, List<ModelInfo> models) {}

  /**
   * Verifies all of an archive, and then keeps its packages among the artifacts.
   *
   * @throws ArchiveException if anything is not as it should be; nothing is kept then
   */
  static Contents read(Path file, long maxBytes, Artifacts artifacts) {
    try (Archive archive = Archive.open(file, "versions")) {
      ArchiveReader reader = new ArchiveReader(file, archive, maxBytes);
      archive.verify(reader.index.sizes(), maxBytes);
      if (reader.index.largestPackage() > maxBytes) {
        throw archive.tooLarge(maxBytes);
      }
      List<Registration> registrations =
          reader.index.versions().stream().map(reader::verified).toList();
      reader.verifyModels();
      reader.keep(artifacts);
      return new Contents(registrations, reader.index.models());
    }
  }

  private Registration verified(ArchiveIndex.Entry version) {
    try {
      Names.checkModel(version.model());
      StoredTexts.check(version.facts());
      StoredTexts.checkOrigin(version.importedFrom());
      Digest tree = Digest.of(Artifacts.treeManifest(version.files()));
      if (!tree.equals(version.packageDigest())) {
        throw archive.refused("lists other files of " + version.model() + " than its digest says");
      }
      Manifest manifest =
          ModelPackage.verify(version.files(), path -> read(path, version.files().get(path)));
      StoredTexts.check(manifest);
      return new Registration(
          version.model(),
          new StoredPackage(tree, manifest, version.facts()),
          version.importedFrom());
    } catch (ArchiveException e) {
      throw e;
    } catch (MlopsException e) {
      throw new ArchiveException("the archive " + file + " is refused: " + e.getMessage(), e);
    }
  }

  /** By the limits of what people say here. */
  private void verifyModels() {
    Set<String> names =
        index.versions().stream().map(ArchiveIndex.Entry::model).collect(Collectors.toSet());
    for (ModelInfo info : index.models()) {
      if (!names.contains(info.model())) {
        throw archive.refused("describes a model of which it has no version");
      }
      try {
        ModelDescription.check(info);
      } catch (IllegalArgumentException e) {
        throw new ArchiveException("the archive " + file + " is refused: " + e.getMessage(), e);
      }
    }
  }

  private byte[] read(String path, Artifacts.@Nullable Put listed) {
    if (listed == null) {
      throw archive.refused("has a package without a file " + path);
    }
    if (listed.bytes() > MOST_READ_BYTES) {
      throw archive.refused(
          "has a file "
              + path
              + " of "
              + listed.bytes()
              + " bytes; it has "
              + MOST_READ_BYTES
              + " at most");
    }
    // A file may be shared by thousands of versions, each of which has it read again.
    readWhole += listed.bytes();
    if (readWhole > Math.max(maxBytes, Archive.DEFAULT_MAX_BYTES)) {
      throw archive.tooLarge(maxBytes);
    }
    return archive.read(listed.digest(), listed.bytes());
  }

  /** Piece by piece: a model may be larger than memory. */
  private void keep(Artifacts artifacts) {
    for (Digest digest : index.sizes().keySet()) {
      try (InputStream content = archive.open(digest)) {
        artifacts.put(digest, content);
      } catch (IOException e) {
        throw new ArchiveException("the archive " + file + " cannot be read (" + e + ")", e);
      }
    }
    for (ArchiveIndex.Entry version : index.versions()) {
      artifacts.put(Artifacts.treeManifest(version.files()));
    }
  }
}
