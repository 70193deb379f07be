package dev.mlops4j.model;

import dev.mlops4j.model.ManifestJson.FileEntry;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Stream;

/** A package's files in a directory. */
final class PackageDirectory {

  private PackageDirectory() {}

  /** Reads the files; sizes are checked before a file is read, digests are left to the caller. */
  static SortedMap<String, byte[]> read(Path directory) {
    Path manifestFile = directory.resolve(Manifest.PATH);
    if (!Files.isRegularFile(manifestFile, LinkOption.NOFOLLOW_LINKS)) {
      throw new CorruptPackageException(
          "no model package at "
              + directory
              + ": it has no "
              + Manifest.PATH
              + "; give the directory that ModelPackage.writeTo made");
    }
    try {
      byte[] manifest = Files.readAllBytes(manifestFile);
      ManifestJson.Contents contents = PackageFiles.manifest(manifest);
      SortedMap<String, byte[]> files = new TreeMap<>();
      files.put(Manifest.PATH, manifest);
      for (Path file : contentsOf(directory)) {
        String path = directory.relativize(file).toString().replace('\\', '/');
        PackageFiles.checkListed(contents, path);
        FileEntry expected = contents.files().get(path);
        if (expected != null) {
          if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new CorruptPackageException(
                "file \""
                    + path
                    + "\" of the model package is a link or a device; copy the package as plain"
                    + " files");
          }
          PackageFiles.verifySize(path, expected, Files.size(file));
          files.put(path, Files.readAllBytes(file));
        }
      }
      return files;
    } catch (IOException e) {
      throw new CorruptPackageException(
          "the model package at " + directory + " cannot be read (" + e + "); check the directory",
          e);
    }
  }

  /** Writes the files, durably, all or none. */
  static void write(Path directory, Map<String, byte[]> files) {
    write(directory, files, PackageDirectory::forceDirectory);
  }

  static void write(Path directory, Map<String, byte[]> files, DirectoryForcer forcer) {
    Path target = directory.toAbsolutePath();
    Path parent = target.getParent();
    if (parent == null) {
      throw new PackageWriteException("a model package cannot be written to " + directory, null);
    }
    try {
      if (Files.exists(target) && !isEmptyDirectory(target)) {
        throw new PackageWriteException(
            "a model package cannot be written to "
                + directory
                + ": there is something already; give a directory that is empty or does not exist",
            null);
      }
      Files.createDirectories(parent);
      Path temporary = Files.createDirectory(parent.resolve(".package-" + UUID.randomUUID()));
      try {
        for (Map.Entry<String, byte[]> file : files.entrySet()) {
          writeForced(temporary.resolve(file.getKey()), file.getValue());
        }
        for (Path inside : directoriesOf(temporary)) {
          forcer.force(inside);
        }
        Files.deleteIfExists(target);
        Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
        forcer.force(parent);
      } catch (IOException | RuntimeException e) {
        delete(temporary, e);
        throw e;
      }
    } catch (IOException e) {
      throw new PackageWriteException(
          "a model package could not be written to "
              + directory
              + " ("
              + e
              + "); check the space left and the permissions there",
          e);
    }
  }

  private static List<Path> directoriesOf(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(Files::isDirectory).toList();
    }
  }

  /** As workspaces do with their own directories; a package needs none. */
  private static void forceDirectory(Path directory) throws IOException {
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (AccessDeniedException e) {
      // Windows opens no directory, and needs none to be forced.
      if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
        throw e;
      }
    }
  }

  /** All that is not a directory, at any depth. */
  private static List<Path> contentsOf(Path directory) throws IOException {
    try (Stream<Path> walk = Files.walk(directory)) {
      return walk.filter(path -> !Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)).toList();
    }
  }

  private static boolean isEmptyDirectory(Path path) throws IOException {
    if (!Files.isDirectory(path)) {
      return false;
    }
    try (Stream<Path> list = Files.list(path)) {
      return list.findAny().isEmpty();
    }
  }

  private static void writeForced(Path file, byte[] bytes) throws IOException {
    Files.createDirectories(file.resolve("..").normalize());
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      while (buffer.hasRemaining()) {
        channel.write(buffer);
      }
      channel.force(true);
    }
  }

  private static void delete(Path directory, Exception after) {
    try (Stream<Path> walk = Files.walk(directory)) {
      for (Path path : walk.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(path);
      }
    } catch (IOException e) {
      after.addSuppressed(e);
    }
  }

  /** Waits until the names in a directory are on the disk. */
  @FunctionalInterface
  interface DirectoryForcer {
    void force(Path directory) throws IOException;
  }
}
