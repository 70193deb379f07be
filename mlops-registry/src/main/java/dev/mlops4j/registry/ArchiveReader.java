package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/** Reads archives that {@link Registry#exportTo} wrote. */
final class ArchiveReader {

  private final Path file;
  private final Archive archive;
  private final ArchiveIndex index;

  private ArchiveReader(Path file, Archive archive) {
    this.file = file;
    this.archive = archive;
    this.index = ArchiveIndexJson.read(archive.index());
  }

  /**
   * Verifies all of an archive, and then keeps its packages among the artifacts.
   *
   * @throws ArchiveException if anything is not as it should be; nothing is kept then
   */
  static List<Registration> read(Path file, long maxBytes, Artifacts artifacts) {
    try (Archive archive = Archive.open(file, "versions")) {
      ArchiveReader reader = new ArchiveReader(file, archive);
      archive.verify(reader.index.sizes(), maxBytes);
      reader.index.versions().forEach(reader::verifyPackage);
      return reader.keep(artifacts);
    }
  }

  private void verifyPackage(ArchiveIndex.Entry version) {
    try {
      Names.checkModel(version.model());
      SortedMap<String, byte[]> files = files(version);
      if (!Artifacts.treeDigest(files).equals(version.packageDigest())) {
        throw archive.refused("lists other files of " + version.model() + " than its digest says");
      }
      ModelPackage.of(files);
    } catch (ArchiveException e) {
      throw e;
    } catch (MlopsException e) {
      throw new ArchiveException("the archive " + file + " is refused: " + e.getMessage(), e);
    }
  }

  private List<Registration> keep(Artifacts artifacts) {
    List<Registration> registrations = new ArrayList<>();
    for (ArchiveIndex.Entry version : index.versions()) {
      SortedMap<String, byte[]> files = files(version);
      Digest digest = artifacts.putTree(files);
      if (!digest.equals(version.packageDigest())) {
        throw archive.refused("was changed while it was read");
      }
      Manifest manifest = ModelPackage.of(files).manifest();
      registrations.add(
          new Registration(
              version.model(),
              new StoredPackage(digest, manifest, version.facts()),
              version.importedFrom()));
    }
    return registrations;
  }

  private SortedMap<String, byte[]> files(ArchiveIndex.Entry version) {
    SortedMap<String, byte[]> files = new TreeMap<>();
    version
        .files()
        .forEach((path, listed) -> files.put(path, archive.read(listed.digest(), listed.size())));
    return files;
  }
}
