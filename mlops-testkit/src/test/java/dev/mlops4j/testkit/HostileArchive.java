package dev.mlops4j.testkit;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
import dev.mlops4j.workspace.Archive;
import dev.mlops4j.workspace.ArchiveException;
import dev.mlops4j.workspace.ArtifactStore;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.StoredArtifact;
import java.io.ByteArrayInputStream;
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
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * An archive in which one part is replaced by hostile bytes, with all digests put right, so that
 * what reads the part is reached: {@code P...} is taken for the whole file, {@code I...} for the
 * index, {@code 0...} to {@code 9...} for one of the files.
 */
abstract class HostileArchive {

  static final long MOST_BYTES = 1 << 20;
  static final ObjectMapper JSON = new ObjectMapper();

  private final Path archive;
  private final Path scratch;
  private final byte[] index;
  private final Map<String, byte[]> files = new LinkedHashMap<>();

  /**
   * Reads what is to be altered.
   *
   * @param archive a sound archive
   * @param scratch the file that altered ones are written to
   */
  HostileArchive(Path archive, Path scratch) throws IOException {
    this.archive = archive;
    this.scratch = scratch;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      index = bytes(zip, Archive.INDEX);
      for (ZipEntry entry : zip.stream().toList()) {
        if (entry.getName().startsWith(Archive.FILES)) {
          String digest = entry.getName().substring(Archive.FILES.length());
          files.put(digest, bytes(zip, entry.getName()));
        }
      }
    }
  }

  private static byte[] bytes(ZipFile zip, String name) throws IOException {
    try (InputStream in = zip.getInputStream(zip.getEntry(name))) {
      return in.readAllBytes();
    }
  }

  /**
   * Imports an archive into a place that has nothing yet.
   *
   * @return whether anything but artifacts is there afterwards
   * @throws ArchiveException if it is refused
   * @throws RuntimeException if something is not as it should be
   */
  abstract boolean imports(Path file, Artifacts artifacts, Kept kept);

  /**
   * Puts the index and the files right after one of the files was replaced.
   *
   * @param root the index, to be changed; still as it was
   * @param changed the files by the digests of the sound archive, to be changed; one has new bytes
   * @param before the digest that this one had
   */
  abstract void putRight(ObjectNode root, Map<String, byte[]> changed, String before)
      throws IOException;

  /** What alters nothing, for each part. */
  final List<byte[]> seeds() throws IOException {
    List<byte[]> seeds = new ArrayList<>();
    seeds.add(Files.readAllBytes(archive));
    seeds.add(prefixed('I', index));
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
  final boolean isImported(byte[] input) {
    try {
      Files.write(scratch, input.length > 0 && input[0] == 'P' ? input : altered(input));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    Kept kept = new Kept();
    try {
      return imports(scratch, Artifacts.over(kept), kept);
    } catch (ArchiveException e) {
      if (!kept.contents.isEmpty()) {
        throw new AssertionError("refused, and something was kept", e);
      }
      return false;
    }
  }

  /** The input that is the sound archive, changed in several parts at once. */
  final byte[] whole(Change change) throws IOException {
    ObjectNode root = (ObjectNode) JSON.readTree(index);
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    change.apply(root, changed);
    return archive(JSON.writeValueAsBytes(root), changed.values());
  }

  /** A change of the index and of the files, which are by the digests of the sound archive. */
  @FunctionalInterface
  interface Change {
    void apply(ObjectNode root, Map<String, byte[]> changed) throws IOException;
  }

  private byte[] altered(byte[] input) throws IOException {
    byte[] content = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    int part = input.length == 0 ? -1 : input[0] - '0';
    if (part < 0 || part >= files.size()) {
      return archive(content, files.values());
    }
    String before = new ArrayList<>(files.keySet()).get(part);
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    changed.put(before, content);
    ObjectNode root = (ObjectNode) JSON.readTree(index);
    putRight(root, changed, before);
    return archive(JSON.writeValueAsBytes(root), changed.values());
  }

  private static byte[] archive(byte[] index, Collection<byte[]> files) throws IOException {
    Map<String, byte[]> entries = new LinkedHashMap<>();
    entries.put(Archive.INDEX, index);
    entries.put(Archive.INDEX_DIGEST, Digest.of(index).hex().getBytes(StandardCharsets.US_ASCII));
    files.forEach(bytes -> entries.put(Archive.FILES + Digest.of(bytes).hex(), bytes));
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

  /** Keeps what it was given, which an import does not read. */
  static final class Kept implements ArtifactStore {

    private final Map<Digest, byte[]> contents = new HashMap<>();
    private boolean readable;

    /** From now on what was kept may be read, by who looks at what was imported. */
    void allowReading() {
      readable = true;
    }

    @Override
    public Digest put(InputStream content) throws IOException {
      byte[] bytes = content.readAllBytes();
      Digest digest = Digest.of(bytes);
      contents.put(digest, bytes);
      return digest;
    }

    @Override
    public InputStream open(Digest digest) {
      byte[] content = contents.get(digest);
      if (!readable || content == null) {
        throw new AssertionError("an import reads no artifact, and none that is not there");
      }
      return new ByteArrayInputStream(content);
    }

    @Override
    public boolean contains(Digest digest) {
      return contents.containsKey(digest);
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
