package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.InvalidNameException;
import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunExistsException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Records the steps and elements of a run that have ended, in the background: those that ended
 * while the disk was busy share one write. What goes on with an output waits until that is
 * recorded; the cache gets it afterwards, for which only the end of the run waits. What nobody
 * waits for is tried once more then, and if it is lost the run ends as it would have. Safe for any
 * number of threads.
 */
final class RunRecorder {

  private static final Logger LOG = LoggerFactory.getLogger(RunRecorder.class);

  private static final int MOST = 256;

  private final JobPool pool;
  private final JdbcStepCache cache;
  private final String token;
  private final Deque<Ended> waiting = new ArrayDeque<>();
  private final List<JdbcStepCache.Kept> outputs = new ArrayList<>();
  private boolean busy;

  /** What nobody waited for and could not be written. */
  private final List<Ended> lostNotes = new ArrayList<>();

  private final List<JdbcStepCache.Kept> lostOutputs = new ArrayList<>();

  /** Held by who writes, also while it is told what was written. */
  private final ReentrantLock writing = new ReentrantLock();

  /**
   * For one run.
   *
   * @param token by which the run holds its claims
   */
  RunRecorder(JobPool pool, JdbcStepCache cache, String token) {
    this.pool = pool;
    this.cache = cache;
    this.token = token;
  }

  /**
   * What has ended.
   *
   * @param kept what the cache is to have of it; null if nothing
   * @param recorded is called when it is recorded
   * @param failed is given why it could not be recorded
   */
  record Ended(
      Run parent,
      PastRun past,
      JdbcStepCache.@Nullable Kept kept,
      Runnable recorded,
      Consumer<Throwable> failed) {}

  void add(Ended ended) {
    synchronized (this) {
      waiting.add(ended);
    }
    write();
  }

  /** Records what can be found again if it is lost: only the end of the run waits for it. */
  void note(Run parent, PastRun past) {
    add(new Ended(parent, past, null, () -> {}, e -> lost(parent, past, e)));
  }

  private synchronized void lost(Run parent, PastRun past, Throwable e) {
    LOG.debug("{} was not recorded, which is tried again", past.name(), e);
    lostNotes.add(
        new Ended(
            parent,
            past,
            null,
            () -> {},
            again -> LOG.warn("{} is not among what run {} did", past.name(), parent.id(), again)));
  }

  /** Has the cache keep the output of something that is recorded. */
  void keep(JdbcStepCache.Kept kept) {
    synchronized (this) {
      outputs.add(kept);
    }
    write();
  }

  /** Writes all there is, on this thread. Of what is lost then the log says so. */
  void flush() {
    drain();
    writing.lock();
    try {
      synchronized (this) {
        waiting.addAll(lostNotes);
        lostNotes.clear();
        outputs.addAll(lostOutputs);
        lostOutputs.clear();
      }
      drain();
      giveUp();
    } finally {
      writing.unlock();
    }
  }

  /** Others need not wait for outputs that are not kept. */
  private synchronized void giveUp() {
    for (JdbcStepCache.Kept lost : lostOutputs) {
      LOG.warn("an output of step \"{}\" is not kept for other runs", lost.entry().step());
      try {
        if (lost.claimed()) {
          cache.release(lost.key(), token);
        }
      } catch (Throwable e) {
        LOG.warn("the claim of step \"{}\" was not given up", lost.entry().step(), e);
      }
    }
    lostOutputs.clear();
  }

  private void write() {
    synchronized (this) {
      if (busy) {
        return;
      }
      busy = true;
    }
    pool.record(this::drain);
  }

  private void drain() {
    writing.lock();
    try {
      List<Ended> next = next();
      while (!next.isEmpty()) {
        record(next);
        next = next();
      }
      keepAll();
    } finally {
      writing.unlock();
    }
  }

  private synchronized List<Ended> next() {
    List<Ended> next = new ArrayList<>();
    while (!waiting.isEmpty() && next.size() < MOST) {
      next.add(waiting.remove());
    }
    busy = !next.isEmpty();
    return next;
  }

  /** All that one run has is one write. Those who wait are told when all is written. */
  private void record(List<Ended> all) {
    Map<Run, List<Ended>> byParent = new LinkedHashMap<>();
    all.forEach(each -> byParent.computeIfAbsent(each.parent(), p -> new ArrayList<>()).add(each));
    List<Runnable> answers = new ArrayList<>();
    byParent.forEach(
        (parent, of) -> {
          try {
            write(parent, of, answers);
          } catch (InvalidNameException | RunExistsException e) {
            // One is refused; the others have nothing to do with it.
            of.forEach(each -> writeAlone(parent, each, answers));
          } catch (Throwable e) {
            of.forEach(each -> answers.add(() -> each.failed().accept(e)));
          }
        });
    answers.forEach(Runnable::run);
  }

  private void write(Run parent, List<Ended> of, List<Runnable> answers) {
    List<String> unused = parent.children(of.stream().map(Ended::past).toList());
    of.forEach(each -> answers.add(() -> recorded(each)));
  }

  private void writeAlone(Run parent, Ended ended, List<Runnable> answers) {
    try {
      write(parent, List.of(ended), answers);
    } catch (Throwable e) {
      answers.add(() -> ended.failed().accept(e));
    }
  }

  private void recorded(Ended ended) {
    if (ended.kept() != null) {
      synchronized (this) {
        outputs.add(ended.kept());
      }
    }
    ended.recorded().run();
  }

  private void keepAll() {
    List<JdbcStepCache.Kept> all;
    synchronized (this) {
      all = List.copyOf(outputs);
      outputs.clear();
    }
    if (!all.isEmpty()) {
      try {
        cache.putAll(all, token);
      } catch (Throwable e) {
        LOG.warn("outputs of {} steps were not kept, which is tried again", all.size(), e);
        synchronized (this) {
          lostOutputs.addAll(all);
        }
      }
    }
  }
}
