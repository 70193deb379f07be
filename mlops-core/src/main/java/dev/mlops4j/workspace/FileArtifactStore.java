package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.UUID;

/**
 * Artifacts in a directory on a local disk: {@code sha256/ab/abcdef...}. A file is written under a
 * temporary name, forced to the disk and then renamed, so that a process that dies leaves at most a
 * temporary file, which is deleted when the store is opened a day later.
 */
public final class FileArtifactStore implements ArtifactStore {

  private static final Duration OLD = Duration.ofDays(1);
  private static final int BUFFER_BYTES = 1 << 16;
  private static final int PREFIX_DIGITS = 2;

  private final Path root;
  private final FileCreator creator;

  FileArtifactStore(Path directory, FileCreator creator) {
    this.root = directory.toAbsolutePath().normalize();
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
    store.deleteTemporaryFilesBefore(clock.instant().minus(OLD));
    return store;
  }

  @Override
  public Digest put(InputStream content) throws IOException {
    Path temporary = temporaryDirectory().resolve(UUID.randomUUID() + ".tmp");
    try {
      Digest digest = write(content, temporary);
      publish(temporary, digest);
      return digest;
    } finally {
      deleteIfThere(temporary);
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
  public String toString() {
    return root.toString();
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

  private static void deleteIfThere(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // It does no harm, and is deleted when the store is opened a day later.
    }
  }

  private void deleteTemporaryFilesBefore(Instant limit) {
    Path directory = temporaryDirectory();
    if (!Files.isDirectory(directory)) {
      return;
    }
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (lastModified(file).isBefore(limit)) {
          deleteIfThere(file);
        }
      }
    } catch (IOException e) {
      throw FileErrors.cannotRead(directory, e);
    }
  }

  private static Instant lastModified(Path file) throws IOException {
    try {
      return Files.getLastModifiedTime(file).toInstant();
    } catch (NoSuchFileException e) {
      return Instant.MAX;
    }
  }

  private Path temporaryDirectory() {
    return root.resolve("tmp");
  }

  private Path fileOf(Digest digest) {
    String hex = digest.hex();
    return root.resolve("sha256").resolve(hex.substring(0, PREFIX_DIGITS)).resolve(hex);
  }

  /** Creates a file to write to. */
  @FunctionalInterface
  interface FileCreator {
    OutputStream create(Path file) throws IOException;
  }
}
