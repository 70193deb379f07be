package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;

/** The artifacts of a backup: links where that can be, else copies. */
final class BackupArtifacts {

  private final ArtifactStore source;
  private final FileArtifactStore target;
  private boolean links;
  private long count;
  private long bytes;

  BackupArtifacts(ArtifactStore source, FileArtifactStore target, boolean links) {
    this.source = source;
    this.target = target;
    this.links = links && source instanceof FileArtifactStore;
  }

  /** Adds what is not there yet. What is damaged is left out, if that shows. */
  void run() throws IOException {
    count = 0;
    bytes = 0;
    ArtifactCopy copy = new ArtifactCopy(source, target, CopyProgress.NONE);
    source.list(
        artifact -> {
          if (target.contains(artifact.digest())
              || link(artifact.digest())
              || copied(copy, artifact.digest())) {
            count++;
            bytes += artifact.bytes();
          }
        });
    target.forceLinks();
  }

  ArtifactStore target() {
    return target;
  }

  long count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  private boolean link(Digest digest) {
    if (!links || !(source instanceof FileArtifactStore files)) {
      return false;
    }
    try {
      target.link(files, digest);
      return true;
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      return false;
    } catch (IOException | UnsupportedOperationException e) {
      // Another file system, or one without links: what is really wrong shows in copying.
      links = false;
      return false;
    }
  }

  private static boolean copied(ArtifactCopy copy, Digest digest) {
    try {
      return copy.take(digest);
    } catch (CorruptArtifactException e) {
      // If anything refers to it, it is found missing.
      return false;
    }
  }
}
