package dev.mlops4j.storage;

import java.nio.file.Path;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** One writer and several readers on a file. */
final class SqliteEngine implements Engine {

  private final SqliteFile file;
  private final Readers readers;
  private final Writer writer;

  SqliteEngine(SqliteFile file) {
    this.file = file;
    this.readers = new Readers(file);
    this.writer = new Writer(file);
  }

  @Override
  public Dialect dialect() {
    return Dialect.SQLITE;
  }

  @Override
  public <R extends @Nullable Object> R read(Database.Work<R> work) {
    writer.checkNotWriting();
    return readers.run(work);
  }

  @Override
  public <R extends @Nullable Object> R readStatement(Database.Work<R> work) {
    writer.checkNotWriting();
    return readers.runStatement(work);
  }

  @Override
  public <R extends @Nullable Object> R write(Database.Work<R> work) {
    return writer.run(work);
  }

  @Override
  public void checkNotWriting() {
    writer.checkNotWriting();
  }

  @Override
  public String beginOfScript() {
    return "BEGIN IMMEDIATE;\n";
  }

  @Override
  public String makePlace() {
    return "";
  }

  @Override
  public boolean truncateLog() {
    checkNotWriting();
    try (Session session = file.openWriter()) {
      return session.use("PRAGMA wal_checkpoint(TRUNCATE)", Checkpointer::carriedOver);
    } catch (SQLException e) {
      throw file.failed("truncate the log", e);
    }
  }

  @Override
  public void backUpTo(Path target) {
    checkNotWriting();
    try (Session session = file.openWriter()) {
      String name = target.toAbsolutePath().toString().replace("'", "''");
      session.execute("VACUUM INTO '" + name + "'");
    } catch (SQLException e) {
      throw file.failed("back up", e);
    }
  }

  @Override
  public void close() {
    readers.checkNotReading();
    writer.close();
    readers.close();
  }

  @Override
  public String toString() {
    return file.toString();
  }
}
