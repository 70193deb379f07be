package dev.mlops4j.model;

import dev.mlops4j.Digest;
import dev.mlops4j.model.ManifestJson.FileEntry;
import dev.mlops4j.workspace.Artifacts;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeSet;

/** Compares the files of a package with what its manifest lists. */
final class PackageFiles {

  private static final String REMEDY = "; fetch the package again or use another version";

  private PackageFiles() {}

  static ManifestJson.Contents verify(SortedMap<String, byte[]> files) {
    ManifestJson.Contents contents = manifest(required(files, Manifest.PATH));
    contents.files().forEach((path, expected) -> verify(path, expected, required(files, path)));
    files.keySet().forEach(path -> checkListed(contents, path));
    return contents;
  }

  /** The same of files whose sizes and digests are known to be right. */
  static ManifestJson.Contents verify(byte[] manifest, SortedMap<String, Artifacts.Put> files) {
    ManifestJson.Contents contents = manifest(manifest);
    contents
        .files()
        .forEach(
            (path, expected) -> {
              Artifacts.Put found = files.get(path);
              if (found == null) {
                throw absent(path, files.keySet());
              }
              verifySize(path, expected, found.bytes());
              verifyDigest(path, expected, found.digest());
            });
    files.keySet().forEach(path -> checkListed(contents, path));
    return contents;
  }

  /** Reads a manifest and checks the paths in it. */
  static ManifestJson.Contents manifest(byte[] bytes) {
    ManifestJson.Contents contents = ManifestJson.read(bytes);
    for (String path : contents.files().keySet()) {
      if (!PackagePaths.isAllowed(path) || path.equals(Manifest.PATH)) {
        throw new CorruptPackageException(
            "the manifest of the model package lists a file \""
                + path
                + "\", which is not a path within a package; do not use it");
      }
    }
    return contents;
  }

  static void checkListed(ManifestJson.Contents contents, String path) {
    if (!path.equals(Manifest.PATH) && !contents.files().containsKey(path)) {
      throw new CorruptPackageException(
          "the model package has a file \""
              + path
              + "\" that its manifest does not list; remove it"
              + " or fetch the package again");
    }
  }

  static void verifySize(String path, FileEntry expected, long found) {
    if (found != expected.size()) {
      throw new CorruptPackageException(
          "file \""
              + path
              + "\" of the model package should have "
              + expected.size()
              + " bytes, found "
              + found
              + REMEDY);
    }
  }

  static byte[] required(Map<String, byte[]> files, String path) {
    byte[] bytes = files.get(path);
    if (bytes == null) {
      throw absent(path, files.keySet());
    }
    return bytes;
  }

  static CorruptPackageException absent(String path, Iterable<String> found) {
    TreeSet<String> names = new TreeSet<>();
    found.forEach(names::add);
    return new CorruptPackageException(
        "the model package should have a file \""
            + path
            + "\", found "
            + (names.isEmpty() ? "no files" : "only " + String.join(", ", names))
            + REMEDY);
  }

  private static void verify(String path, FileEntry expected, byte[] bytes) {
    verifySize(path, expected, bytes.length);
    verifyDigest(path, expected, Digest.of(bytes));
  }

  private static void verifyDigest(String path, FileEntry expected, Digest found) {
    if (!found.equals(expected.digest())) {
      throw new CorruptPackageException(
          "file \""
              + path
              + "\" of the model package was altered: its digest should be "
              + expected.digest().shortHex()
              + ", found "
              + found.shortHex()
              + REMEDY);
    }
  }
}
