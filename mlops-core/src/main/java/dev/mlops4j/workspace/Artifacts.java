package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Files and trees of files, each known by its SHA-256. Every byte is checked before it is handed
 * on: what was truncated or altered in the store is never seen by a parser.
 *
 * <pre>{@code
 * Digest model = artifacts.put(bytes);
 * Digest tree = artifacts.putTree(new TreeMap<>(Map.of("model/model.ubj", bytes)));
 * }</pre>
 *
 * <p>A tree is kept as its files and a manifest of their paths, sizes and digests; the tree's
 * digest is the manifest's, so the same files always have the same one. The paths are relative,
 * with slashes, and differ by more than case: a tree can be written out on every system.
 *
 * <p>Safe for any number of threads. What a call has put is durable when it returns. Every method
 * throws a {@link StorageException} if the store fails; the store is as it was before then, but for
 * files of a tree that were put already and that nobody refers to. Those of a workspace throw an
 * {@link OtherArtifactStoreException} if its artifacts are in a store that was not named.
 */
public final class Artifacts {

  private static final int BUFFER_BYTES = 1 << 16;

  /** Less than it takes to put a large file and to refer to it would be no grace at all. */
  private static final Duration SHORTEST_GRACE = Duration.ofMinutes(1);

  private final ArtifactStore store;
  private final @Nullable Uses uses;

  private Artifacts(ArtifactStore store, @Nullable Uses uses) {
    this.store = store;
    this.uses = uses;
  }

  /**
   * The artifacts in this store, outside of a workspace: what is put is safe from a workspace's
   * {@link #collectGarbage} only by the age that the store tells.
   */
  public static Artifacts over(ArtifactStore store) {
    return new Artifacts(store, null);
  }

  /** The artifacts of a workspace, which knows who refers to them. */
  static Artifacts of(
      ArtifactStore store,
      JdbcUploads uploads,
      JdbcArtifactReferences references,
      InstantSource clock,
      StoreRecord record) {
    return new Artifacts(store, new Uses(uploads, references, clock, record));
  }

  /** Keeps these bytes. */
  public Digest put(byte[] content) {
    // First, so that no collection of garbage comes between the put and the reference.
    note(uses == null ? List.of() : List.of(Digest.of(content)));
    return putNoted(content);
  }

  private Digest putNoted(byte[] content) {
    try {
      return store().put(new ByteArrayInputStream(content));
    } catch (IOException e) {
      throw new StorageException("cannot keep an artifact in " + store + ": " + e.getMessage(), e);
    }
  }

  /**
   * Keeps a copy of a file.
   *
   * @throws UnreadableFileException if {@code file} cannot be read; nothing is kept then
   */
  public Digest put(Path file) {
    return putSized(file).digest();
  }

  /**
   * Bytes that were kept.
   *
   * @param bytes how many
   */
  public record Put(Digest digest, long bytes) {}

  /** The same, with how many bytes were kept: of a file that grows that is not its size later. */
  public Put putSized(Path file) {
    Put put = putUnnoted(file);
    note(List.of(put.digest()));
    // Bytes that were there before may have been garbage, and collected just before the note.
    return uses == null || store().contains(put.digest()) ? put : putUnnoted(file);
  }

  private Put putUnnoted(Path file) {
    long[] count = {0};
    try (InputStream content = counting(Files.newInputStream(file), count)) {
      return new Put(store().put(content), count[0]);
    } catch (IOException e) {
      throw new UnreadableFileException(file, e);
    }
  }

  private static InputStream counting(InputStream content, long[] count) {
    return new FilterInputStream(content) {
      @Override
      public int read() throws IOException {
        int read = super.read();
        count[0] += read < 0 ? 0 : 1;
        return read;
      }

      @Override
      public int read(byte[] into, int from, int length) throws IOException {
        int read = super.read(into, from, length);
        count[0] += Math.max(0, read);
        return read;
      }

      @Override
      public boolean markSupported() {
        return false;
      }
    };
  }

  /**
   * The bytes with this digest.
   *
   * @throws NoSuchArtifactException if there are none
   * @throws CorruptArtifactException if what is kept is not what was put
   */
  public byte[] read(Digest digest) {
    return checked(digest, readUnchecked(digest));
  }

  /** Whether something is kept under this digest. */
  public boolean contains(Digest digest) {
    return store().contains(digest);
  }

  /**
   * Writes the bytes with this digest to a file, in place of what it holds, in constant memory. The
   * file is seen whole and checked, or not at all. It is not forced to the disk, as the artifact is
   * there already: what a power failure leaves of it has to be written again.
   *
   * @throws NoSuchArtifactException if there are none
   * @throws CorruptArtifactException if what is kept is not what was put
   * @throws StorageException if the file cannot be written
   */
  public void writeTo(Digest digest, Path file) {
    Path target = file.toAbsolutePath();
    Path temporary = target.resolveSibling("." + UUID.randomUUID() + ".tmp");
    try {
      copyChecked(digest, temporary);
      DurableFiles.replace(temporary, target);
    } catch (IOException e) {
      throw FileErrors.cannotWrite(target, e);
    } finally {
      temporary.toFile().delete();
    }
  }

  /**
   * Writes the bytes with this digest to a stream, in constant memory, and does not close it. They
   * are checked at their end: if it throws, what was written is to be thrown away.
   *
   * @throws NoSuchArtifactException if there are none
   * @throws CorruptArtifactException if what is kept is not what was put
   * @throws IOException if {@code to} cannot be written
   */
  public void writeTo(Digest digest, OutputStream to) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    long size = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = store().open(digest)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
        size += n;
        to.write(buffer, 0, n);
      }
    }
    check(digest, Digest.of(sha256), size);
  }

  /**
   * Keeps what a stream gives until its end, in constant memory, and does not close it.
   *
   * @param expected the digest that the bytes should have
   * @throws CorruptArtifactException if they have another; then they are kept under that, which
   *     nobody refers to
   * @throws IOException if {@code content} cannot be read; nothing is kept then
   */
  public void put(Digest expected, InputStream content) throws IOException {
    note(List.of(expected));
    Digest digest = store().put(content);
    if (!digest.equals(expected)) {
      throw new CorruptArtifactException(
          expected, "what was to be kept as artifact " + expected + " has the digest " + digest);
    }
  }

  /**
   * The digests of the files of a tree and their sizes, without reading them; the tree itself, its
   * manifest, is not among them.
   *
   * @throws NoSuchArtifactException if the tree is not there
   * @throws CorruptArtifactException if {@code tree} is not what was put, or no tree
   */
  public SortedMap<Digest, Long> parts(Digest tree) {
    return parts(manifest(tree));
  }

  /**
   * The same of a tree whose manifest is these bytes, which need not be kept.
   *
   * @throws CorruptArtifactException if they are not those of {@code tree}, or no tree
   */
  public static SortedMap<Digest, Long> parts(Digest tree, byte[] manifest) {
    if (!Digest.of(manifest).equals(tree)) {
      throw new CorruptArtifactException(tree, "the manifest of tree " + tree + " was altered");
    }
    TreeManifest read = TreeManifestJson.read(tree, manifest);
    TreePaths.check(read.files().keySet());
    return parts(read);
  }

  private static SortedMap<Digest, Long> parts(TreeManifest manifest) {
    SortedMap<Digest, Long> parts = new TreeMap<>();
    manifest.files().values().forEach(entry -> parts.put(entry.digest(), entry.size()));
    return parts;
  }

  /**
   * Keeps a tree of files.
   *
   * @param files the bytes of each by its path; may be empty
   * @return the digest of the tree
   * @throws InvalidArtifactPathException if a path is empty, absolute, leads out of the tree, has a
   *     backslash, a colon or a blank part, or is another's but for the case; nothing is kept then
   */
  public Digest putTree(Map<String, byte[]> files) {
    TreePaths.check(files.keySet());
    Map<Digest, byte[]> contents = new LinkedHashMap<>();
    TreeMap<String, TreeManifest.Entry> entries = new TreeMap<>();
    files.forEach(
        (path, content) -> {
          Digest digest = Digest.of(content);
          contents.put(digest, content);
          entries.put(path, new TreeManifest.Entry(content.length, digest));
        });
    byte[] manifest = TreeManifestJson.write(new TreeManifest(entries));
    List<Digest> all = new ArrayList<>(contents.keySet());
    all.add(Digest.of(manifest));
    note(all);
    contents.values().forEach(this::putNoted);
    return putNoted(manifest);
  }

  /**
   * Checks that a path could be one of a tree's: relative, with slashes, and the same file inside
   * the tree on every system.
   *
   * @throws InvalidArtifactPathException if it could not
   */
  public static void checkPath(String path) {
    TreePaths.checkAlone(path);
  }

  /**
   * Checks that paths could be those of one tree on every system: each by itself, no two that
   * differ by case or by the form of their accents alone, and none below another one.
   *
   * @throws InvalidArtifactPathException if they could not
   */
  public static void checkPaths(Collection<String> paths) {
    TreePaths.check(paths);
  }

  /**
   * The files of a tree, all of them checked.
   *
   * @return the bytes of each by its path, unmodifiable
   * @throws NoSuchArtifactException if the tree or one of its files is not there
   * @throws CorruptArtifactException if one of them is not what was put, or {@code tree} is no tree
   */
  public SortedMap<String, byte[]> readTree(Digest tree) {
    TreeManifest manifest = manifest(tree);
    TreeMap<String, byte[]> files = new TreeMap<>();
    manifest.files().forEach((path, entry) -> files.put(path, read(entry.digest(), entry.size())));
    return Collections.unmodifiableSortedMap(files);
  }

  /**
   * What a tree consists of, without reading its files.
   *
   * @return the digest and the size of each file by its path, unmodifiable
   * @throws NoSuchArtifactException if the tree is not there
   * @throws CorruptArtifactException if {@code tree} is not what was put, or no tree
   */
  public SortedMap<String, Put> files(Digest tree) {
    TreeMap<String, Put> files = new TreeMap<>();
    manifest(tree)
        .files()
        .forEach((path, entry) -> files.put(path, new Put(entry.digest(), entry.size())));
    return Collections.unmodifiableSortedMap(files);
  }

  /**
   * The manifest of a tree, for who puts its files one by one: its digest is the tree's, and once
   * it is put beside them the tree is there.
   *
   * @param files the digest and the size of each file by its path
   * @throws InvalidArtifactPathException as of {@link #putTree}
   */
  public static byte[] treeManifest(Map<String, Put> files) {
    TreePaths.check(files.keySet());
    TreeMap<String, TreeManifest.Entry> entries = new TreeMap<>();
    files.forEach(
        (path, file) -> entries.put(path, new TreeManifest.Entry(file.bytes(), file.digest())));
    return TreeManifestJson.write(new TreeManifest(entries));
  }

  /**
   * The digest that {@link #putTree} gives these files; nothing is kept.
   *
   * @throws InvalidArtifactPathException as there
   */
  public static Digest treeDigest(Map<String, byte[]> files) {
    TreePaths.check(files.keySet());
    TreeMap<String, TreeManifest.Entry> entries = new TreeMap<>();
    files.forEach(
        (path, content) ->
            entries.put(path, new TreeManifest.Entry(content.length, Digest.of(content))));
    return Digest.of(TreeManifestJson.write(new TreeManifest(entries)));
  }

  /**
   * What a tree consists of, without reading its files.
   *
   * @return the size in bytes of each file by its path, unmodifiable
   * @throws NoSuchArtifactException if the tree is not there
   * @throws CorruptArtifactException if {@code tree} is not what was put, or no tree
   */
  public SortedMap<String, Long> sizes(Digest tree) {
    TreeMap<String, Long> sizes = new TreeMap<>();
    manifest(tree).files().forEach((path, entry) -> sizes.put(path, entry.size()));
    return Collections.unmodifiableSortedMap(sizes);
  }

  /**
   * One file of a tree, checked.
   *
   * @throws NoSuchArtifactException if the tree or the file's bytes are not there
   * @throws CorruptArtifactException if one of them is not what was put, {@code tree} is no tree,
   *     or has no file of this path
   */
  public byte[] readFile(Digest tree, String path) {
    SortedMap<String, TreeManifest.Entry> files = manifest(tree).files();
    TreeManifest.Entry entry = files.get(path);
    if (entry == null) {
      throw new CorruptArtifactException(
          tree, "tree " + tree + " has no file \"" + path + "\", only " + files.keySet());
    }
    return read(entry.digest(), entry.size());
  }

  /**
   * Makes a tree that is there as young as if it was put now, for who is about to refer to it. Does
   * nothing outside of a workspace. Whether all of its files are there, {@link #readTree} says
   * afterwards.
   *
   * @throws NoSuchArtifactException if the tree is not there
   * @throws CorruptArtifactException if it is not what was put, or is no tree
   */
  public void renewTree(Digest tree) {
    if (uses != null) {
      note(List.of(tree));
      note(manifest(tree).files().values().stream().map(TreeManifest.Entry::digest).toList());
    }
  }

  /**
   * Counts the artifacts that nobody refers to, and changes nothing: what {@link #collectGarbage}
   * would delete.
   *
   * @param grace as there, as are the exceptions
   */
  public Garbage findGarbage(Duration grace) {
    return garbage(grace, false);
  }

  /**
   * Deletes the artifacts that nobody refers to and that were not put within {@code grace}. An
   * artifact is referred to if a run has it, or a version of a model is it; a file also if it is in
   * a tree that is. It does not matter which parts of the library this program uses.
   *
   * <p>May run at any time, beside anything, in several processes: no artifact is lost to which a
   * reference is committed within {@code grace} of its last put, the clocks of the hosts and of the
   * store differing by less. The store must be this workspace's alone: to what another one's runs
   * refer, this one cannot know.
   *
   * <p>Reads the manifest of every tree that is referred to, and the list of what the store keeps.
   * Holds eight bytes in memory for each reference. When it throws, some garbage may be gone.
   *
   * @param grace from the last put of an artifact to the reference to it; a day is ample
   * @throws IllegalArgumentException if {@code grace} is less than a minute
   * @throws IllegalStateException if these are not the artifacts of a workspace
   * @throws dev.mlops4j.storage.SchemaTooOldException if the tables of runs or versions were made
   *     by an older library and not opened with this one yet; nothing is deleted then
   * @throws MlopsException if the manifest of a tree that is referred to is damaged or lost;
   *     nothing is deleted then
   * @throws StorageException if the store or the database fails
   */
  public Garbage collectGarbage(Duration grace) {
    return garbage(grace, true);
  }

  /**
   * Deletes those of these artifacts that are garbage, by the rules and with the safety of {@link
   * #collectGarbage(Duration)}, and leaves all else alone: for who has just let go of them.
   *
   * <p>What is counted is among them alone. Nothing is asked of anybody if there are none.
   *
   * @param files digests of files
   * @param trees digests of trees, whose files are looked at as well as far as the manifest can be
   *     read
   * @param grace as there, as are the exceptions
   */
  public Garbage collectGarbage(
      Duration grace, Collection<Digest> files, Collection<Digest> trees) {
    return collector(grace).run(grace, files, trees);
  }

  private Garbage garbage(Duration grace, boolean delete) {
    return collector(grace).run(grace, delete);
  }

  private GarbageCollector collector(Duration grace) {
    if (grace.compareTo(SHORTEST_GRACE) < 0) {
      throw new IllegalArgumentException(
          "the grace for uploads that are not referred to yet is "
              + grace
              + "; it must be "
              + SHORTEST_GRACE
              + " at least");
    }
    if (uses == null) {
      throw new IllegalStateException(
          "who refers to artifacts in "
              + store
              + " is not known; collect the garbage of a workspace: workspace.artifacts()");
    }
    return new GarbageCollector(this, store(), uses.references, uses.uploads, uses.clock);
  }

  /**
   * The store.
   *
   * @throws OtherArtifactStoreException if the workspace's artifacts are in another one
   */
  ArtifactStore store() {
    if (uses != null) {
      uses.record.checkReading();
    }
    return store;
  }

  /** The store of a workspace that gets all it has by a copy, whose rows name the source's. */
  ArtifactStore copyTarget() {
    if (uses != null) {
      uses.record.adopt();
    }
    return store;
  }

  /**
   * Leaves the store's name in place of another's, within a transaction that copies a workspace.
   */
  Database.Work<Boolean> renaming() {
    return uses == null ? tx -> false : uses.record.renaming();
  }

  /** Leaves the store's name in the workspace, in place of another's. */
  void recordStore() {
    if (uses != null) {
      uses.record.write();
    }
  }

  /** Shows to what the workspace's runs and versions refer. */
  void scanReferences(JdbcArtifactReferences.Visitor visitor) {
    if (uses != null) {
      uses.references.scan(visitor);
    }
  }

  TreeManifest manifest(Digest tree) {
    return TreeManifestJson.read(tree, read(tree));
  }

  private void note(Collection<Digest> digests) {
    if (uses != null && !digests.isEmpty()) {
      uses.record.checkWriting();
      uses.uploads.note(digests, uses.clock.instant());
    }
  }

  private byte[] read(Digest digest, long size) {
    byte[] content = readUnchecked(digest);
    if (content.length != size) {
      throw new CorruptArtifactException(
          digest,
          "artifact "
              + digest
              + " in "
              + store
              + " is damaged: it had "
              + size
              + " bytes when it was put and has "
              + content.length
              + " now. Put it again, or restore it from a copy");
    }
    return checked(digest, content);
  }

  private byte[] readUnchecked(Digest digest) {
    try (InputStream content = store().open(digest)) {
      return content.readAllBytes();
    } catch (IOException e) {
      throw cannotRead(digest, e);
    }
  }

  private byte[] checked(Digest digest, byte[] content) {
    check(digest, Digest.of(content), content.length);
    return content;
  }

  private void copyChecked(Digest digest, Path temporary) throws IOException {
    try (OutputStream out = DurableFiles.create(temporary)) {
      writeTo(digest, out);
    }
  }

  private void check(Digest expected, Digest found, long size) {
    if (!expected.equals(found)) {
      throw new CorruptArtifactException(
          expected,
          "artifact "
              + expected
              + " in "
              + store
              + " is damaged: its "
              + size
              + " bytes have the digest "
              + found
              + ". Put it again, or restore it from a copy");
    }
  }

  private StorageException cannotRead(Digest digest, IOException e) {
    return new StorageException(
        "cannot read artifact " + digest + " in " + store + ": " + e.getMessage(), e);
  }

  /** What a workspace knows of the use of its artifacts. */
  private record Uses(
      JdbcUploads uploads,
      JdbcArtifactReferences references,
      InstantSource clock,
      StoreRecord record) {}
}
