package dev.mlops4j.feature;

import java.util.List;
import java.util.Optional;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** All events ever taken in, and the definitions of their views. */
interface History extends NumberedStore {

  /**
   * Whether this version of a view is registered.
   *
   * @throws FeatureDefinitionChangedException if it is not, but others of its name are
   */
  boolean contains(FeatureView view);

  /**
   * Takes up a view whose name is new; does nothing if this version of it is registered.
   *
   * @throws FeatureDefinitionChangedException if others of its name are, and it is not
   */
  void define(FeatureView view, long now);

  /**
   * Takes up a view as the next version of its name, if it is not there; its description, owner and
   * tags are kept as they were given last.
   *
   * @return the number of the version, from 1
   */
  int register(FeatureView view, long now);

  /** All versions of all views, by name and version. */
  List<ViewInfo> views();

  /** Takes up a set as the next version of its name, if it is not there. */
  void registerSet(SetInfo set);

  /** All versions of all sets, by name and version. */
  List<SetInfo> sets();

  /** All versions of one view. */
  List<ViewVersion> versions(String view);

  /** As {@link #erase}, and keeps word of it. */
  int eraseRecorded(ViewVersion version, EntityKey key, long now);

  /** Keeps word of it that a key was erased, which had so many events. */
  void recordErasure(ViewVersion version, EntityKey key, int events, long now);

  /** Removes what is left of erased events in free space, where that is the store's affair. */
  void removeTraces();

  /** What was erased, the oldest first. */
  List<Erasure> erasures(FeatureView view);

  /**
   * Removes the events of all keys that are older, and all that is kept of keys that have none
   * then; perhaps in parts, some of which are done when it throws.
   *
   * @return how many events were removed
   */
  int discardBefore(ViewVersion version, long eventTime);

  /** Up to when the view's source was taken in, or {@link Long#MIN_VALUE}. */
  long watermark(FeatureView view);

  /**
   * Adds events, and moves the watermark once all are there. Many events may be added in parts,
   * each of whole keys; when it throws, or the process dies, some parts may be there.
   *
   * @param batches events, which may be gone through several times and on several threads
   * @param watermark the new one, or {@link Long#MIN_VALUE} to leave it
   */
  int addUpTo(FeatureView view, List<? extends Iterable<FeatureEvent>> batches, long watermark);

  /**
   * Adds one event, which is made within the write: when all writes before have ended, and before
   * anyone sees it.
   *
   * @param event called once a write begins, again if the write is begun anew
   * @return the event, or empty if the view has one of its id
   */
  Optional<FeatureEvent> push(FeatureView view, Supplier<FeatureEvent> event);

  /**
   * Adds all events of a view at this moment to an index, those of a key in ascending order; best
   * in the order of the keys' bytes, in which a history that memory does not hold is written.
   */
  void addTo(EventIndex.Builder index, FeatureView view);

  /** Shows all events of a view at this moment, key by key, each key's in ascending order. */
  void forEachKey(FeatureView view, BiConsumer<EntityKey, List<FeatureEvent>> keys);

  /**
   * Shows every key that has events when the call begins and when it ends, in the order of their
   * bytes, from the first after {@code last} on, or the first of all. The visitor may take long,
   * and call the history: nothing is held meanwhile.
   */
  void visitKeysAfter(FeatureView view, @Nullable EntityKey last, Consumer<EntityKey> keys);
}
