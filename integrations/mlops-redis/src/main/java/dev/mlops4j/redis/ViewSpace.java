package dev.mlops4j.redis;

import dev.mlops4j.feature.EventCodec;
import dev.mlops4j.feature.FeatureView;

/** A view in Redis: where it lies, and how its events' values are written. */
record ViewSpace(String view, ViewKeys keys, EventCodec codec) {

  static ViewSpace of(String prefix, FeatureView view) {
    return new ViewSpace(
        view.name(), new ViewKeys(prefix, view.name(), view.fingerprint()), new EventCodec(view));
  }
}
