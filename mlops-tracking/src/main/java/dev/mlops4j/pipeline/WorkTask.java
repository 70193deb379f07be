package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** What a step and an element of one have in common: tries, and how they end. */
abstract class WorkTask implements Runnable {

  /** How often it is looked whether another run has the output that this one waits for. */
  private static final Duration POLL = Duration.ofMillis(200);

  final Execution execution;
  final RunScope scope;
  final StepState state;
  final Step<?> step;
  final StepLog log;
  final WorkRecord record;

  /** How often it was tried. */
  int tried;

  /** Known once its inputs are. */
  @Nullable StepKey key;

  /** Whether this is who computes the output for all runs. */
  private boolean claimed;

  WorkTask(
      Execution execution, StepState state, Run parent, String name, String tag, String value) {
    this.execution = execution;
    this.scope = execution.scope();
    this.state = state;
    this.step = state.step;
    this.log = new StepLog(scope.clock());
    this.record = new WorkRecord(scope, parent, name, tag, value);
  }

  @Override
  public final void run() {
    try {
      if (scope.isCancelled()) {
        cancelled();
      } else {
        turn();
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  /** Does what is next. */
  abstract void turn();

  /** It has ended so, once. */
  abstract void ended(StepEnd end);

  /** Ends with what the cache has; whether that is anything. */
  abstract boolean takeCached(StepKey known);

  /**
   * Takes the output from the cache, or the claim to compute it; false if there is nothing to do,
   * or not yet, as another run computes it.
   */
  final boolean claim(StepKey known) {
    if (claimed) {
      return true;
    }
    if (takeCached(known)) {
      return false;
    }
    if (!scope.cache().claim(known.digest().hex(), scope.token(), scope.clock().instant())) {
      scope.pool().later(this, POLL);
      return false;
    }
    claimed = true;
    // Who held the claim before may have kept the output since.
    return !takeCached(known);
  }

  /** Gives up the claim, if it has one and that is not done by who keeps the output. */
  final void release(boolean isKept) {
    StepKey known = key;
    if (claimed && known != null) {
      claimed = false;
      try {
        if (!isKept) {
          scope.cache().release(known.digest().hex(), scope.token());
        }
      } catch (Throwable e) {
        // It runs out by itself.
        log.warn("the claim of {} could not be given up", record.name(), e);
      }
    }
  }

  /** Tries it once; again later if that failed and may be tried again. */
  final void attempt(StepKey known, Work.Body body, Output<?> form, Object[] inputs) {
    tried++;
    StepContext context =
        new StepContext(
            record.name(), tried, known.seed(), scope.run(), record::open, log, scope.scratch());
    BodyRun.End end = BodyRun.once(scope, step, context, log, body, inputs);
    Object value = end.value();
    Throwable failure = end.failure();
    if (failure != null && !scope.isCancelled() && step.settings().retry().again(tried, failure)) {
      log.warn("try {} failed, and another one is made", tried, failure);
      execution.retried(state, record.name(), tried, failure);
      SplittableRandom random =
          new SplittableRandom(known.seed() ^ scope.run().id().hashCode() ^ tried);
      scope.pool().later(this, step.settings().retry().delay(tried, random));
    } else if (failure != null) {
      failed(failure);
    } else if (value == null) {
      cancelled();
    } else {
      finished(known, value, StepStart.store(scope, record.name(), form, value), false);
    }
  }

  /** It has its output, which counts when it is recorded. */
  final void finished(StepKey known, Object value, StoredOutput stored, boolean codeChanged) {
    StoredOutput.Written written = stored.write(scope.artifacts());
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(StepTags.OUTPUT, written.text());
    tags.putAll(attempts());
    List<RunArtifact> artifacts = new ArrayList<>(written.artifacts());
    StepStart.log(scope, log).ifPresent(artifacts::add);
    boolean isClaimed = claimed;
    record.finish(
        tags,
        artifacts,
        id -> step.settings().cached() ? kept(known, written, id, isClaimed) : null,
        id -> {
          release(true);
          ended(
              new StepEnd(StepStatus.FINISHED, value, stored, null, null, tried, id, codeChanged));
        },
        this::failed);
  }

  final void failed(Throwable failure) {
    release(false);
    ended(StepEnd.failed(failure, tried, record.fail(failure, attempts(), log)));
  }

  final void cancelled() {
    release(false);
    ended(StepEnd.cancelled(tried, record.cancel(attempts(), log)));
  }

  private Map<String, String> attempts() {
    return Map.of(StepTags.ATTEMPTS, Integer.toString(tried));
  }

  private JdbcStepCache.Kept kept(
      StepKey known, StoredOutput.Written written, String id, boolean isClaimed) {
    return new JdbcStepCache.Kept(
        known.digest().hex(), StepStart.entry(scope, step, known, written.text(), id), isClaimed);
  }
}
