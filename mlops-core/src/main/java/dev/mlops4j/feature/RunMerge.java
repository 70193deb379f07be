package dev.mlops4j.feature;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Makes one run of several. Not safe for use by several threads. */
final class RunMerge {

  private static final int LEAST_BUFFER = 1 << 12;
  private static final int LARGEST_BUFFER = 1 << 16;

  /** About how many bytes a key of a block takes. */
  private static final int KEY_BYTES = 100;

  private final SpilledEvents events;
  private final boolean idsDecide;
  private final PriorityQueue<Source> sources;

  /** The last event written, and its key. */
  private final byte[] last;

  private byte @Nullable [] lastKey;
  private @Nullable String lastId;

  /** The ids of the last key's events, if events state ids. */
  private final Set<String> seen = new HashSet<>();

  /** A run, and the id of its present event once it is needed. */
  private final class Source {

    private final RunCursor cursor;
    private @Nullable String id;

    Source(RunCursor cursor) {
      this.cursor = cursor;
    }

    String id() {
      String known = id;
      if (known == null) {
        known = events.id(cursor.key(), cursor.bytes(), cursor.at());
        id = known;
      }
      return known;
    }
  }

  /**
   * Begins a merge.
   *
   * @param runs in the order in which their events came, none of them empty
   */
  RunMerge(
      SpilledEvents events,
      RunFiles files,
      List<Run> runs,
      boolean idsDecide,
      HistoryLimits limits) {
    this.events = events;
    this.idsDecide = idsDecide;
    this.last = new byte[events.layout().width()];
    this.sources = new PriorityQueue<>(runs.size(), this::compare);
    long share = limits.bytes() / 2 / runs.size();
    int bufferBytes = (int) Math.max(LEAST_BUFFER, Math.min(LARGEST_BUFFER, share));
    for (int i = 0; i < runs.size(); i++) {
      sources.add(
          new Source(
              new RunCursor(
                  runs.get(i), i, files.events(), files.keys(), events.layout(), bufferBytes)));
    }
  }

  /**
   * How many runs may be merged at once, at least 2, so that what they hold meanwhile is less than
   * what the events in memory had.
   */
  static int mostRuns(HistoryLimits limits) {
    long least = 2L * LEAST_BUFFER + (long) limits.blockKeys() * KEY_BYTES;
    return (int) Math.max(2, Math.min(Integer.MAX_VALUE, limits.bytes() / 2 / least));
  }

  /** Writes all events in order. */
  Run into(RunFiles files) {
    Run.Writer writer = files.writer();
    for (Source next = sources.poll(); next != null; next = sources.poll()) {
      RunCursor cursor = next.cursor;
      if (!idsDecide || !(events.hasIds() ? isSeen(next) : isLast(next))) {
        writer.key(cursor.key());
        writer.event(cursor.bytes(), cursor.at(), last.length);
        System.arraycopy(cursor.bytes(), cursor.at(), last, 0, last.length);
        lastKey = cursor.key();
        lastId = next.id;
      }
      if (cursor.advance()) {
        next.id = null;
        sources.add(next);
      }
    }
    return writer.end();
  }

  /** Whether an event of its key and id was written before. */
  private boolean isSeen(Source next) {
    if (!Arrays.equals(lastKey, next.cursor.key())) {
      seen.clear();
    }
    return !seen.add(next.id());
  }

  /** Whether this is the event written last, from another run. */
  private boolean isLast(Source next) {
    RunCursor cursor = next.cursor;
    byte[] key = lastKey;
    if (key == null
        || EventBytes.compare(last, 0, cursor.bytes(), cursor.at()) != 0
        || !Arrays.equals(key, cursor.key())) {
      return false;
    }
    String id = lastId;
    if (id == null) {
      id = events.id(key, last, 0);
      lastId = id;
    }
    return id.equals(next.id());
  }

  private int compare(Source one, Source other) {
    RunCursor a = one.cursor;
    RunCursor b = other.cursor;
    int compared = Arrays.compareUnsigned(a.key(), b.key());
    if (compared == 0) {
      compared = EventBytes.compare(a.bytes(), a.at(), b.bytes(), b.at());
    }
    if (compared == 0 && idsDecide) {
      compared = FeatureEvent.compareText(one.id(), other.id());
    }
    return compared != 0 ? compared : Integer.compare(a.number(), b.number());
  }
}
