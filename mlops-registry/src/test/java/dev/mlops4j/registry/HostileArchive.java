package dev.mlops4j.registry;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.model.Manifest;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.StoredArtifact;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * An archive of one version in which one part is replaced by hostile bytes, with all digests put
 * right, so that what reads the part is reached: {@code P...} is taken for the whole file, {@code
 * I...} for the index, {@code 0...} to {@code 9...} for one of the package's files.
 */
final class HostileArchive {

  private static final long MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

  private final Path archive;
  private final Path scratch;
  private final ArchiveIndex index;
  private final ArchiveIndex.Entry version;
  private final TreeMap<String, byte[]> files = new TreeMap<>();

  /**
   * Reads what is to be altered.
   *
   * @param archive a sound archive of one version
   * @param scratch the file that altered ones are written to
   */
  HostileArchive(Path archive, Path scratch) throws IOException {
    this.archive = archive;
    this.scratch = scratch;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      index = ArchiveIndexJson.read(bytes(zip, Archive.INDEX));
      version = index.versions().get(0);
      for (Map.Entry<String, ArchiveIndex.File> file : version.files().entrySet()) {
        files.put(file.getKey(), bytes(zip, Archive.FILES + file.getValue().digest().hex()));
      }
    }
  }

  private static byte[] bytes(ZipFile zip, String name) throws IOException {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  /** What alters nothing, for each part. */
  List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(Files.readAllBytes(archive));
    seeds.add(prefixed('I', ArchiveIndexJson.write(index)));
    int no = 0;
    for (byte[] content : files.values()) {
      seeds.add(prefixed((char) ('0' + no++), content));
    }
    return seeds;
  }

  private static byte[] prefixed(char part, byte[] content) {
    byte[] seed = new byte[content.length + 1];
    seed[0] = (byte) part;
    System.arraycopy(content, 0, seed, 1, content.length);
    return seed;
  }

  /**
   * Imports the altered archive.
   *
   * @return false if it is refused
   * @throws RuntimeException if that says so by anything but what is documented
   */
  boolean isImported(byte[] input) {
    try {
      Files.write(scratch, input.length > 0 && input[0] == 'P' ? input : altered(input));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    DigestingStore kept = new DigestingStore();
    try {
      for (Registration each : ArchiveReader.read(scratch, MOST_BYTES, Artifacts.over(kept))) {
        Names.checkModel(each.model());
        if (!kept.contains(each.stored().digest())) {
          throw new AssertionError("imported without its package: " + each);
        }
      }
      return true;
    } catch (ArchiveException e) {
      if (!kept.digests.isEmpty()) {
        throw new AssertionError("refused, and something was kept", e);
      }
      return false;
    }
  }

  private byte[] altered(byte[] input) throws IOException {
    byte[] content = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    int part = input.length == 0 ? -1 : input[0] - '0';
    if (part < 0 || part >= files.size()) {
      return archive(content, files);
    }
    TreeMap<String, byte[]> changed = new TreeMap<>(files);
    String path = new ArrayList<>(files.keySet()).get(part);
    changed.put(path, content);
    if (!path.equals(Manifest.PATH)) {
      listInManifest(changed, path, content);
    }
    TreeMap<String, ArchiveIndex.File> listed = new TreeMap<>();
    changed.forEach(
        (name, bytes) -> listed.put(name, new ArchiveIndex.File(bytes.length, Digest.of(bytes))));
    ArchiveIndex.Entry entry =
        new ArchiveIndex.Entry(
            version.model(),
            Artifacts.treeDigest(changed),
            version.importedFrom(),
            version.facts(),
            listed);
    return archive(ArchiveIndexJson.write(new ArchiveIndex(List.of(entry))), changed);
  }

  private static void listInManifest(Map<String, byte[]> files, String path, byte[] content)
      throws IOException {
    ObjectNode manifest = (ObjectNode) JSON.readTree(files.get(Manifest.PATH));
    ((ObjectNode) manifest.get("files").get(path))
        .put("size", content.length)
        .put("digest", Digest.of(content).hex());
    files.put(Manifest.PATH, JSON.writeValueAsBytes(manifest));
  }

  private static byte[] archive(byte[] index, Map<String, byte[]> files) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(Archive.INDEX, index);
    entries.put(Archive.INDEX_DIGEST, Digest.of(index).hex().getBytes(StandardCharsets.US_ASCII));
    files.values().forEach(bytes -> entries.put(Archive.FILES + Digest.of(bytes).hex(), bytes));
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (ZipOutputStream zip = new ZipOutputStream(bytes)) {
      zip.setMethod(ZipOutputStream.STORED);
      for (Map.Entry<String, byte[]> each : entries.entrySet()) {
        ZipEntry entry = new ZipEntry(each.getKey());
        CRC32 crc = new CRC32();
        crc.update(each.getValue());
        entry.setCrc(crc.getValue());
        entry.setSize(each.getValue().length);
        zip.putNextEntry(entry);
        zip.write(each.getValue());
      }
    }
    return bytes.toByteArray();
  }

  /** Keeps nothing but which artifacts it was given. */
  private static final class DigestingStore implements ArtifactStore {

    final List<Digest> digests = new ArrayList<>();

    @Override
    public Digest put(InputStream content) throws IOException {
      Digest digest = Digest.of(content.readAllBytes());
      digests.add(digest);
      return digest;
    }

    @Override
    public InputStream open(Digest digest) {
      throw new AssertionError("an import reads no artifact");
    }

    @Override
    public boolean contains(Digest digest) {
      return digests.contains(digest);
    }

    @Override
    public void list(Consumer<? super StoredArtifact> visitor) {
      throw new AssertionError("an import lists no artifacts");
    }

    @Override
    public void delete(Collection<Digest> ignored) {
      throw new AssertionError("an import deletes nothing");
    }
  }
}
