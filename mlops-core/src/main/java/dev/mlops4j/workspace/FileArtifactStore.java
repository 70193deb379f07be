package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Artifacts in a directory on a local disk: {@code sha256/ab/abcdef...}. A file is written under a
 * temporary name, forced to the disk and then renamed, so that a process that dies leaves at most a
 * temporary file, which is deleted when the store is opened a day later.
 */
public final class FileArtifactStore implements ArtifactStore {

  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PREFIX_DIGITS = 2;
  private static final String DIGESTS = "sha256";

  private final Path root;
  private final TemporaryFiles temporaryFiles;
  private final FileCreator creator;

  FileArtifactStore(Path directory, FileCreator creator) {
    this.root = directory.toAbsolutePath().normalize();
    this.temporaryFiles = new TemporaryFiles(root.resolve("tmp"));
    this.creator = creator;
  }

  /**
   * The store in this directory, which is made when the first artifact is put.
   *
   * @param clock tells which temporary files are old
   * @throws dev.mlops4j.storage.StorageException if the directory is there and cannot be read
   */
  public static FileArtifactStore open(Path directory, InstantSource clock) {
    FileArtifactStore store = new FileArtifactStore(directory, DurableFiles::create);
    store.temporaryFiles.deleteOld(clock);
    return store;
  }

  @Override
  public Digest put(InputStream content) throws IOException {
    Path temporary = temporaryFiles.next();
    try {
      Digest digest = write(content, temporary);
      publish(temporary, digest);
      return digest;
    } finally {
      TemporaryFiles.deleteIfThere(temporary);
    }
  }

  @Override
  public InputStream open(Digest digest) {
    Path file = fileOf(digest);
    try {
      return new FileInputStream(file.toFile());
    } catch (FileNotFoundException e) {
      if (Files.exists(file)) {
        throw FileErrors.cannotRead(file, e);
      }
      throw new NoSuchArtifactException(digest, toString());
    }
  }

  @Override
  public boolean contains(Digest digest) {
    return Files.isRegularFile(fileOf(digest));
  }

  @Override
  public void list(Consumer<? super StoredArtifact> visitor) {
    for (Path directory : entries(root.resolve(DIGESTS))) {
      for (Path file : entries(directory)) {
        StoredArtifact artifact = stored(file);
        if (artifact != null) {
          visitor.accept(artifact);
        }
      }
    }
  }

  @Override
  public void delete(Collection<Digest> digests) {
    for (Digest digest : digests) {
      Path file = fileOf(digest);
      try {
        Files.deleteIfExists(file);
      } catch (IOException e) {
        throw FileErrors.cannotWrite(file, e);
      }
    }
  }

  /**
   * Has this store share the file of another one, which costs no room: a file is never changed,
   * only replaced.
   *
   * @throws NoSuchFileException if there is none
   * @throws IOException if the two are not on one file system that can do this
   */
  void link(FileArtifactStore other, Digest digest) throws IOException {
    Path file = fileOf(digest);
    if (!Files.exists(file)) {
      DurableFiles.createDirectories(DurableFiles.directoryOf(file));
      Files.createLink(file, other.fileOf(digest));
    }
  }

  /** Waits until all that was linked is on the disk. */
  void forceLinks() throws IOException {
    for (Path directory : entries(root.resolve(DIGESTS))) {
      DurableFiles.forceDirectory(directory);
    }
  }

  @Override
  public String toString() {
    return root.toString();
  }

  /** Of one directory, so that a store of any size is listed in the memory of a 256th of it. */
  private static List<Path> entries(Path directory) {
    List<Path> entries = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(directory)) {
      stream.forEach(entries::add);
    } catch (NoSuchFileException | NotDirectoryException e) {
      return List.of();
    } catch (IOException e) {
      throw FileErrors.cannotRead(directory, e);
    } catch (DirectoryIteratorException e) {
      throw FileErrors.cannotRead(directory, Objects.requireNonNull(e.getCause()));
    }
    return entries;
  }

  /** Null if the file was deleted meanwhile, or is none of the store's. */
  private @Nullable StoredArtifact stored(Path file) {
    String name = String.valueOf(file.getFileName());
    if (!Digest.isHex(name)) {
      return null;
    }
    try {
      BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
      return attributes.isRegularFile()
          ? new StoredArtifact(
              new Digest(name), attributes.size(), attributes.lastModifiedTime().toInstant())
          : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw FileErrors.cannotRead(file, e);
    }
  }

  private Digest write(InputStream content, Path temporary) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (OutputStream out = createTemporary(temporary)) {
      // What fails in reading is the caller's, what fails in writing is the store's.
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
        try {
          out.write(buffer, 0, n);
        } catch (IOException e) {
          throw FileErrors.cannotWrite(root, e);
        }
      }
      try {
        DurableFiles.force(out);
      } catch (IOException e) {
        throw FileErrors.cannotWrite(root, e);
      }
    }
    return Digest.of(sha256);
  }

  private OutputStream createTemporary(Path temporary) {
    try {
      DurableFiles.createDirectories(DurableFiles.directoryOf(temporary));
      return creator.create(temporary);
    } catch (IOException e) {
      throw FileErrors.cannotWrite(root, e);
    }
  }

  private void publish(Path temporary, Digest digest) {
    Path file = fileOf(digest);
    try {
      DurableFiles.createDirectories(DurableFiles.directoryOf(file));
      DurableFiles.publish(temporary, file);
    } catch (IOException e) {
      throw FileErrors.cannotWrite(file, e);
    }
  }

  private Path fileOf(Digest digest) {
    String hex = digest.hex();
    return root.resolve(DIGESTS).resolve(hex.substring(0, PREFIX_DIGITS)).resolve(hex);
  }

  /** Creates a file to write to. */
  @FunctionalInterface
  interface FileCreator {
    OutputStream create(Path file) throws IOException;
  }
}
