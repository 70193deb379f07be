package dev.mlops4j.storage;

import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.SQLException;
import org.sqlite.SQLiteErrorCode;
import org.sqlite.SQLiteException;

/** SQLite's result codes as exceptions of the library. */
final class SqliteErrors {

  private static final int PRIMARY_CODE = 0xff;

  private SqliteErrors() {}

  static boolean isBusy(SQLException e) {
    int code = primaryCode(e);
    return code == SQLiteErrorCode.SQLITE_BUSY.code || code == SQLiteErrorCode.SQLITE_LOCKED.code;
  }

  static StorageException translate(Path file, String what, SQLException e) {
    String asked = "cannot " + what + " " + file + ": ";
    int code = primaryCode(e);
    if (code == SQLiteErrorCode.SQLITE_FULL.code) {
      return new StorageFullException(
          asked
              + "the disk is full. Nothing of the transaction was stored; free some space and try again",
          e);
    }
    if (code == SQLiteErrorCode.SQLITE_READONLY.code || (isCannotOpen(code) && !writable(file))) {
      return new StorageReadOnlyException(
          asked
              + "it is read-only. Nothing of the transaction was stored; let this process write the file and its"
              + " directory, and write only in the work of a write",
          e);
    }
    if (isBusy(e)) {
      return new StorageBusyException(
          asked
              + "another process has held it for longer than this one waits. Nothing of the transaction was stored; look for"
              + " a process that hangs or holds a long transaction",
          e);
    }
    if (code == SQLiteErrorCode.SQLITE_CORRUPT.code || code == SQLiteErrorCode.SQLITE_NOTADB.code) {
      return new StorageCorruptException(
          asked + "it is damaged or not a database. Restore it from a copy", e);
    }
    if (code == SQLiteErrorCode.SQLITE_CONSTRAINT.code) {
      return new ConstraintViolationException(asked + e.getMessage(), e);
    }
    return new StorageException(asked + e.getMessage(), e);
  }

  private static boolean isCannotOpen(int code) {
    return code == SQLiteErrorCode.SQLITE_CANTOPEN.code || code == SQLiteErrorCode.SQLITE_PERM.code;
  }

  private static boolean writable(Path file) {
    Path directory = file.getParent();
    boolean directoryWritable =
        directory == null || !Files.exists(directory) || Files.isWritable(directory);
    return directoryWritable && (!Files.exists(file) || Files.isWritable(file));
  }

  private static int primaryCode(SQLException e) {
    return e instanceof SQLiteException sqlite ? sqlite.getResultCode().code & PRIMARY_CODE : 0;
  }
}
