package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;

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
 * files of a tree that were put already and that nobody refers to.
 */
public final class Artifacts {

  private static final int BUFFER_BYTES = 1 << 16;

  private final ArtifactStore store;

  private Artifacts(ArtifactStore store) {
    this.store = store;
  }

  /** The artifacts in this store. */
  public static Artifacts over(ArtifactStore store) {
    return new Artifacts(store);
  }

  /** Keeps these bytes. */
  public Digest put(byte[] content) {
    try {
      return store.put(new ByteArrayInputStream(content));
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
    try (InputStream content = Files.newInputStream(file)) {
      return store.put(content);
    } catch (IOException e) {
      throw new UnreadableFileException(file, e);
    }
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
    return store.contains(digest);
  }

  /**
   * Writes the bytes with this digest to a file, in place of what it holds. The file is seen whole
   * and checked, or not at all.
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
      DurableFiles.publish(temporary, target);
    } catch (IOException e) {
      throw FileErrors.cannotWrite(target, e);
    } finally {
      temporary.toFile().delete();
    }
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
    TreeMap<String, TreeManifest.Entry> entries = new TreeMap<>();
    files.forEach(
        (path, content) -> entries.put(path, new TreeManifest.Entry(content.length, put(content))));
    return put(TreeManifestJson.write(new TreeManifest(entries)));
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

  private TreeManifest manifest(Digest tree) {
    return TreeManifestJson.read(tree, read(tree));
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
    try (InputStream content = store.open(digest)) {
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
    MessageDigest sha256 = Digest.sha256();
    long size = 0;
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = store.open(digest);
        OutputStream out = DurableFiles.create(temporary)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
        size += n;
        out.write(buffer, 0, n);
      }
      DurableFiles.force(out);
    }
    check(digest, Digest.of(sha256), size);
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
}
