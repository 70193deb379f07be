package dev.mlops4j.serving;

import dev.mlops4j.model.Prediction;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A challenger that predicts what was answered already, on a thread of its own. Requests wait in a
 * bounded queue; those that find it full are dropped and counted.
 */
final class Shadow<T> {

  private static final Logger LOG = LoggerFactory.getLogger(Shadow.class);
  private static final long IDLE_SECONDS = 30;

  private final Arm<T> arm;
  private final @Nullable ShadowListener listener;
  private final ThreadPoolExecutor thread;
  private final LongAdder failed = new LongAdder();
  private final LongAdder dropped = new LongAdder();
  private Comparison comparison = new Comparison(0, 0);

  Shadow(Arm<T> arm, int waiting, @Nullable ShadowListener listener) {
    this.arm = arm;
    this.listener = listener;
    this.thread =
        new ThreadPoolExecutor(
            1,
            1,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(waiting),
            work -> {
              Thread made = new Thread(work, "mlops4j-shadow-" + arm.name());
              made.setDaemon(true);
              return made;
            },
            (work, pool) -> dropped.increment());
    thread.allowCoreThreadTimeOut(true);
  }

  Arm<T> arm() {
    return arm;
  }

  /** Asks the shadow what was answered; never blocks or throws. */
  void offer(T request, Prediction answered) {
    if (arm.serves()) {
      thread.execute(() -> compare(request, answered));
    }
  }

  private void compare(T request, Prediction answered) {
    try {
      ServedVersion<T> version = arm.acquire();
      Prediction shadowed;
      try {
        shadowed =
            version.predictAt(
                answered.askedAt(), answered.id(), request, arm.name(), System.nanoTime());
      } finally {
        version.release();
      }
      record(answered, shadowed);
      if (listener != null) {
        listener.compared(answered, shadowed);
      }
    } catch (Throwable e) {
      if (failed.sum() == 0) {
        LOG.warn("shadow \"{}\" failed; its further failures are only counted", arm.name(), e);
      }
      failed.increment();
    }
  }

  private synchronized void record(Prediction answered, Prediction shadowed) {
    if (!comparison.isOf(answered.version(), shadowed.version())) {
      comparison = new Comparison(answered.version(), shadowed.version());
    }
    comparison.add(answered, shadowed);
  }

  synchronized ShadowReport report() {
    return comparison.report(arm.name(), failed.sum(), dropped.sum());
  }

  /** Ends after the comparison under way; those that wait are dropped. */
  void close() {
    thread.shutdownNow().forEach(work -> dropped.increment());
  }

  /** The sums over what two versions were both asked; guarded by the shadow. */
  private static final class Comparison {

    private final int answeringVersion;
    private final int shadowVersion;
    private long compared;
    private double sum;
    private double max = Double.NaN;
    private long otherLabels;

    Comparison(int answeringVersion, int shadowVersion) {
      this.answeringVersion = answeringVersion;
      this.shadowVersion = shadowVersion;
    }

    boolean isOf(int answering, int shadow) {
      return answeringVersion == answering && shadowVersion == shadow;
    }

    void add(Prediction answered, Prediction shadowed) {
      double[] one = answered.output();
      double[] other = shadowed.output();
      if (one.length != other.length) {
        throw new IllegalStateException(
            "the shadow gives " + other.length + " outputs where " + one.length + " are answered");
      }
      double greatest = 0;
      for (int i = 0; i < one.length; i++) {
        greatest = Math.max(greatest, Math.abs(one[i] - other[i]));
      }
      compared++;
      sum += greatest;
      max = Double.isNaN(max) ? greatest : Math.max(max, greatest);
      if (one.length > 1 && !answered.label().equals(shadowed.label())) {
        otherLabels++;
      }
    }

    ShadowReport report(String name, long failed, long dropped) {
      return new ShadowReport(
          name,
          answeringVersion,
          shadowVersion,
          compared,
          compared == 0 ? Double.NaN : sum / compared,
          max,
          otherLabels,
          failed,
          dropped);
    }
  }
}
