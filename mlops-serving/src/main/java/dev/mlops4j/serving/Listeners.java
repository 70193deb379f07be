package dev.mlops4j.serving;

import dev.mlops4j.model.Prediction;
import dev.mlops4j.model.PredictionListener;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
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

  void tell(Object request, Prediction prediction) {
    for (Guarded listener : listeners) {
      listener.tell(request, prediction);
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

    void tell(Object request, Prediction prediction) {
      try {
        listener.predicted(request, prediction);
      } catch (Throwable e) {
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
}
