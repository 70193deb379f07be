package dev.mlops4j.feature;

import java.time.InstantSource;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The events that have a known time but are not yet visible. A question asked at that time or later
 * waits for them: answered without, it would differ from what a training set says of its moment.
 * Safe for any number of threads.
 */
final class PushesUnderWay {

  private final Set<Push> pushes = ConcurrentHashMap.newKeySet();

  /** The push of an event of this key; it is under way from its known time to its end. */
  Push of(FeatureView view, EntityKey key) {
    return new Push(view, key);
  }

  /** Waits for the pushes to a key that are known at t, a moment read before the call. */
  void await(FeatureView view, EntityKey key, long t) {
    if (pushes.isEmpty()) {
      return;
    }
    for (Push push : pushes) {
      if (push.known <= t && push.key.equals(key) && push.view.equals(view)) {
        push.end.join();
      }
    }
  }

  /** One push, of one thread. */
  final class Push implements AutoCloseable {

    private final FeatureView view;
    private final EntityKey key;
    private final CompletableFuture<Void> end = new CompletableFuture<>();

    /** Whoever comes while the clock is read waits, as the time may turn out to be his. */
    private volatile long known = Long.MIN_VALUE;

    private Push(FeatureView view, EntityKey key) {
      this.view = view;
      this.key = key;
    }

    /** The moment from which the event is known; called within the write. */
    long knownNow(InstantSource clock) {
      known = Long.MIN_VALUE;
      pushes.add(this);
      long now = Micros.of(clock.instant());
      known = now;
      return now;
    }

    @Override
    public void close() {
      pushes.remove(this);
      end.complete(null);
    }
  }
}
