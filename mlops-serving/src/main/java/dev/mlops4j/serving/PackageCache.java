package dev.mlops4j.serving;

import dev.mlops4j.model.CorruptPackageException;
import dev.mlops4j.model.ModelPackage;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The last version that served, in a directory of its own: a package in {@code
 * version-<number>-<digest>}, and {@code last}, which names it. A package is complete before it is
 * named, and verified whenever it is read, so that a process that dies in between leaves the one
 * before.
 */
final class PackageCache {

  private static final String LAST = "last";
  private static final Pattern NAME = Pattern.compile("version-([0-9]{1,9})-[0-9a-f]{16}");
  private static final int DIGEST_CHARS = 16;

  private final Path directory;

  PackageCache(Path directory) {
    this.directory = directory;
  }

  /**
   * Keeps this version and forgets those before.
   *
   * @throws UncheckedIOException if it cannot be written; the one before is still kept
   * @throws dev.mlops4j.MlopsException likewise
   */
  void keep(int version, ModelPackage modelPackage) {
    String name =
        "version-" + version + "-" + modelPackage.digest().hex().substring(0, DIGEST_CHARS);
    try {
      Files.createDirectories(directory);
      Path target = directory.resolve(name);
      if (!isWhole(target)) {
        delete(target);
        modelPackage.writeTo(target);
      }
      Path named = Files.createTempFile(directory, LAST, ".tmp");
      Files.writeString(named, name);
      Files.move(
          named,
          directory.resolve(LAST),
          StandardCopyOption.ATOMIC_MOVE,
          StandardCopyOption.REPLACE_EXISTING);
      deleteOthers(name);
    } catch (IOException e) {
      throw new UncheckedIOException("the package cache " + directory + " cannot be written", e);
    }
  }

  /**
   * The version kept last, or null if none is.
   *
   * @throws CorruptPackageException if it was altered
   * @throws UncheckedIOException if it cannot be read
   */
  @Nullable Kept last() {
    try {
      Matcher name = NAME.matcher(Files.readString(directory.resolve(LAST)).strip());
      return name.matches()
          ? new Kept(
              Integer.parseInt(name.group(1)), ModelPackage.read(directory.resolve(name.group())))
          : null;
    } catch (NoSuchFileException e) {
      return null;
    } catch (IOException e) {
      throw new UncheckedIOException("the package cache " + directory + " cannot be read", e);
    }
  }

  private static boolean isWhole(Path target) {
    try {
      ModelPackage.read(target);
      return true;
    } catch (CorruptPackageException e) {
      return false;
    }
  }

  private void deleteOthers(String name) throws IOException {
    try (DirectoryStream<Path> others = Files.newDirectoryStream(directory)) {
      for (Path other : others) {
        String found = other.getFileName().toString();
        if (NAME.matcher(found).matches() && !found.equals(name)) {
          delete(other);
        }
      }
    }
  }

  private static void delete(Path tree) throws IOException {
    if (!Files.exists(tree)) {
      return;
    }
    Files.walkFileTree(
        tree,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
              throws IOException {
            if (failure != null) {
              throw failure;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public String toString() {
    return directory.toString();
  }

  /** A version that was kept. */
  record Kept(int version, ModelPackage modelPackage) {}
}
