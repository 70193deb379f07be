package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.util.Collection;
import java.util.function.Consumer;

/**
 * Where the bytes of artifacts are kept, each under its SHA-256. For authors of backends; everybody
 * else uses {@link Artifacts}, which checks every byte that a store gives before handing it on.
 *
 * <p>Safe for any number of threads and processes. What was put stays as it is until it is deleted:
 * there is no call that changes it. No argument is null, and no result.
 */
public interface ArtifactStore {

  /**
   * Keeps what {@code content} gives until its end, and does not close it. When the call returns
   * the bytes are durable and visible to everybody, all at once: nobody ever sees a part of them.
   * If it throws, nothing is visible. Putting the same bytes again, at the same time too, keeps
   * them once, puts right what was damaged, and makes them as young as if they were put for the
   * first time.
   *
   * @return the digest of the bytes
   * @throws IOException if {@code content} cannot be read
   * @throws dev.mlops4j.storage.StorageFullException if there is no room for it
   * @throws dev.mlops4j.storage.StorageReadOnlyException if the store cannot be written
   * @throws dev.mlops4j.storage.StorageException if anything else is wrong with the store
   */
  Digest put(InputStream content) throws IOException;

  /**
   * The bytes as they are stored, to be closed by the caller. They need not be those of the digest
   * if the store was damaged; it is the caller who checks.
   *
   * @throws NoSuchArtifactException if nothing is kept under this digest
   * @throws dev.mlops4j.storage.StorageException if they cannot be read
   */
  InputStream open(Digest digest);

  /**
   * Whether something is kept under this digest.
   *
   * @throws dev.mlops4j.storage.StorageException if the store cannot be asked
   */
  boolean contains(Digest digest);

  /**
   * Shows everything that is kept, each once, in no particular order and in constant memory. What
   * is put or deleted meanwhile may be shown or not. What {@code visitor} throws ends it and is
   * thrown; it may call this store.
   *
   * @throws dev.mlops4j.storage.StorageException if the store cannot be asked
   */
  void list(Consumer<? super StoredArtifact> visitor);

  /**
   * Deletes what is kept under these digests; one under which nothing is kept is fine. Whoever is
   * reading one of them may see it to its end or get an error. A put that begins after the return
   * keeps its bytes anew.
   *
   * @param digests any number; all of them at once if the store can do that
   * @throws dev.mlops4j.storage.StorageReadOnlyException if the store cannot be written
   * @throws dev.mlops4j.storage.StorageException if some could not be deleted; others may be gone
   */
  void delete(Collection<Digest> digests);
}
