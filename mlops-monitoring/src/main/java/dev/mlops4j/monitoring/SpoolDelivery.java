package dev.mlops4j.monitoring;

import java.io.IOException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Writes to the ledger, on a daemon thread of its own, what is in a spool, and before that what
 * dead processes have left beside it.
 */
final class SpoolDelivery {

  private static final Logger LOG = LoggerFactory.getLogger(Monitor.class);

  /** How long the thread rests when there is nothing, unless it is woken. */
  private static final Duration REST = Duration.ofMillis(500);

  /** How long it leaves a file alone that cannot be read. */
  private static final Duration AFTER_FAILURE = Duration.ofSeconds(1);

  /** How often it looks for what others have left, unless somebody flushes. */
  private static final Duration BETWEEN_LOOKS = Duration.ofMinutes(1);

  private final Spool spool;
  private final String model;
  private final EntryDelivery delivery;
  private final LostEntries lost;
  private final Thread thread;
  private final Queue<Mark> asked = new ConcurrentLinkedQueue<>();
  private final List<Mark> waiting = new ArrayList<>();
  private final Set<Path> unreadable = new HashSet<>();
  private long lookedAt = System.nanoTime() - BETWEEN_LOOKS.toNanos();
  private volatile @Nullable SpoolDirectory takenOver;
  private boolean failed;
  private volatile boolean ended;

  /** The thread that spools and the one that delivers: the last one gives up the directory. */
  private final AtomicInteger users = new AtomicInteger(2);

  /** Done when the segments before this number are in the ledger. */
  private record Mark(long before, CompletableFuture<Void> done) {

    void fail(@Nullable Throwable why) {
      done.completeExceptionally(
          why == null ? new MonitoringException("the monitor was closed meanwhile") : why);
    }
  }

  SpoolDelivery(Spool spool, Ledger ledger, String model, LostEntries lost) {
    this.spool = spool;
    this.model = model;
    this.delivery = new EntryDelivery(ledger, "the ledger", lost);
    this.lost = lost;
    this.thread = new Thread(this::run, "monitor-spool-" + model);
    thread.setDaemon(true);
    thread.start();
  }

  Thread thread() {
    return thread;
  }

  /** Bytes that are not in the ledger yet. */
  long waitingBytes() {
    SpoolDirectory other = takenOver;
    return spool.directory().waitingBytes() + (other == null ? 0 : other.waitingBytes());
  }

  /** There is more in the spool. */
  void wake() {
    LockSupport.unpark(thread);
  }

  /**
   * Completes these when all that was spooled so far, and what dead processes have left, is in the
   * ledger; exceptionally when an attempt to write it fails. Called by the thread that spools.
   */
  void complete(List<CompletableFuture<Void>> marks) {
    long before = spool.roll();
    marks.forEach(done -> asked.add(new Mark(before, done)));
    if (ended) {
      failAsked(delivery.failure());
    }
    wake();
  }

  /** Nothing is spooled any more. */
  void spoolingEnded() {
    spool.close();
    wake();
    leave();
  }

  /** Ends by this time of {@link System#nanoTime}, or when all of a closed spool is delivered. */
  void endBy(long deadline) {
    delivery.endBy(deadline);
    wake();
  }

  private void run() {
    try {
      boolean goesOn = true;
      while (goesOn) {
        // Read before the spool is: what was written before it was closed is seen below.
        boolean last = spool.isClosed();
        goesOn = turn(last);
        if (Thread.interrupted()) {
          // Nobody but this class knows the thread; it ends by a close.
          LOG.debug("a monitor's thread was interrupted");
        }
      }
    } finally {
      ended = true;
      failAll(delivery.failure());
      leave();
    }
  }

  /** Delivers what there is; whether there may be more. */
  private boolean turn(boolean last) {
    boolean rests = false;
    try {
      List<Mark> fresh = new ArrayList<>();
      for (Mark mark = asked.poll(); mark != null; mark = asked.poll()) {
        fresh.add(mark);
      }
      waiting.addAll(fresh);
      boolean inTime = (fresh.isEmpty() && !isTimeToLook()) || deliverWhatOthersLeft();
      inTime = inTime && deliver(spool.directory());
      if (!inTime) {
        return false;
      }
      completeMarks();
      failed = false;
      rests = asked.isEmpty();
    } catch (IOException | RuntimeException | Error e) {
      failAll(e);
      if (!failed) {
        LOG.warn("{} cannot be read; it is tried again", spool, e);
        failed = true;
      }
      LockSupport.parkNanos(this, AFTER_FAILURE.toNanos());
      return !delivery.isOver();
    }
    if (last) {
      return false;
    }
    if (rests) {
      LockSupport.parkNanos(this, REST.toNanos());
    }
    return true;
  }

  private boolean isTimeToLook() {
    return System.nanoTime() - lookedAt >= BETWEEN_LOOKS.toNanos();
  }

  /** False if the time to close was over before all of it was in the ledger. */
  private boolean deliverWhatOthersLeft() {
    lookedAt = System.nanoTime();
    List<Path> others;
    try {
      others = SpoolDirectory.others(spool.ofModel());
    } catch (IOException e) {
      LOG.warn("{} cannot be listed", spool.ofModel(), e);
      return true;
    }
    for (Path other : others) {
      try {
        SpoolDirectory left = SpoolDirectory.takeOver(other);
        if (left != null && !deliverAndDelete(left)) {
          return false;
        }
      } catch (IOException | RuntimeException e) {
        if (unreadable.add(other)) {
          LOG.warn("what another monitor of \"{}\" has left in {} stays there", model, other, e);
        }
      }
    }
    return true;
  }

  private boolean deliverAndDelete(SpoolDirectory left) throws IOException {
    boolean gone = false;
    try {
      long bytes = left.waitingBytes();
      takenOver = left;
      if (!deliver(left)) {
        return false;
      }
      left.delete();
      gone = true;
      if (bytes > 0) {
        LOG.info("{} bytes that a dead process has left in {} are in the ledger", bytes, left);
      }
      return true;
    } finally {
      takenOver = null;
      if (!gone) {
        left.release();
      }
    }
  }

  /** Delivers what there is now; false if the time to close was over before. */
  private boolean deliver(SpoolDirectory directory) throws IOException {
    for (SpoolSegment segment = directory.first(); segment != null; segment = directory.first()) {
      // Read before the end is.
      boolean sealed = segment.isSealed();
      try {
        if (!deliver(directory, segment)) {
          return false;
        }
      } catch (NoSuchFileException e) {
        long entries = Math.max(1, segment.entries());
        lost.addPredictions(entries);
        LOG.error("{} is gone with {} entries that were not in the ledger", segment, entries, e);
        sealed = true;
      }
      if (!sealed) {
        return true;
      }
      directory.remove(segment);
    }
    return true;
  }

  private boolean deliver(SpoolDirectory directory, SpoolSegment segment) throws IOException {
    long end = segment.end();
    while (segment.delivered() < end) {
      SpoolReader.Batch batch =
          SpoolReader.read(segment.file(), segment.delivered(), end, LedgerWriter.BATCH);
      if (batch.torn() > 0) {
        LOG.warn(
            "the last {} bytes of {} were not written wholly, and are left out",
            batch.torn(),
            segment);
      }
      for (SpoolReader.Part part : batch.damaged()) {
        Path aside = directory.setAside(segment, part);
        lost.addPredictions(1);
        LOG.error(
            "{} bytes of {} are damaged and not in the ledger; they are kept in {}",
            part.to() - part.from(),
            segment,
            aside);
      }
      if (!delivery.deliver(batch.entries(), this::failAll)) {
        return false;
      }
      segment.delivered(batch.upTo(), batch.entries().size() + batch.damaged().size());
    }
    return true;
  }

  private void completeMarks() {
    SpoolSegment first = spool.directory().first();
    waiting.removeIf(
        mark -> {
          boolean done = first == null || first.number() >= mark.before;
          if (done) {
            mark.done.complete(null);
          }
          return done;
        });
  }

  private void failAll(@Nullable Throwable failure) {
    failAsked(failure);
    waiting.forEach(mark -> mark.fail(failure));
    waiting.clear();
  }

  private void failAsked(@Nullable Throwable failure) {
    for (Mark mark = asked.poll(); mark != null; mark = asked.poll()) {
      mark.fail(failure);
    }
  }

  /** Gives up the directory, so that another monitor can take over what is left in it. */
  private void leave() {
    if (users.decrementAndGet() > 0) {
      return;
    }
    SpoolDirectory own = spool.directory();
    long bytes = own.waitingBytes();
    if (own.first() == null) {
      try {
        own.delete();
      } catch (IOException e) {
        LOG.debug("{} could not be deleted", spool, e);
      }
    } else {
      own.release();
      LOG.warn(
          "{} bytes wait in {}: the next monitor of \"{}\" with this spool writes them to the"
              + " ledger",
          bytes,
          own,
          model,
          delivery.failure());
    }
  }
}
