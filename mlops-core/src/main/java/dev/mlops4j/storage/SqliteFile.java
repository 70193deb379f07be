package dev.mlops4j.storage;

import java.io.File;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Properties;
import java.util.concurrent.locks.LockSupport;
import org.sqlite.JDBC;

/** Opens connections to a SQLite file, and says in the library's words what went wrong with it. */
final class SqliteFile {

  private static final long PAUSE_NANOS = 2_000_000;

  /** Enough for the inner pages of the indexes of some million rows. */
  private static final int WRITER_CACHE_KIB = 32 * 1024;

  /**
   * Of 4 KiB, where the writer itself carries the log over to the file: later than the {@link
   * Checkpointer} is expected to have, and so only when that fails or other processes write too.
   */
  private static final int CHECKPOINT_PAGES = 32_000;

  private final Path file;
  private final File log;
  private final Durability durability;
  private final Duration patience;

  SqliteFile(Path file, Durability durability, Duration patience) {
    this.file = file.toAbsolutePath().normalize();
    this.log = new File(this.file + "-wal");
    this.durability = durability;
    this.patience = patience;
  }

  Session openWriter() throws SQLException {
    return open(
        "PRAGMA synchronous=" + durability.name(),
        "PRAGMA foreign_keys=ON",
        // What is deleted is overwritten, or the erasure of a person's data would leave it there.
        "PRAGMA secure_delete=ON",
        "PRAGMA cache_size=-" + WRITER_CACHE_KIB,
        "PRAGMA wal_autocheckpoint=" + CHECKPOINT_PAGES,
        "PRAGMA journal_size_limit=" + 2 * checkpointBytes());
  }

  /** From how many bytes on a log is worth being carried over, which costs two syncs. */
  long checkpointBytes() {
    // Where only that syncs, bulks are written: what the commits of other databases wait for.
    return durability == Durability.FULL ? 16 << 20 : 2 << 20;
  }

  /** How long the log's file is; what is in it may be shorter. 0 if that cannot be told. */
  long logBytes() {
    return log.length();
  }

  Session openReader() throws SQLException {
    return open("PRAGMA query_only=ON");
  }

  StorageException failed(String what, SQLException cause) {
    return SqliteErrors.translate(file, what, cause);
  }

  IllegalStateException closed() {
    return new IllegalStateException("the database " + file + " is closed");
  }

  @Override
  public String toString() {
    return file.toString();
  }

  private Session open(String... settings) throws SQLException {
    // SQLite does not wait in every case when two processes open or close a file at the same time.
    long deadline = System.nanoTime() + patience.toNanos();
    while (true) {
      try {
        return openOnce(settings);
      } catch (SQLException e) {
        if (!SqliteErrors.isBusy(e) || System.nanoTime() - deadline > 0) {
          throw e;
        }
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private Session openOnce(String... settings) throws SQLException {
    // As a URI, because the driver takes a question mark in a plain path for the start of settings.
    Connection connection = JDBC.createConnection(JDBC.PREFIX + file.toUri(), new Properties());
    Session session = new Session(connection, Dialect.SQLITE);
    try {
      session.execute("PRAGMA busy_timeout=" + patience.toMillis());
      session.execute("PRAGMA journal_mode=WAL");
      for (String setting : settings) {
        session.execute(setting);
      }
      return session;
    } catch (SQLException | RuntimeException e) {
      try {
        session.close();
      } catch (SQLException onClose) {
        e.addSuppressed(onClose);
      }
      throw e;
    }
  }
}
