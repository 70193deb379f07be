package dev.mlops4j.workspace;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Objects;
import java.util.UUID;

/** Files in one directory that are not whole yet. A process that dies leaves them there. */
final class TemporaryFiles {

  private static final Duration OLD = Duration.ofDays(1);

  private final Path directory;

  TemporaryFiles(Path directory) {
    this.directory = directory;
  }

  /** The name of a file that nobody else writes. */
  Path next() {
    return directory.resolve(UUID.randomUUID() + ".tmp");
  }

  static void deleteIfThere(Path temporary) {
    try {
      Files.deleteIfExists(temporary);
    } catch (IOException e) {
      // It does no harm, and is deleted when the directory is opened a day later.
    }
  }

  /** Deletes those that no process can still be writing. */
  void deleteOld(InstantSource clock) {
    if (!Files.isDirectory(directory)) {
      return;
    }
    Instant limit = clock.instant().minus(OLD);
    try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
      for (Path file : files) {
        if (lastModified(file).isBefore(limit)) {
          deleteIfThere(file);
        }
      }
    } catch (DirectoryIteratorException e) {
      throw FileErrors.cannotRead(directory, Objects.requireNonNull(e.getCause()));
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
}
