package dev.mlops4j.feature;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Events made ready to be written, before the transaction for which others wait.
 *
 * @param few the events, unless they are many
 * @param parts the rows of many, each part to be one change of the view
 */
record PreparedEvents(List<FeatureEvent> few, List<Iterable<Object[]>> parts) {

  /** From how many events on they count as one change of their view, not one of each key. */
  private static final int MANY = 64;

  /**
   * Goes through each batch once, but for few events of an {@link EventBatch}. Of events that have
   * ids of their own the first of an id counts.
   *
   * @param none makes a packing of no events
   * @param stated whether they have ids of their own
   * @param partBytes about the size of a part
   */
  static PreparedEvents of(
      List<? extends Iterable<FeatureEvent>> batches,
      Supplier<PackedEvents> none,
      boolean stated,
      long partBytes) {
    if (!batches.isEmpty() && batches.stream().allMatch(EventBatch.class::isInstance)) {
      PackedEvents packed = packedSideBySide(batches, none);
      if (packed.size() >= MANY) {
        return new PreparedEvents(List.of(), packed.sorted(partBytes));
      }
    }
    Set<String> ids = new HashSet<>();
    List<FeatureEvent> few = new ArrayList<>();
    @Nullable PackedEvents packed = null;
    for (Iterable<FeatureEvent> batch : batches) {
      for (FeatureEvent event : batch) {
        if (stated && !ids.add(event.id())) {
          continue;
        }
        if (packed != null) {
          packed.add(event);
        } else {
          few.add(event);
          if (few.size() == MANY) {
            packed = none.get();
            few.forEach(packed::add);
          }
        }
      }
    }
    return packed != null
        ? new PreparedEvents(List.of(), packed.sorted(partBytes))
        : new PreparedEvents(few, List.of());
  }

  /** As many groups of batches as there are processors: each group has memory of its own. */
  private static PackedEvents packedSideBySide(
      List<? extends Iterable<FeatureEvent>> batches, Supplier<PackedEvents> none) {
    int groups = Math.min(Runtime.getRuntime().availableProcessors(), batches.size());
    return IntStream.range(0, groups)
        .parallel()
        .mapToObj(
            group -> {
              PackedEvents packed = none.get();
              int from = (int) ((long) batches.size() * group / groups);
              int to = (int) ((long) batches.size() * (group + 1) / groups);
              batches.subList(from, to).forEach(packed::addAll);
              return packed;
            })
        .reduce(PackedEvents::with)
        .orElseThrow();
  }
}
