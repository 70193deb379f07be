package dev.mlops4j.pipeline;

import dev.mlops4j.storage.StorageException;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The temporary files of a run. */
final class ScratchFiles {

  private ScratchFiles() {}

  /** A new file in a directory of its own below this one, which is made. */
  static Path file(Path scratch, String name) {
    return directory(scratch.resolve(UUID.randomUUID().toString())).resolve(name);
  }

  /** A new directory for temporary files, which nobody else can read where the system has that. */
  static Path temporary(String name) {
    try {
      return Files.createTempDirectory(name + "-");
    } catch (IOException e) {
      throw new StorageException("no directory for temporary files could be made: " + e, e);
    }
  }

  /** This directory, which is made if it is not there. */
  static Path directory(Path directory) {
    try {
      return Files.createDirectories(directory);
    } catch (IOException e) {
      throw new StorageException("cannot make the directory " + directory + ": " + e, e);
    }
  }

  /** Makes the directory in which a file is to be. */
  static void directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent != null) {
      Path unused = directory(parent);
    }
  }

  /** Deletes a file and the directory that {@link #file} made for it. */
  static void delete(Path file) {
    Path parent = file.getParent();
    deleteAll(parent == null ? file : parent);
  }

  /** Deletes a directory with all in it, as far as that can be done. */
  static void deleteAll(Path directory) {
    if (!Files.exists(directory)) {
      return;
    }
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
                throws IOException {
              Files.deleteIfExists(file);
              return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult postVisitDirectory(Path each, @Nullable IOException failure)
                throws IOException {
              Files.deleteIfExists(each);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      // What is left lies in the directory for temporary files, which the system clears.
      directory.toFile().deleteOnExit();
    }
  }

  /**
   * The files below a directory by their path in it, with slashes.
   *
   * @throws UnstorableOutputException if it is none, or has something else than files in it
   */
  static SortedMap<String, Path> below(String step, Path directory) {
    SortedMap<String, Path> files = new TreeMap<>();
    try {
      Files.walkFileTree(
          directory,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              if (!attributes.isRegularFile() || file.equals(directory)) {
                throw new UnstorableOutputException(
                    "step \""
                        + step
                        + "\" gave "
                        + file
                        + ", which is no "
                        + (file.equals(directory) ? "directory" : "regular file"),
                    null);
              }
              String path = directory.relativize(file).toString();
              files.put(path.replace(file.getFileSystem().getSeparator(), "/"), file);
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException e) {
      throw new UnstorableOutputException(
          "step \"" + step + "\" gave the directory " + directory + ", which cannot be read: " + e,
          e);
    }
    return files;
  }
}
