package dev.mlops4j.registry;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.model.ModelPackage;
import dev.mlops4j.model.StoredPackage;
import dev.mlops4j.report.Printable;
import dev.mlops4j.workspace.Artifacts;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;

/**
 * Reads archives that {@link Registry#exportTo} wrote. An archive is taken for hostile until all of
 * it is verified: nothing is unpacked to a path, an entry that the index does not list is refused,
 * and of none more is read than the index says, which itself is bounded.
 */
public final class ArchiveReader {

  /** How many bytes the files of an archive may have together unless stated: 4 GiB. */
  public static final long DEFAULT_MAX_BYTES = 4L << 30;

  private static final int MAX_INDEX_BYTES = 16 << 20;
  private static final int DIGEST_BYTES = 64;
  private static final byte[] ZIP_MAGIC = {'P', 'K', 3, 4};

  private final Path file;
  private final ZipFile zip;
  private final ArchiveIndex index;

  private ArchiveReader(Path file, ZipFile zip) throws IOException {
    this.file = file;
    this.zip = zip;
    byte[] json = bytes(required(ArchiveIndex.NAME), MAX_INDEX_BYTES);
    byte[] digest = bytes(required(ArchiveIndex.DIGEST), DIGEST_BYTES);
    if (!Digest.of(json).hex().equals(new String(digest, StandardCharsets.US_ASCII))) {
      throw refused("was altered: its index is not what its digest says");
    }
    this.index = ArchiveIndexJson.read(json);
  }

  private ZipEntry required(String name) {
    ZipEntry entry = zip.getEntry(name);
    if (entry == null) {
      throw new ArchiveException(file + " is not an archive of versions: it has no " + name);
    }
    return entry;
  }

  /** Whether a file begins as an archive does; what is in it is not looked at. */
  public static boolean isArchive(Path file) {
    if (!Files.isRegularFile(file)) {
      return false;
    }
    try (InputStream in = Files.newInputStream(file)) {
      return Arrays.equals(in.readNBytes(ZIP_MAGIC.length), ZIP_MAGIC);
    } catch (IOException e) {
      return false;
    }
  }

  /**
   * Verifies all of an archive, and then keeps its packages among the artifacts.
   *
   * @throws ArchiveException if anything is not as it should be; nothing is kept then
   */
  static List<Registration> read(Path file, long maxBytes, Artifacts artifacts) {
    if (!Files.isRegularFile(file)) {
      throw new ArchiveException("there is no archive " + file + "; give a file that was exported");
    }
    try (ZipFile zip = new ZipFile(file.toFile())) {
      ArchiveReader reader = new ArchiveReader(file, zip);
      reader.verify(maxBytes);
      return reader.keep(artifacts);
    } catch (ZipException e) {
      throw new ArchiveException(
          file + " is damaged or not an archive of versions (" + e.getMessage() + ")", e);
    } catch (IOException e) {
      throw new ArchiveException("the archive " + file + " cannot be read (" + e + ")", e);
    }
  }

  private void verify(long maxBytes) throws IOException {
    SortedMap<Digest, Long> sizes = index.sizes();
    long left = maxBytes;
    for (long size : sizes.values()) {
      left -= size;
      if (size > Integer.MAX_VALUE || left < 0) {
        throw refused("unpacks to more than " + maxBytes + " bytes");
      }
    }
    verifyNames(sizes.keySet());
    for (Map.Entry<Digest, Long> expected : sizes.entrySet()) {
      verifyBytes(expected.getKey(), expected.getValue());
    }
    for (ArchiveIndex.Entry version : index.versions()) {
      verifyPackage(version);
    }
  }

  /** The index and the files it lists, each once, and nothing else. */
  private void verifyNames(Set<Digest> digests) {
    Set<String> expected = new HashSet<>();
    expected.add(ArchiveIndex.NAME);
    expected.add(ArchiveIndex.DIGEST);
    digests.forEach(digest -> expected.add(ArchiveIndex.FILES + digest.hex()));
    Set<String> found = new HashSet<>();
    for (var entries = zip.entries(); entries.hasMoreElements(); ) {
      String name = entries.nextElement().getName();
      if (!expected.contains(name)) {
        throw refused("has an entry \"" + Printable.of(name) + "\" that its index does not list");
      }
      if (!found.add(name)) {
        throw refused("has the entry \"" + name + "\" twice");
      }
    }
    expected.removeAll(found);
    if (!expected.isEmpty()) {
      throw refused("lacks the entry \"" + expected.iterator().next() + "\" that its index lists");
    }
  }

  private void verifyBytes(Digest digest, long size) throws IOException {
    byte[] content = content(digest, size);
    if (content.length != size || !Digest.of(content).equals(digest)) {
      throw refused("was altered: its file " + digest.shortHex() + " is not what its name says");
    }
  }

  private void verifyPackage(ArchiveIndex.Entry version) throws IOException {
    try {
      Names.checkModel(version.model());
      SortedMap<String, byte[]> files = files(version);
      if (!Artifacts.treeDigest(files).equals(version.packageDigest())) {
        throw refused("lists other files of " + version.model() + " than its digest says");
      }
      ModelPackage.of(files);
    } catch (ArchiveException e) {
      throw e;
    } catch (MlopsException e) {
      throw new ArchiveException("the archive " + file + " is refused: " + e.getMessage(), e);
    }
  }

  private List<Registration> keep(Artifacts artifacts) throws IOException {
    List<Registration> registrations = new ArrayList<>();
    for (ArchiveIndex.Entry version : index.versions()) {
      SortedMap<String, byte[]> files = files(version);
      Digest digest = artifacts.putTree(files);
      if (!digest.equals(version.packageDigest())) {
        throw refused("was changed while it was read");
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

  private SortedMap<String, byte[]> files(ArchiveIndex.Entry version) throws IOException {
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (Map.Entry<String, ArchiveIndex.File> listed : version.files().entrySet()) {
      files.put(listed.getKey(), content(listed.getValue().digest(), listed.getValue().size()));
    }
    return files;
  }

  private byte[] content(Digest digest, long size) throws IOException {
    return bytes(zip.getEntry(ArchiveIndex.FILES + digest.hex()), (int) size);
  }

  /** What the entry's own header says of its size is not believed. */
  private byte[] bytes(ZipEntry entry, int most) throws IOException {
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] content = in.readNBytes(most);
      if (in.read() >= 0) {
        throw refused(
            "has more in the entry \"" + entry.getName() + "\" than the " + most + " bytes it may");
      }
      return content;
    }
  }

  private ArchiveException refused(String why) {
    return new ArchiveException(
        "the archive " + file + " " + why + "; nothing of it was taken, export the versions again");
  }
}
