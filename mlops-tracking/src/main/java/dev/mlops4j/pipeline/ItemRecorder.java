package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Records the elements of a step for each that have ended, in the background: those that ended
 * while the disk was busy share one write. An element counts as ended when it is recorded.
 */
final class ItemRecorder {

  private static final int MOST = 256;

  private final RunScope scope;
  private final Run run;
  private final Deque<Item> waiting = new ArrayDeque<>();
  private boolean busy;

  /** For the elements of the step of this run. */
  ItemRecorder(RunScope scope, Run run) {
    this.scope = scope;
    this.run = run;
  }

  /**
   * What is to be recorded.
   *
   * @param cached gives what the cache is to have, from the id of the run; null if nothing
   * @param recorded is given the id
   * @param failed is given why it could not be recorded
   */
  record Item(
      PastRun past,
      @Nullable Cached cached,
      Consumer<String> recorded,
      Consumer<Throwable> failed) {}

  /** What the cache is to have of an element. */
  record Cached(Step<?> step, StepKey key, String written) {}

  void add(Item item) {
    synchronized (this) {
      waiting.add(item);
      if (busy) {
        return;
      }
      busy = true;
    }
    scope.pool().record(this::drain);
  }

  private void drain() {
    for (List<Item> items = next(); !items.isEmpty(); items = next()) {
      record(items);
    }
  }

  private synchronized List<Item> next() {
    List<Item> items = new ArrayList<>();
    while (!waiting.isEmpty() && items.size() < MOST) {
      items.add(waiting.remove());
    }
    busy = !items.isEmpty();
    return items;
  }

  private void record(List<Item> items) {
    List<String> ids;
    try {
      ids = run.children(items.stream().map(Item::past).toList());
      keep(items, ids);
    } catch (Throwable e) {
      items.forEach(item -> item.failed().accept(e));
      return;
    }
    for (int i = 0; i < ids.size(); i++) {
      items.get(i).recorded().accept(ids.get(i));
    }
  }

  private void keep(List<Item> items, List<String> ids) {
    Map<String, JdbcStepCache.Entry> entries = new LinkedHashMap<>();
    for (int i = 0; i < items.size(); i++) {
      Cached cached = items.get(i).cached();
      if (cached != null) {
        entries.put(
            cached.key().digest().hex(),
            StepStart.entry(scope, cached.step(), cached.key(), cached.written(), ids.get(i)));
      }
    }
    if (!entries.isEmpty()) {
      scope.cache().putAll(entries);
    }
  }
}
