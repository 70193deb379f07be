package dev.mlops4j.monitoring;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Hands batches to a sink, on one thread. While the sink fails, a batch is tried again; an entry
 * that it refuses for what it is is found by halves, left out and counted.
 */
final class EntryDelivery {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(50);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** A sink that fails and recovers all the time is told no more often than this. */
  private static final Duration BETWEEN_WARNINGS = Duration.ofMinutes(1);

  private final EntrySink sink;
  private final String name;
  private final LostEntries lost;
  private volatile boolean closed;
  private volatile long deadline;
  private volatile List<LedgerEntry> inHand = List.of();
  private volatile @Nullable Throwable failure;
  private @Nullable Throwable told;
  private long toldAt = System.nanoTime() - BETWEEN_WARNINGS.toNanos();

  EntryDelivery(EntrySink sink, String name, LostEntries lost) {
    this.sink = sink;
    this.name = name;
    this.lost = lost;
  }

  /**
   * Writes these, trying again until they are or the time to close is over; whether they are.
   *
   * @param onFailure hears of each attempt that failed
   */
  boolean deliver(List<LedgerEntry> entries, Consumer<Throwable> onFailure) {
    inHand = entries;
    Deque<List<LedgerEntry>> parts = new ArrayDeque<>();
    parts.push(entries);
    Duration pause = FIRST_PAUSE;
    while (!parts.isEmpty()) {
      List<LedgerEntry> part = parts.pop();
      if (part.isEmpty()) {
        continue;
      }
      try {
        sink.write(part);
        inHand = parts.stream().flatMap(List::stream).toList();
        pause = FIRST_PAUSE;
      } catch (RuntimeException | Error e) {
        if (sink.isRefusal(e) || (part.size() > 1 && sink.isFull(e))) {
          divide(part, parts, e);
          continue;
        }
        parts.push(part);
        failure = e;
        onFailure.accept(e);
        tell(e);
        if (isOver()) {
          return false;
        }
        pause(pause);
        // A look whether there is room costs little; another failure may be of something busy.
        pause = sink.isFull(e) ? FIRST_PAUSE : longer(pause);
      }
    }
    inHand = List.of();
    failure = null;
    tellEnd();
    return true;
  }

  /** Has attempts end at this time of {@link System#nanoTime}; one that has begun goes on. */
  void endBy(long deadline) {
    this.deadline = deadline;
    closed = true;
  }

  /** Whether the time to close is over. */
  boolean isOver() {
    return closed && System.nanoTime() - deadline >= 0;
  }

  /** What was to be written last and is not. */
  List<LedgerEntry> inHand() {
    return inHand;
  }

  /** Why the last attempt failed, or null if it did not. */
  @Nullable Throwable failure() {
    return failure;
  }

  /** Has both halves written one after the other, in their order; a refused one is left out. */
  private void divide(List<LedgerEntry> part, Deque<List<LedgerEntry>> parts, Throwable why) {
    if (part.size() == 1) {
      lost.add(part.get(0));
      inHand = parts.stream().flatMap(List::stream).toList();
      LOG.error("{} refuses an entry, which is left out", name, why);
    } else {
      int half = part.size() / 2;
      parts.push(part.subList(half, part.size()));
      parts.push(part.subList(0, half));
    }
  }

  /** Once when it begins; it may last for hours. */
  private void tell(Throwable e) {
    long now = System.nanoTime();
    if (told == null && now - toldAt >= BETWEEN_WARNINGS.toNanos()) {
      LOG.warn(
          "{} cannot be written; {} entries wait, and are tried again", name, inHand.size(), e);
      told = e;
      toldAt = now;
    } else {
      LOG.debug("{} cannot be written", name, e);
    }
  }

  private void tellEnd() {
    if (told != null) {
      LOG.info("{} is written again", name);
      told = null;
    }
  }

  private static Duration longer(Duration pause) {
    Duration twice = pause.multipliedBy(2);
    return twice.compareTo(LONGEST_PAUSE) > 0 ? LONGEST_PAUSE : twice;
  }

  /** Waits; a close, and the end of its time, are reasons to try again at once. */
  private void pause(Duration pause) {
    boolean wasClosed = closed;
    long now = System.nanoTime();
    long end = now + pause.toNanos();
    while (now - end < 0 && closed == wasClosed && !isOver()) {
      try {
        TimeUnit.MILLISECONDS.sleep(20);
      } catch (InterruptedException e) {
        LOG.debug("a monitor's thread was interrupted", e);
      }
      now = System.nanoTime();
    }
  }
}
