package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.StorageException;
import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.util.HashSet;
import java.util.Set;
import java.util.TreeSet;

/**
 * Carries all artifacts of a store over to another, each verified, in constant memory. No upload is
 * noted: whoever copies a workspace copies the notes as well.
 */
final class ArtifactCopy {

  private static final int BUFFER_BYTES = 1 << 16;

  private final ArtifactStore source;
  private final ArtifactStore target;
  private final CopyProgress progress;
  private long count;
  private long bytes;

  ArtifactCopy(ArtifactStore source, ArtifactStore target, CopyProgress progress) {
    this.source = source;
    this.target = target;
    this.progress = progress;
  }

  /**
   * Copies what is not there yet, or not sound.
   *
   * @throws CorruptArtifactException if one is damaged in the source
   */
  void run() {
    source.list(
        artifact -> {
          if (isSound(target, artifact.digest()) || take(artifact.digest())) {
            count++;
            bytes += artifact.bytes();
            progress.copied(count, bytes);
          }
        });
  }

  long count() {
    return count;
  }

  long bytes() {
    return bytes;
  }

  /**
   * Copies one.
   *
   * @return false if it was collected as garbage since it was listed
   * @throws CorruptArtifactException if it is damaged in the source
   */
  boolean take(Digest digest) {
    Digest kept;
    try (InputStream content = source.open(digest)) {
      kept = target.put(content);
    } catch (NoSuchArtifactException e) {
      return false;
    } catch (IOException e) {
      throw new StorageException(
          "cannot read artifact " + digest + " in " + source + ": " + e.getMessage(), e);
    }
    if (!kept.equals(digest)) {
      throw new CorruptArtifactException(
          digest,
          "artifact "
              + digest
              + " in "
              + source
              + " is damaged: its bytes have the digest "
              + kept
              + ". Put it again, or delete what refers to it and collect the garbage");
    }
    return true;
  }

  private static boolean isSound(ArtifactStore store, Digest digest) {
    if (!store.contains(digest)) {
      return false;
    }
    MessageDigest sha256 = Digest.sha256();
    byte[] buffer = new byte[BUFFER_BYTES];
    try (InputStream content = store.open(digest)) {
      for (int n = content.read(buffer); n >= 0; n = content.read(buffer)) {
        sha256.update(buffer, 0, n);
      }
    } catch (NoSuchArtifactException e) {
      return false;
    } catch (IOException e) {
      throw new StorageException(
          "cannot read artifact " + digest + " in " + store + ": " + e.getMessage(), e);
    }
    return Digest.of(sha256).equals(digest);
  }

  /**
   * To what these artifacts' workspace refers and what is not there; of a tree that is not there,
   * or whose manifest is damaged, the tree alone.
   */
  static Set<Digest> missing(Artifacts artifacts) {
    Set<Digest> referenced = new HashSet<>();
    Set<Digest> trees = new HashSet<>();
    artifacts.scanReferences((digest, tree) -> (tree ? trees : referenced).add(digest));
    Set<Digest> missing = new TreeSet<>();
    for (Digest tree : trees) {
      try {
        artifacts.manifest(tree).files().values().forEach(file -> referenced.add(file.digest()));
      } catch (NoSuchArtifactException | CorruptArtifactException e) {
        missing.add(tree);
      }
    }
    referenced.stream().filter(digest -> !artifacts.contains(digest)).forEach(missing::add);
    return missing;
  }
}
