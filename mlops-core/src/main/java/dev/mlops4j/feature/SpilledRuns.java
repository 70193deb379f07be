package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The events of a view that are more than is held in memory: sorted runs in temporary files, merged
 * in the end. What comes in order is one run, written in sequence, and is not merged. Not safe for
 * use by several threads.
 *
 * <p>Takes batches, each in the order of the keys' bytes and the events. Where ids decide ties, of
 * events of one key, time, known time and id the first that came counts, and where ids are stated,
 * of a key's events of one id the first in their order; else events of one time and known time stay
 * in the order in which they came. That is what an index in memory does, see {@link
 * EventIndex.Builder}.
 */
final class SpilledRuns implements AutoCloseable {

  private final HistoryLimits limits;
  private final boolean idsDecide;
  private final SpilledEvents events;
  private RunFiles files;
  private final List<Run> ended = new ArrayList<>();
  private final byte[] event;
  private Run.Writer run;

  /** The last event of the run, if it has one. */
  private byte @Nullable [] lastKey;

  private final byte[] last;
  private boolean batchBegins;
  private int batches;
  private boolean built;

  /**
   * Begins without events.
   *
   * @param idsDecide whether events of one time and known time are ordered by their ids
   */
  SpilledRuns(FeatureView view, HistoryLimits limits, boolean idsDecide) {
    this.limits = limits;
    this.idsDecide = idsDecide;
    this.events = new SpilledEvents(view, limits, idsDecide && view.eventId().isPresent());
    try {
      this.files = RunFiles.in(limits, view.name());
    } catch (RuntimeException e) {
      events.close();
      throw e;
    }
    this.event = new byte[events.layout().width()];
    this.last = new byte[event.length];
    this.run = files.writer();
  }

  void beginBatch() {
    batches++;
    batchBegins = true;
  }

  /** Adds an event of the batch; see {@link SpilledEvents#encode}. */
  void add(
      byte[] key, long eventTime, long known, ValueColumn[] columns, int row, @Nullable String id) {
    events.encode(event, eventTime, known, columns, row, id);
    if (batchBegins && !goesOn(key)) {
      ended.add(run.end().forMerge());
      run = files.writer();
    }
    batchBegins = false;
    run.key(key);
    run.event(event, 0, event.length);
    lastKey = key;
    System.arraycopy(event, 0, last, 0, event.length);
  }

  /** Whether the event may follow the last of the run. */
  private boolean goesOn(byte[] key) {
    if (lastKey == null) {
      return true;
    }
    int compared = Arrays.compareUnsigned(lastKey, key);
    if (compared == 0) {
      compared = EventBytes.compare(last, 0, event, 0);
    }
    return compared < 0 || (compared == 0 && !idsDecide);
  }

  /** All events, in order; nothing can be added any more. */
  DiskIndex build() {
    ended.add(run.end());
    files.seal();
    events.seal();
    List<Run> runs = ended;
    // A run of several batches may have one id several times.
    boolean mayRepeat = events.hasIds() && batches > 1;
    while (runs.size() > 1 || mayRepeat) {
      runs = merged(runs);
      mayRepeat = false;
    }
    events.closeIds();
    built = true;
    return new DiskIndex(events, files, runs.get(0), limits);
  }

  /** Fewer runs of the same events: neighbours are merged, as many as memory has buffers for. */
  private List<Run> merged(List<Run> runs) {
    int most = RunMerge.mostRuns(limits);
    List<Run> fewer = new ArrayList<>();
    RunFiles merged = RunFiles.in(limits, events.view().name());
    try {
      for (int from = 0; from < runs.size(); from += most) {
        List<Run> some = runs.subList(from, Math.min(from + most, runs.size()));
        Run one = new RunMerge(events, files, some, idsDecide, limits).into(merged);
        fewer.add(some.size() < runs.size() ? one.forMerge() : one);
      }
      merged.seal();
      files.close();
    } catch (RuntimeException e) {
      try (merged) {
        throw e;
      }
    }
    files = merged;
    return fewer;
  }

  /** Deletes the files, unless an index was built of them. */
  @Override
  public void close() {
    if (!built) {
      try (events) {
        files.close();
      }
    }
  }
}
