package dev.mlops4j.workspace;

import dev.mlops4j.MlopsException;
import dev.mlops4j.storage.Database;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sees to it that a workspace's artifacts are not looked for where they are not: whoever names a
 * store leaves its name beside the uploads, and whoever names none finds it.
 */
final class StoreRecord {

  private static final Logger LOG = LoggerFactory.getLogger(StoreRecord.class);

  private final JdbcUploads uploads;
  private final boolean named;
  private final @Nullable String name;
  private volatile boolean known;

  /** Whether the database could not be asked. */
  private volatile boolean unknown;

  private StoreRecord(JdbcUploads uploads, boolean named, @Nullable String name) {
    this.uploads = uploads;
    this.named = named;
    this.name = name;
  }

  /** For the directory's own store, which nobody named. */
  static StoreRecord ofOwn(JdbcUploads uploads) {
    return new StoreRecord(uploads, false, null);
  }

  /** For a store that was named; without a name if it is the directory's own. */
  static StoreRecord ofNamed(JdbcUploads uploads, @Nullable String name) {
    return new StoreRecord(uploads, true, name);
  }

  /**
   * Called before anything is looked for; asks the database the first time. Reading goes on if that
   * cannot answer.
   *
   * @throws OtherArtifactStoreException if the artifacts are elsewhere
   */
  void checkReading() {
    if (!named && !known && !unknown) {
      try {
        check();
      } catch (OtherArtifactStoreException e) {
        throw e;
      } catch (MlopsException | IllegalStateException e) { // down, or closed already
        unknown = true;
        LOG.warn("cannot ask whether the artifacts are in another store; reads the directory", e);
      }
    }
  }

  /**
   * Called before anything is put or deleted.
   *
   * @throws OtherArtifactStoreException if the artifacts are elsewhere
   */
  void checkWriting() {
    if (!known) {
      if (named) {
        write();
      } else {
        check();
      }
    }
  }

  private void check() {
    String other = uploads.storeName();
    if (other != null) {
      throw new OtherArtifactStoreException(other);
    }
    known = true;
  }

  /** From now on nothing is asked, until {@link #write}. */
  void adopt() {
    known = true;
  }

  /** Puts this store's name in place of another's, if there is one; for a transaction. */
  Database.Work<Boolean> renaming() {
    return uploads.renaming(name);
  }

  /** Leaves this store's name, whatever was there. */
  void write() {
    if (!Objects.equals(uploads.storeName(), name)) {
      uploads.nameStore(name);
    }
    known = true;
  }
}
