package dev.mlops4j.workspace;

import dev.mlops4j.storage.StorageException;
import dev.mlops4j.storage.StorageFullException;
import dev.mlops4j.storage.StorageReadOnlyException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What went wrong with a file, as exceptions of the library. Java has no codes for it, only text.
 */
final class FileErrors {

  private FileErrors() {}

  static StorageException cannotWrite(Path path, Exception e) {
    String reason = String.valueOf(e.getMessage()).toLowerCase(Locale.ROOT);
    String asked = "cannot write " + path + ": ";
    if (reason.contains("no space left")
        || reason.contains("not enough space")
        || reason.contains("quota exceeded")) {
      return new StorageFullException(
          asked + "the disk is full. Nothing was stored; free some space and try again", e);
    }
    if (e instanceof AccessDeniedException
        || e instanceof ReadOnlyFileSystemException
        || reason.contains("read-only")
        || reason.contains("permission denied")
        || reason.contains("operation not permitted")
        || !writable(path)) {
      return new StorageReadOnlyException(
          asked + "it is read-only. Nothing was stored; let this process write the directory", e);
    }
    return new StorageException(asked + describe(e) + ". Nothing was stored", e);
  }

  static StorageException cannotRead(Path path, IOException e) {
    return new StorageException("cannot read " + path + ": " + describe(e), e);
  }

  private static String describe(Exception e) {
    return e.getClass().getSimpleName() + ": " + e.getMessage();
  }

  private static boolean writable(Path path) {
    @Nullable Path place = path;
    while (place != null && !Files.exists(place)) {
      place = place.getParent();
    }
    return place != null && Files.isWritable(place);
  }
}
