package dev.mlops4j.feature;

import java.nio.file.Path;

/**
 * How much of the history a training set reads is held in memory, and where the rest goes.
 *
 * @param bytes about how many bytes of events are held, of all views together
 * @param events how many events of a view are held at most
 * @param pageBytes how much is read of a file at once, at least one event
 * @param blockKeys of how many keys one is kept in memory, to find the others by
 * @param directory where files are made, made itself if it is not there
 */
record HistoryLimits(long bytes, int events, int pageBytes, int blockKeys, Path directory) {

  /**
   * So that a view that is read after others have filled the memory still has runs of some size.
   */
  private static final int LEAST_SHARE = 8;

  private static final int PAGE_BYTES = 1 << 14;
  private static final int BLOCK_KEYS = 256;

  /** So many events as an array can have positions. */
  private static final int MOST_EVENTS = 1 << 30;

  static HistoryLimits of(long bytes, Path directory) {
    return new HistoryLimits(bytes, MOST_EVENTS, PAGE_BYTES, BLOCK_KEYS, directory);
  }

  /** The same when so many bytes are held already. */
  HistoryLimits beside(long held) {
    long left = Math.max(bytes - held, bytes / LEAST_SHARE);
    return new HistoryLimits(left, events, pageBytes, blockKeys, directory);
  }
}
