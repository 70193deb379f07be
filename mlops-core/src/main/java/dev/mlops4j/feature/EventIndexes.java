package dev.mlops4j.feature;

import java.util.HashMap;
import java.util.Map;
import java.util.function.BiConsumer;

/**
 * The events of the views of one set, each view's read when it is first asked for and as it is
 * then. What is held in memory is limited for all of them together. Not safe for use by several
 * threads, though the indexes themselves are.
 */
final class EventIndexes implements AutoCloseable {

  private final HistoryLimits limits;
  private final BiConsumer<EventIndex.Builder, FeatureView> reader;
  private final Map<FeatureView, EventIndex> indexes = new HashMap<>();
  private long held;

  /**
   * Begins with nothing read.
   *
   * @param reader adds all events of a view to an index
   */
  EventIndexes(HistoryLimits limits, BiConsumer<EventIndex.Builder, FeatureView> reader) {
    this.limits = limits;
    this.reader = reader;
  }

  EventIndex of(FeatureView view) {
    return indexes.computeIfAbsent(view, this::read);
  }

  private EventIndex read(FeatureView view) {
    try (EventIndex.Builder builder = new EventIndex.Builder(view, limits.beside(held))) {
      reader.accept(builder, view);
      EventIndex index = builder.build();
      held += index.heldBytes();
      return index;
    }
  }

  /** Closes them all, even if one fails. */
  @Override
  public void close() {
    RuntimeException failure = null;
    for (EventIndex index : indexes.values()) {
      try {
        index.close();
      } catch (RuntimeException e) {
        if (failure == null) {
          failure = e;
        } else {
          failure.addSuppressed(e);
        }
      }
    }
    indexes.clear();
    if (failure != null) {
      throw failure;
    }
  }
}
