package dev.mlops4j.feature;

import dev.mlops4j.MlopsException;
import java.time.Duration;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * A lookup that waits no longer than stated, for an online store that may be slow or down. Safe for
 * any number of threads.
 *
 * <pre>{@code
 * GuardedLookup guarded =
 *     GuardedLookup.of(features).timeout(Duration.ofMillis(20)).orDefaults().build();
 * Predictor<Flight> predictor = Predictor.of(FEATURES).online(guarded)...
 * }</pre>
 *
 * <p>Each lookup runs on one of {@link Builder#threads} daemon threads while the caller waits. What
 * is given instead of an answer is stated: an exception, unless {@link Builder#orDefaults} says
 * that it is what a key without events has, with status MISSING; a count is 0 then, though nothing
 * was counted, and {@link FeatureValues#isAnswered} is false. It is given
 *
 * <ul>
 *   <li>after the timeout, time in the queue included; the lookup is taken out of the queue, or
 *       interrupted. Before the first answer of a view it is not interrupted but goes on, because a
 *       feature store brings its online store up to the history then, which would never end
 *       otherwise.
 *   <li>at once, while every thread is stuck in a lookup that ran out of time and took no notice of
 *       the interrupt, or while the queue is full. The store is asked again as soon as a thread is
 *       free.
 *   <li>if the caller is interrupted, which stays so.
 *   <li>if the lookup throws an {@link MlopsException} that is none of the next sentence's.
 * </ul>
 *
 * <p>That a view is unknown or has changed, that a key does not fit or has too many events ({@link
 * NoSuchFeatureViewException}, {@link FeatureDefinitionException}, {@link FeatureDataException},
 * {@link TooManyEventsException}) is never hidden, and neither is what is no {@code
 * MlopsException}.
 */
public final class GuardedLookup implements FeatureLookup, AutoCloseable {

  /** How long a lookup may take: 100 ms. */
  public static final Duration DEFAULT_TIMEOUT = Duration.ofMillis(100);

  /** How many lookups run at a time: 16. */
  public static final int DEFAULT_THREADS = 16;

  /** How many more lookups may wait for a thread: 1,000. */
  public static final int DEFAULT_QUEUE = 1_000;

  private static final long IDLE_SECONDS = 60;

  private final FeatureLookup lookup;
  private final Duration timeout;
  private final long timeoutNanos;
  private final boolean defaults;
  private final int threads;
  private final ThreadPoolExecutor executor;
  private final Set<FeatureView> answered = ConcurrentHashMap.newKeySet();
  private final AtomicInteger stuck = new AtomicInteger();
  private final LongAdder timeouts = new LongAdder();
  private final LongAdder refusals = new LongAdder();
  private final LongAdder failures = new LongAdder();

  private GuardedLookup(Builder builder) {
    this.lookup = builder.lookup;
    this.timeout = builder.timeout;
    this.timeoutNanos = TimeUnit.NANOSECONDS.convert(builder.timeout);
    this.defaults = builder.defaults;
    this.threads = builder.threads;
    AtomicInteger made = new AtomicInteger();
    this.executor =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(builder.queue),
            work -> {
              Thread thread = new Thread(work, "mlops4j-lookup-" + made.incrementAndGet());
              thread.setDaemon(true);
              return thread;
            });
    executor.allowCoreThreadTimeOut(true);
  }

  /** Starts to guard a lookup, which stays the caller's to close. */
  public static Builder of(FeatureLookup lookup) {
    return new Builder(lookup);
  }

  /**
   * The features of this key at this moment, or what is stated in place of an answer.
   *
   * @throws LookupTimeoutException if there is no answer in time, unless it gives defaults
   * @throws MlopsException as the lookup throws, unless it gives defaults
   * @throws FeatureDefinitionException as the lookup throws; so are {@link
   *     NoSuchFeatureViewException}, {@link FeatureDataException}, {@link TooManyEventsException}
   * @throws IllegalStateException if it is closed
   */
  @Override
  public FeatureValues get(FeatureView view, EntityKey key, Instant at) {
    checkOpen();
    if (stuck.get() >= threads) {
      return refused(view, "all " + threads + " threads are stuck in lookups that ran out of time");
    }
    Asked asked = new Asked(view, key, at);
    try {
      executor.execute(asked);
    } catch (RejectedExecutionException e) {
      checkOpen();
      return refused(view, "all " + threads + " threads are busy and the queue is full");
    }
    try {
      return asked.get(timeoutNanos, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      asked.giveUp();
      timeouts.increment();
      return noAnswer(view, "it was not answered in time", null);
    } catch (InterruptedException e) {
      asked.giveUp();
      failures.increment();
      Thread.currentThread().interrupt();
      return noAnswer(view, "the thread that asked was interrupted", e);
    } catch (CancellationException e) {
      throw closed(e); // by close(): no other cancels what is waited for
    } catch (ExecutionException e) {
      return failed(view, e.getCause());
    }
  }

  /** Asks the lookup itself, without a timeout: this is for when a service starts. */
  @Override
  public void requireView(FeatureView view) {
    lookup.requireView(view);
  }

  /** How many lookups were not answered within the timeout. */
  public long timeouts() {
    return timeouts.sum();
  }

  /** How many lookups were not tried, because all threads were stuck or the queue was full. */
  public long refusals() {
    return refusals.sum();
  }

  /** How many lookups failed with a storage error, or because their caller was interrupted. */
  public long failures() {
    return failures.sum();
  }

  /**
   * Ends the threads: lookups under way are interrupted, those in the queue end with an {@link
   * IllegalStateException}, as every later one does. What is guarded is not closed. Closing twice
   * does nothing.
   */
  @Override
  public void close() {
    executor.shutdownNow().forEach(waiting -> ((Asked) waiting).cancel(false));
  }

  private void checkOpen() {
    if (executor.isShutdown()) {
      throw closed(null);
    }
  }

  private static IllegalStateException closed(@Nullable Throwable cause) {
    return new IllegalStateException(
        "the guarded lookup is closed; use it before it is closed", cause);
  }

  private FeatureValues refused(FeatureView view, String found) {
    refusals.increment();
    return noAnswer(view, found, null);
  }

  private FeatureValues failed(FeatureView view, @Nullable Throwable cause) {
    if (cause instanceof MlopsException failure && !isOfTheQuestion(failure)) {
      failures.increment();
      if (defaults) {
        return FeatureValues.unanswered(view);
      }
      throw failure;
    }
    if (cause instanceof Error error) {
      throw error;
    }
    throw (RuntimeException) Objects.requireNonNull(cause, "cause");
  }

  private static boolean isOfTheQuestion(MlopsException failure) {
    return failure instanceof FeatureDefinitionException
        || failure instanceof NoSuchFeatureViewException
        || failure instanceof FeatureDataException
        || failure instanceof TooManyEventsException;
  }

  private FeatureValues noAnswer(FeatureView view, String found, @Nullable Throwable cause) {
    if (defaults) {
      return FeatureValues.unanswered(view);
    }
    throw new LookupTimeoutException(view.name(), timeout, found, cause);
  }

  /** How far a lookup is. */
  private enum Stage {
    WAITING,
    RUNNING,
    STUCK,
    ENDED
  }

  /** A lookup that is asked for. */
  private final class Asked extends FutureTask<FeatureValues> {

    private final FeatureView view;
    private final AtomicReference<Stage> stage = new AtomicReference<>(Stage.WAITING);

    Asked(FeatureView view, EntityKey key, Instant at) {
      super(
          () -> {
            FeatureValues values = lookup.get(view, key, at);
            answered.add(view);
            return values;
          });
      this.view = view;
    }

    @Override
    public void run() {
      if (!stage.compareAndSet(Stage.WAITING, Stage.RUNNING)) {
        return;
      }
      try {
        super.run();
      } finally {
        if (stage.getAndSet(Stage.ENDED) == Stage.STUCK) {
          stuck.decrementAndGet();
        }
      }
    }

    /** No longer waits for the answer. */
    void giveUp() {
      if (stage.compareAndSet(Stage.WAITING, Stage.ENDED)) {
        executor.remove(this);
        cancel(false);
        return;
      }
      if (stage.compareAndSet(Stage.RUNNING, Stage.STUCK)) {
        stuck.incrementAndGet();
      }
      cancel(answered.contains(view));
    }
  }

  /** Collects the settings of a guarded lookup. Not safe for use by several threads. */
  public static final class Builder {

    private final FeatureLookup lookup;
    private Duration timeout = DEFAULT_TIMEOUT;
    private boolean defaults;
    private int threads = DEFAULT_THREADS;
    private int queue = DEFAULT_QUEUE;

    private Builder(FeatureLookup lookup) {
      this.lookup = Objects.requireNonNull(lookup, "lookup");
    }

    /**
     * How long a lookup may take, {@link #DEFAULT_TIMEOUT} unless stated.
     *
     * @throws IllegalArgumentException if it is not positive
     */
    public Builder timeout(Duration timeout) {
      if (timeout.isNegative() || timeout.isZero()) {
        throw new IllegalArgumentException("timeout is positive, found " + timeout);
      }
      this.timeout = timeout;
      return this;
    }

    /** A lookup without an answer gives what a key without events has, with status MISSING. */
    public Builder orDefaults() {
      this.defaults = true;
      return this;
    }

    /** A lookup without an answer throws, as it does unless stated otherwise. */
    public Builder orThrow() {
      this.defaults = false;
      return this;
    }

    /**
     * How many lookups run at a time, {@value #DEFAULT_THREADS} unless stated.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder threads(int threads) {
      this.threads = atLeastOne("threads", threads);
      return this;
    }

    /**
     * How many more lookups may wait for a thread, {@value #DEFAULT_QUEUE} unless stated.
     *
     * @throws IllegalArgumentException if it is less than 1
     */
    public Builder queue(int lookups) {
      this.queue = atLeastOne("queue", lookups);
      return this;
    }

    /** The guarded lookup. Threads are started when they are needed. */
    public GuardedLookup build() {
      return new GuardedLookup(this);
    }

    private static int atLeastOne(String setting, int value) {
      if (value < 1) {
        throw new IllegalArgumentException(setting + " is at least 1, found " + value);
      }
      return value;
    }
  }
}
