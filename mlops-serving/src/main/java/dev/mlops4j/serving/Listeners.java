package dev.mlops4j.serving;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells listeners of predictions, which none of them can spoil. */
final class Listeners {

  private static final Logger LOG = LoggerFactory.getLogger(Listeners.class);

  private volatile Guarded[] listeners;

  Listeners(List<PredictionListener> listeners) {
    this.listeners = listeners.stream().map(Guarded::new).toArray(Guarded[]::new);
  }

  synchronized void add(PredictionListener listener) {
    Guarded[] more = Arrays.copyOf(listeners, listeners.length + 1);
    more[listeners.length] = new Guarded(listener);
    listeners = more;
  }

  /** Where the lookups of this prediction are kept, or null if no listener wants them. */
  @Nullable LookupRecord lookupsOf(String id) {
    for (Guarded listener : listeners) {
      if (listener.wantsLookups(id)) {
        return new LookupRecord();
      }
    }
    return null;
  }

  /** The same of many predictions, by id; those that nobody wants are left out. */
  Map<String, LookupRecord> lookupsOf(List<String> ids) {
    Map<String, LookupRecord> wanted = Map.of();
    for (String id : ids) {
      LookupRecord one = lookupsOf(id);
      if (one != null) {
        wanted = wanted.isEmpty() ? new HashMap<>() : wanted;
        wanted.put(id, one);
      }
    }
    return wanted;
  }

  void tell(Object request, Prediction prediction, @Nullable LookupRecord lookups) {
    for (Guarded listener : listeners) {
      listener.tell(request, prediction, lookups);
    }
  }

  /** Tells that no model answered. */
  void failed(String id, Throwable failure) {
    for (Guarded listener : listeners) {
      listener.tellFailed(id, failure);
    }
  }

  long failures() {
    long sum = 0;
    for (Guarded listener : listeners) {
      sum += listener.failures.sum();
    }
    return sum;
  }

  private static final class Guarded {

    private final PredictionListener listener;
    private final LongAdder failures = new LongAdder();

    Guarded(PredictionListener listener) {
      this.listener = listener;
    }

    boolean wantsLookups(String id) {
      try {
        return listener.wantsLookups(id);
      } catch (Throwable e) {
        failed(e);
        return false;
      }
    }

    void tell(Object request, Prediction prediction, @Nullable LookupRecord lookups) {
      try {
        if (lookups == null) {
          listener.predicted(request, prediction);
        } else {
          listener.predicted(request, prediction, lookups.lookups());
        }
      } catch (Throwable e) {
        failed(e);
      }
    }

    void tellFailed(String id, Throwable failure) {
      try {
        listener.failed(id, failure);
      } catch (Throwable e) {
        failed(e);
      }
    }

    private void failed(Throwable e) {
      if (failures.sum() == 0) {
        LOG.warn(
            "prediction listener {} failed; its further failures are only counted",
            listener.getClass().getName(),
            e);
      }
      failures.increment();
    }
  }
}
