package dev.mlops4j.workspace;

import dev.mlops4j.Digest;
import dev.mlops4j.storage.Database;
import dev.mlops4j.storage.Dialect;
import dev.mlops4j.storage.Migration;
import dev.mlops4j.storage.Transaction;
import java.sql.SQLException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * When artifacts were last put, by the workspace's clock, in microseconds since the epoch. Noting
 * an upload and collecting garbage exclude each other: what is noted is either seen by the
 * collection, or noted after it has ended.
 */
final class JdbcUploads {

  static final String COMPONENT = "artifacts";

  private static final List<Migration> STEPS =
      List.of(new Migration(1, 1, JdbcUploads::first), new Migration(2, 1, JdbcUploads::store));

  /** What one writes, all others must have seen: a collection and the uploads it spares. */
  private static final String LOCK = "artifacts";

  private final Database database;

  JdbcUploads(Database database) {
    this.database = database.withSchema(COMPONENT, STEPS);
  }

  private static List<String> first(Dialect dialect) {
    return List.of(
        "CREATE TABLE artifact_upload (digest TEXT NOT NULL PRIMARY KEY, at BIGINT NOT NULL)"
            + dialect.keptByPrimaryKey());
  }

  /** The name of the store, if it is not the directory's own: one row or none. */
  private static List<String> store(Dialect dialect) {
    return List.of("CREATE TABLE artifact_store (name TEXT NOT NULL)");
  }

  /** What the store that was named last says of itself; null for the directory's own. */
  @Nullable String storeName() {
    return database
        .read(tx -> tx.first("SELECT name FROM artifact_store", row -> row.getString(1)))
        .orElse(null);
  }

  void nameStore(@Nullable String name) {
    database.write(
        tx -> {
          tx.lock(LOCK);
          return replace(tx, name);
        });
  }

  /** The same within a transaction, whether the table is there yet or not; false if it is not. */
  Database.Work<Boolean> renaming(@Nullable String name) {
    return tx -> {
      if (tx.first(database.dialect().findTable(), row -> true, "artifact_store").isEmpty()) {
        return false;
      }
      replace(tx, name);
      return true;
    };
  }

  private static int replace(Transaction tx, @Nullable String name) throws SQLException {
    tx.update("DELETE FROM artifact_store");
    return name == null ? 0 : tx.update("INSERT INTO artifact_store (name) VALUES (?)", name);
  }

  /** Notes that all of these were put, or are about to be, at this time. */
  void note(Collection<Digest> digests, Instant at) {
    List<@Nullable Object[]> rows = new ArrayList<>();
    // In one order, so that two processes never wait for each other.
    for (Digest digest : new TreeSet<>(digests)) {
      rows.add(new @Nullable Object[] {digest.hex(), micros(at)});
    }
    database.write(
        tx -> {
          tx.lock(LOCK);
          return tx.batch(
              "INSERT INTO artifact_upload (digest, at) VALUES (?, ?) ON CONFLICT (digest)"
                  + " DO UPDATE SET at = excluded.at WHERE excluded.at > artifact_upload.at",
              rows);
        });
  }

  /**
   * Has those of these deleted that were not put since {@code limit}, while nobody can note that
   * they were.
   *
   * @param delete is called at most once, or again if the transaction is begun anew
   * @return those that were put since
   */
  Collection<Digest> deleteUnlessPutSince(
      Instant limit, Collection<Digest> digests, Consumer<Collection<Digest>> delete) {
    return database.write(
        tx -> {
          tx.lock(LOCK);
          List<Digest> old = new ArrayList<>();
          List<Digest> young = new ArrayList<>();
          for (Digest digest : digests) {
            (isPutSince(tx, limit, digest) ? young : old).add(digest);
          }
          if (!old.isEmpty()) {
            delete.accept(old);
          }
          return young;
        });
  }

  /** Those of these that were put since {@code limit}. */
  Collection<Digest> putSince(Instant limit, Collection<Digest> digests) {
    return database.read(
        tx -> {
          List<Digest> young = new ArrayList<>();
          for (Digest digest : digests) {
            if (isPutSince(tx, limit, digest)) {
              young.add(digest);
            }
          }
          return young;
        });
  }

  void forgetBefore(Instant limit) {
    database.write(
        tx -> {
          tx.lock(LOCK);
          return tx.update("DELETE FROM artifact_upload WHERE at < ?", micros(limit));
        });
  }

  private static boolean isPutSince(Transaction tx, Instant limit, Digest digest)
      throws SQLException {
    return tx.first(
            "SELECT 1 FROM artifact_upload WHERE digest = ? AND at >= ?",
            row -> true,
            digest.hex(),
            micros(limit))
        .isPresent();
  }

  private static long micros(Instant instant) {
    return ChronoUnit.MICROS.between(Instant.EPOCH, instant);
  }
}
