package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.MlopsException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Predicate;

/**
 * Finds what nobody refers to, and deletes it. Safe beside uploads, because whoever refers to an
 * artifact has noted its upload before, within the grace that a collection is given:
 *
 * <ul>
 *   <li>a reference that was committed before the collection read them is seen;
 *   <li>of one committed later, the upload was noted later than {@code limit}, which lies the grace
 *       before that reading: it is seen in the transaction that deletes;
 *   <li>or the upload was noted after that transaction. Then its bytes are put, or looked for,
 *       after the deletion, and nothing deletes them any more.
 * </ul>
 */
final class GarbageCollector {

  /** What is deleted in one transaction: a request to S3, and no long wait for those who put. */
  private static final int BATCH = 100;

  /** Longer than any collection lasts: another one may still need to see the uploads it spares. */
  private static final Duration FORGET_AFTER = Duration.ofDays(7);

  private final Artifacts artifacts;
  private final ArtifactStore store;
  private final JdbcArtifactReferences references;
  private final JdbcUploads uploads;
  private final InstantSource clock;

  GarbageCollector(
      Artifacts artifacts,
      ArtifactStore store,
      JdbcArtifactReferences references,
      JdbcUploads uploads,
      InstantSource clock) {
    this.artifacts = artifacts;
    this.store = store;
    this.references = references;
    this.uploads = uploads;
    this.clock = clock;
  }

  /** Looks at all that the store keeps. */
  Garbage run(Duration grace, boolean delete) {
    return run(grace, delete, digest -> true);
  }

  /** Deletes what is garbage among these files, trees and the trees' files. */
  Garbage run(Duration grace, Collection<Digest> files, Collection<Digest> trees) {
    Set<Digest> candidates = new HashSet<>(files);
    for (Digest tree : trees) {
      candidates.add(tree);
      candidates.addAll(filesIfReadable(tree));
    }
    return candidates.isEmpty()
        ? new Garbage(0, 0, 0, 0, true)
        : run(grace, true, candidates::contains);
  }

  /** Those of a tree that is damaged are left for a collection that looks at everything. */
  private Collection<Digest> filesIfReadable(Digest tree) {
    try {
      return artifacts.manifest(tree).files().values().stream()
          .map(TreeManifest.Entry::digest)
          .toList();
    } catch (NoSuchArtifactException | CorruptArtifactException e) {
      return List.of();
    }
  }

  private Garbage run(Duration grace, boolean delete, Predicate<Digest> looksAt) {
    Instant limit = clock.instant().minus(grace);
    Search search = new Search(limit, referenced(), delete);
    store.list(
        artifact -> {
          if (looksAt.test(artifact.digest())) {
            search.see(artifact);
          }
        });
    search.decide();
    if (delete) {
      uploads.forgetBefore(limit.minus(FORGET_AFTER));
    }
    return search.result();
  }

  private DigestSet referenced() {
    DigestSet referenced = new DigestSet();
    Set<Digest> trees = new HashSet<>();
    references.scan(
        (digest, tree) -> {
          referenced.add(digest);
          if (tree) {
            trees.add(digest);
          }
        });
    for (Digest tree : trees) {
      manifest(tree).files().values().forEach(file -> referenced.add(file.digest()));
    }
    return referenced;
  }

  private TreeManifest manifest(Digest tree) {
    try {
      return artifacts.manifest(tree);
    } catch (NoSuchArtifactException | CorruptArtifactException e) {
      throw new MlopsException(
          "cannot look for garbage in "
              + store
              + ": a run or a version refers to the tree "
              + tree
              + ", but its manifest cannot be read, so that nobody knows which files it needs ("
              + e.getMessage()
              + "). Nothing was deleted; put the tree again, or restore its manifest from a copy",
          e);
    }
  }

  /** One pass over the store. */
  private final class Search {

    private final Instant limit;
    private final DigestSet referencedDigests;
    private final boolean delete;
    private final List<StoredArtifact> batch = new ArrayList<>(BATCH);
    private long count;
    private long bytes;
    private long referenced;
    private long young;

    Search(Instant limit, DigestSet referencedDigests, boolean delete) {
      this.limit = limit;
      this.referencedDigests = referencedDigests;
      this.delete = delete;
    }

    void see(StoredArtifact artifact) {
      if (referencedDigests.contains(artifact.digest())) {
        referenced++;
      } else if (!artifact.putAt().isBefore(limit)) {
        young++;
      } else {
        batch.add(artifact);
        if (batch.size() == BATCH) {
          decide();
        }
      }
    }

    void decide() {
      if (batch.isEmpty()) {
        return;
      }
      List<Digest> digests = batch.stream().map(StoredArtifact::digest).toList();
      Collection<Digest> spared =
          delete
              ? uploads.deleteUnlessPutSince(limit, digests, store::delete)
              : uploads.putSince(limit, digests);
      young += spared.size();
      Set<Digest> youngOnes = new HashSet<>(spared);
      for (StoredArtifact artifact : batch) {
        if (!youngOnes.contains(artifact.digest())) {
          count++;
          bytes += artifact.bytes();
        }
      }
      batch.clear();
    }

    Garbage result() {
      return new Garbage(count, bytes, referenced, young, delete);
    }
  }
}
