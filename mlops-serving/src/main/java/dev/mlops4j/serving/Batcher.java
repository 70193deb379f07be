package dev.mlops4j.serving;

import dev.mlops4j.model.Model;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * Predicts the rows of concurrent callers together. There is no thread of its own: one of the
 * callers leads, which gathers the rows that are there and predicts them for all, while the next
 * ones gather behind it.
 */
final class Batcher {

  private final Model model;
  private final int maxRows;
  private final long maxWaitNanos;
  private final int width;
  private final int outputs;
  private final AtomicInteger callers = new AtomicInteger();
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition arrived = lock.newCondition();
  private final Condition answered = lock.newCondition();
  private final Deque<Row> waiting = new ArrayDeque<>();
  private boolean led;

  Batcher(Model model, Batching batching) {
    this.model = model;
    this.maxRows = batching.maxRows();
    this.maxWaitNanos = batching.maxWait().toNanos();
    this.width = model.signature().width();
    this.outputs = model.signature().output().width();
  }

  /**
   * Announces a caller that will ask for a row, so that a batch may wait for it; it then calls
   * {@link #predict} or {@link #leave}.
   */
  void enter() {
    callers.incrementAndGet();
  }

  /** The caller will not ask after all. */
  void leave() {
    lock.lock();
    try {
      callers.decrementAndGet();
      arrived.signal();
    } finally {
      lock.unlock();
    }
  }

  /**
   * Predicts one row, in a batch if there are others. Called after {@link #enter}.
   *
   * @throws RuntimeException what the model threw for this row
   */
  double[] predict(double[] vector) {
    Row row = new Row(vector);
    lock.lock();
    try {
      waiting.add(row);
      arrived.signal();
      while (!row.done) {
        if (led) {
          answered.awaitUninterruptibly();
        } else {
          lead();
        }
      }
    } finally {
      lock.unlock();
    }
    return row.answer();
  }

  /** How many rows wait for a batch. */
  int waiting() {
    lock.lock();
    try {
      return waiting.size();
    } finally {
      lock.unlock();
    }
  }

  /** Gathers a batch and predicts it; the first row that waits is in it. Holds the lock. */
  private void lead() {
    led = true;
    List<Row> batch = new ArrayList<>();
    try {
      gather();
      while (batch.size() < maxRows && !waiting.isEmpty()) {
        batch.add(waiting.remove());
      }
      lock.unlock();
      try {
        answer(batch);
      } finally {
        lock.lock();
      }
    } finally {
      batch.forEach(row -> row.done = true);
      callers.addAndGet(-batch.size());
      led = false;
      answered.signalAll();
    }
  }

  private void gather() {
    long nanos = maxWaitNanos;
    while (nanos > 0 && waiting.size() < maxRows && waiting.size() < callers.get()) {
      try {
        nanos = arrived.awaitNanos(nanos);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private void answer(List<Row> batch) {
    if (batch.size() > 1) {
      double[] vectors = new double[batch.size() * width];
      for (int i = 0; i < batch.size(); i++) {
        System.arraycopy(batch.get(i).vector, 0, vectors, i * width, width);
      }
      try {
        double[] all = model.predictAll(vectors, batch.size());
        for (int i = 0; i < batch.size(); i++) {
          batch.get(i).output = Arrays.copyOfRange(all, i * outputs, (i + 1) * outputs);
        }
        return;
      } catch (RuntimeException e) {
        // One row may have spoiled it for the others: each is asked alone.
      }
    }
    for (Row row : batch) {
      try {
        row.output = model.predict(row.vector);
      } catch (Throwable e) {
        row.failure = e;
      }
    }
  }

  /** One caller's row. Written by the leader before {@code done} is set under the lock. */
  private static final class Row {

    private final double[] vector;
    private double @Nullable [] output;
    private @Nullable Throwable failure;
    private boolean done;

    Row(double[] vector) {
      this.vector = vector;
    }

    double[] answer() {
      if (failure instanceof RuntimeException e) {
        throw e;
      }
      if (failure instanceof Error e) {
        throw e;
      }
      if (output == null) {
        throw new IllegalStateException("the batch ended without an answer");
      }
      return output;
    }
  }
}
