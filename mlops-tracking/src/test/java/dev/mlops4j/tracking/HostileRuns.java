package dev.mlops4j.tracking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.mlops4j.Digest;
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
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * An archive of runs in which one part is replaced by hostile bytes, with all digests put right, so
 * that what reads the part is reached: {@code P...} is taken for the whole file, {@code I...} for
 * the index, {@code 0...} to {@code 9...} for one of the files: points, artifacts, trees.
 */
final class HostileRuns {

  private static final long MOST_BYTES = 1 << 20;
  private static final ObjectMapper JSON = new ObjectMapper();

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
  HostileRuns(Path archive, Path scratch) throws IOException {
    this.archive = archive;
    this.scratch = scratch;
    try (ZipFile zip = new ZipFile(archive.toFile())) {
      index = bytes(zip, Archive.INDEX);
      for (Digest digest : RunArchiveJson.read(index).files().keySet()) {
        files.put(digest.hex(), bytes(zip, Archive.FILES + digest.hex()));
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
   * Imports the altered archive, and then again, which must change nothing.
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
    RunsInMemory runs = new RunsInMemory();
    try {
      check(imported(runs, kept), true, kept);
    } catch (ArchiveException e) {
      if (!kept.digests.isEmpty() || !runs.isEmpty()) {
        throw new AssertionError("refused, and something was kept", e);
      }
      return false;
    }
    check(imported(runs, kept), false, kept);
    return true;
  }

  private List<ImportedRun> imported(RunsInMemory runs, ArtifactStore kept) {
    return RunImport.read(scratch, MOST_BYTES, runs.store(), Artifacts.over(kept), run -> run);
  }

  private static void check(List<ImportedRun> imported, boolean added, DigestingStore kept) {
    for (ImportedRun each : imported) {
      Names.checkName("run id", each.run().id());
      for (RunArtifact artifact : each.run().artifacts().values()) {
        if (each.added() != added || !kept.contains(artifact.digest())) {
          throw new AssertionError(each + " was to be added: " + added);
        }
      }
    }
  }

  private byte[] altered(byte[] input) throws IOException {
    byte[] content = input.length == 0 ? input : Arrays.copyOfRange(input, 1, input.length);
    int part = input.length == 0 ? -1 : input[0] - '0';
    if (part < 0 || part >= files.size()) {
      return archive(content, files.values());
    }
    String before = new ArrayList<>(files.keySet()).get(part);
    String after = Digest.of(content).hex();
    Map<String, byte[]> changed = new LinkedHashMap<>(files);
    changed.remove(before);
    changed.put(after, content);
    String text = new String(index, StandardCharsets.UTF_8).replace(before, after);
    ObjectNode root = (ObjectNode) JSON.readTree(text);
    ((ObjectNode) root.get("files")).put(after, content.length);
    for (JsonNode run : root.get("runs")) {
      for (JsonNode artifact : run.get("artifacts")) {
        if (artifact.get("digest").asText().equals(after)
            && artifact.get("kind").asText().equals("FILE")) {
          ((ObjectNode) artifact).put("bytes", content.length);
        }
      }
    }
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

  /** Keeps nothing but which artifacts it was given. */
  private static final class DigestingStore implements ArtifactStore {

    final Set<Digest> digests = new HashSet<>();

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
