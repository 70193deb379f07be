package dev.mlops4j.feature;

/**
 * The two files of runs.
 *
 * @param events what has the events
 * @param keys what has the blocks of their keys
 */
record RunFiles(SpillFile events, SpillFile keys, String view, int blockKeys)
    implements AutoCloseable {

  static RunFiles in(HistoryLimits limits, String view) {
    SpillFile events = SpillFile.in(limits.directory(), view);
    try {
      SpillFile keys = SpillFile.in(limits.directory(), view);
      return new RunFiles(events, keys, view, limits.blockKeys());
    } catch (RuntimeException e) {
      events.close();
      throw e;
    }
  }

  /** What writes the next run. */
  Run.Writer writer() {
    return new Run.Writer(view, events, keys, blockKeys);
  }

  void seal() {
    events.seal();
    keys.seal();
  }

  @Override
  public void close() {
    try (keys) {
      events.close();
    }
  }
}
