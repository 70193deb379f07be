package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.FileInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.security.MessageDigest;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The files of a {@link CachedArtifactStore}: those of the least recent access go first. The time
 * of a file's last change is that of its last access; a file system may not keep the latter.
 */
final class CacheDirectory {

  private static final int BUFFER_BYTES = 1 << 16;

  private final Path root;
  private final Path files;
  private final TemporaryFiles temporaryFiles;
  private final long maxBytes;
  private final InstantSource clock;
  final LongAdder evictions = new LongAdder();
  final LongAdder damaged = new LongAdder();

  CacheDirectory(Path directory, long maxBytes, InstantSource clock) {
    this.root = directory.toAbsolutePath().normalize();
    this.files = root.resolve("files");
    this.temporaryFiles = new TemporaryFiles(root.resolve("tmp"));
    this.maxBytes = maxBytes;
    this.clock = clock;
    temporaryFiles.deleteOld(clock);
  }

  long maxBytes() {
    return maxBytes;
  }

  Path newTemporaryFile() throws IOException {
    Files.createDirectories(files);
    Path temporary = temporaryFiles.next();
    Files.createDirectories(DurableFiles.directoryOf(temporary));
    return temporary;
  }

  /**
   * The file of this digest, whole and checked; null if there is none. A damaged one is dropped.
   */
  @Nullable InputStream open(Digest digest) {
    InputStream given = openJustKept(digest);
    if (given == null) {
      return null;
    }
    boolean whole = false;
    try {
      whole = isWhole(digest);
      return whole ? given : null;
    } finally {
      if (!whole) {
        closeQuietly(given);
      }
    }
  }

  /** Hashes the file, and drops it if that is not its digest. */
  private boolean isWhole(Digest digest) {
    Path file = fileOf(digest);
    try {
      try (InputStream checked = new FileInputStream(file.toFile())) {
        if (digest.equals(digestOf(checked))) {
          touch(file);
          return true;
        }
      }
      damaged.increment();
      Files.deleteIfExists(file);
      return false;
    } catch (FileNotFoundException e) {
      return false;
    } catch (IOException e) {
      throw FileErrors.cannotRead(file, e);
    }
  }

  private static void closeQuietly(InputStream file) {
    try {
      file.close();
    } catch (IOException e) {
      // It was only read.
    }
  }

  /** The file of this digest, which was checked a moment ago; null if it is gone already. */
  @Nullable InputStream openJustKept(Digest digest) {
    try {
      return new FileInputStream(fileOf(digest).toFile());
    } catch (FileNotFoundException e) {
      return null;
    }
  }

  /**
   * Takes a file that has this digest, and makes room for it before.
   *
   * @return false if it is larger than all that may be kept; it stays where it is then
   */
  @SuppressWarnings("try") // the lock is held, not used
  boolean admit(Path temporary, Digest digest) throws IOException {
    long size = Files.size(temporary);
    if (size > maxBytes) {
      return false;
    }
    try (InterProcessLock lock = InterProcessLock.take(root.toRealPath().resolve("lock"))) {
      makeRoomFor(size, digest);
      touch(temporary);
      // Not forced to the disk: what a power failure leaves is checked, and fetched again.
      DurableFiles.replace(temporary, fileOf(digest));
    }
    return true;
  }

  void delete(Digest digest) {
    TemporaryFiles.deleteIfThere(fileOf(digest));
  }

  List<Kept> kept() throws IOException {
    List<Kept> kept = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(files)) {
      for (Path file : stream) {
        if (Digest.isHex(String.valueOf(file.getFileName()))) {
          Kept one = attributes(file);
          if (one != null) {
            kept.add(one);
          }
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (DirectoryIteratorException e) {
      throw e.getCause();
    }
    return kept;
  }

  @Override
  public String toString() {
    return root.toString();
  }

  private void makeRoomFor(long size, Digest digest) throws IOException {
    List<Kept> kept = new ArrayList<>(kept());
    kept.removeIf(one -> one.file.equals(fileOf(digest)));
    kept.sort(Comparator.comparing(Kept::accessed));
    long bytes = kept.stream().mapToLong(Kept::bytes).sum();
    for (Kept oldest : kept) {
      if (bytes + size <= maxBytes) {
        return;
      }
      Files.deleteIfExists(oldest.file);
      bytes -= oldest.bytes;
      evictions.increment();
    }
  }

  private void touch(Path file) {
    try {
      Files.setLastModifiedTime(file, FileTime.from(clock.instant()));
    } catch (IOException e) {
      // It was evicted meanwhile, or is taken for less recently used than it is.
    }
  }

  private static @Nullable Kept attributes(Path file) throws IOException {
    try {
      BasicFileAttributes found = Files.readAttributes(file, BasicFileAttributes.class);
      return new Kept(file, found.size(), found.lastModifiedTime());
    } catch (NoSuchFileException e) {
      return null;
    }
  }

  private static Digest digestOf(InputStream content) throws IOException {
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
      sha256.update(buffer, 0, n);
    }
    return Digest.of(sha256);
  }

  private Path fileOf(Digest digest) {
    return files.resolve(digest.hex());
  }

  /** A file of the directory. */
  record Kept(Path file, long bytes, FileTime accessed) {}
}
