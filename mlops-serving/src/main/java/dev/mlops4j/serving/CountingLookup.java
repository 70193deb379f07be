package dev.mlops4j.serving;

import dev.mlops4j.feature.EntityKey;
import dev.mlops4j.feature.FeatureLookup;
import dev.mlops4j.feature.FeatureValues;
import dev.mlops4j.feature.FeatureView;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;

/** A lookup that counts how fresh what it finds is. */
final class CountingLookup implements FeatureLookup {

  private final FeatureLookup lookup;
  private final Map<String, Adders> byView = new HashMap<>();

  /** Counts for these views; of others it does not count. */
  CountingLookup(FeatureLookup lookup, List<FeatureView> views) {
    this.lookup = lookup;
    views.forEach(view -> byView.put(view.name(), new Adders()));
  }

  @Override
  public FeatureValues get(FeatureView view, EntityKey key, Instant at) {
    FeatureValues values = lookup.get(view, key, at);
    Adders adders = byView.get(view.name());
    if (adders != null) {
      adders.count(values);
    }
    return values;
  }

  @Override
  public void requireView(FeatureView view) {
    lookup.requireView(view);
  }

  SortedMap<String, PredictorCounts.Lookups> counts() {
    SortedMap<String, PredictorCounts.Lookups> counts = new TreeMap<>();
    byView.forEach((view, adders) -> counts.put(view, adders.sum()));
    return counts;
  }

  private static final class Adders {

    private final LongAdder present = new LongAdder();
    private final LongAdder stale = new LongAdder();
    private final LongAdder missing = new LongAdder();

    /** A lookup is as bad as the worst of its features. */
    void count(FeatureValues values) {
      FeatureValues.Status worst = FeatureValues.Status.PRESENT;
      int features = values.view().features().size();
      for (int i = 0; i < features; i++) {
        FeatureValues.Status status = values.status(i);
        if (status.compareTo(worst) > 0) {
          worst = status;
        }
      }
      switch (worst) {
        case PRESENT -> present.increment();
        case STALE -> stale.increment();
        case MISSING -> missing.increment();
      }
    }

    PredictorCounts.Lookups sum() {
      return new PredictorCounts.Lookups(present.sum(), stale.sum(), missing.sum());
    }
  }
}
