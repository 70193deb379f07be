package dev.mlops4j.workspace;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files that are on the disk, whole, before anybody sees them under their name. */
final class DurableFiles {

  /** A thread that is interrupted must be able to finish a file; a channel would be closed. */
  static OutputStream create(Path file) throws IOException {
    return new FileOutputStream(file.toFile());
  }

  private DurableFiles() {}

  /** Waits until what was written to {@code out}, made by {@link #create}, is on the disk. */
  static void force(OutputStream out) throws IOException {
    out.flush();
    if (out instanceof FileOutputStream file) {
      file.getFD().sync();
    }
  }

  /** Waits until a file that others have written is on the disk. */
  static void forceFile(Path file) throws IOException {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      channel.force(true);
    }
  }

  /** Renames, in place of what bears the name, and waits until the directory is on the disk. */
  static void publish(Path temporary, Path file) throws IOException {
    replace(temporary, file);
    forceDirectory(directoryOf(file));
  }

  /** Renames, in place of what bears the name, and waits for nothing. */
  static void replace(Path temporary, Path file) throws IOException {
    Files.move(
        temporary, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }

  /** Makes the directory and those above it that lack, and waits until they are on the disk. */
  static void createDirectories(Path directory) throws IOException {
    if (Files.isDirectory(directory)) {
      return;
    }
    Path parent = directory.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    Files.createDirectories(directory);
    if (parent != null) {
      forceDirectory(parent);
    }
  }

  static void forceDirectory(Path directory) throws IOException {
    boolean interrupted = Thread.interrupted();
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (java.nio.file.AccessDeniedException e) {
      // Windows opens no directory, and needs none to be forced.
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        throw e;
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  static Path directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    return parent == null ? file.toAbsolutePath() : parent;
  }
}
