package dev.mlops4j.storage;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** What runs the transactions of one database; its {@code toString} names the database. */
interface Engine extends AutoCloseable {

  Dialect dialect();

  /** Runs the work as {@link Database#read} says. */
  <R extends @Nullable Object> R read(Database.Work<R> work);

  /** Runs the work as {@link Database#readStatement} says. */
  <R extends @Nullable Object> R readStatement(Database.Work<R> work);

  /** Runs the work as {@link Database#write} says. */
  <R extends @Nullable Object> R write(Database.Work<R> work);

  /**
   * Checks that this thread is not in the work of a write.
   *
   * @throws IllegalStateException if it is
   */
  void checkNotWriting();

  /**
   * What a script that makes tables begins each of its transactions with, each with a semicolon.
   */
  String beginOfScript();

  /** The statement that makes the place where the tables are, if it is not there; may be empty. */
  String makePlace();

  /** Does as {@link Database#truncateLog} says. */
  boolean truncateLog();

  /** Does as {@link Database#backUpTo} says. */
  void backUpTo(Path file);

  @Override
  void close();
}
