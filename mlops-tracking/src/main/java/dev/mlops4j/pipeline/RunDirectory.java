package dev.mlops4j.pipeline;

import dev.mlops4j.storage.StorageException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directory of a run's temporary files. A file in it is locked while the run goes on, so that
 * what a killed process has left is known, also from another container, and cleared by the next.
 */
final class RunDirectory implements AutoCloseable {

  private static final String PREFIX = "mlops4j-pipeline-";
  private static final String LOCK = "in-use.lock";

  /** So old a lock is at least before it is tried: its owner may not have locked it yet. */
  private static final Duration SETTLED = Duration.ofMinutes(1);

  /**
   * Those of this program: to try such a lock would give it up, as a system that has locks of
   * processes drops them when any channel to the file is closed.
   */
  private static final Set<Path> OWN = ConcurrentHashMap.newKeySet();

  private final Path directory;
  private final FileChannel lock;

  private RunDirectory(Path directory, FileChannel lock) {
    this.directory = directory;
    this.lock = lock;
  }

  /**
   * Makes one, and clears those of killed runs of the same user.
   *
   * @throws StorageException if none can be made
   */
  static RunDirectory open() {
    Path directory = ScratchFiles.temporary(PREFIX.substring(0, PREFIX.length() - 1));
    OWN.add(directory);
    try {
      FileChannel channel =
          FileChannel.open(
              directory.resolve(LOCK), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
      FileLock unused = channel.lock();
      clearBeside(directory, Instant.now().minus(SETTLED));
      return new RunDirectory(directory, channel);
    } catch (IOException e) {
      ScratchFiles.deleteAll(directory);
      OWN.remove(directory);
      throw new StorageException("the directory " + directory + " could not be locked: " + e, e);
    }
  }

  Path path() {
    return directory;
  }

  /** Deletes it with all in it. */
  @Override
  public void close() {
    try {
      lock.close();
    } catch (IOException e) {
      // It is deleted all the same.
    }
    ScratchFiles.deleteAll(directory);
    OWN.remove(directory);
  }

  /** Deletes the directories beside one whose runs were killed, as far as that can be told. */
  static void clearBeside(Path own, Instant before) {
    Path parent = own.toAbsolutePath().getParent();
    if (parent == null) {
      return;
    }
    try (DirectoryStream<Path> others = Files.newDirectoryStream(parent, PREFIX + "*")) {
      for (Path other : others) {
        if (!OWN.contains(other) && isLeft(other, own, before)) {
          ScratchFiles.deleteAll(other);
        }
      }
    } catch (IOException | RuntimeException e) {
      // The next run tries again.
    }
  }

  private static boolean isLeft(Path other, Path own, Instant before) {
    Path file = other.resolve(LOCK);
    try {
      if (!Files.isDirectory(other, LinkOption.NOFOLLOW_LINKS)
          || !Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)
          || !Files.getOwner(other, LinkOption.NOFOLLOW_LINKS).equals(Files.getOwner(own))
          || Files.getLastModifiedTime(file).toInstant().isAfter(before)) {
        return false;
      }
      try (FileChannel channel =
              FileChannel.open(file, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
          FileLock taken = channel.tryLock()) {
        return taken != null;
      }
    } catch (IOException | OverlappingFileLockException e) {
      return false;
    }
  }
}
