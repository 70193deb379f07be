package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** What a step and an element of one have in common: tries, and how they end. */
abstract class WorkTask implements Runnable {

  final Execution execution;
  final RunScope scope;
  final StepState state;
  final Step<?> step;
  final StepLog log;
  final WorkRecord record;

  /** How often it was tried. */
  int tried;

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

  /** Whether this is who computes the output for all runs. */
  boolean isClaimed() {
    return false;
  }

  /** Gives up the claim, if it has one and that is not done by who keeps the output. */
  void release(boolean isKept) {}

  /** Tries it once; again later if that failed and may be tried again. */
  final void attempt(StepKey known, Work.Body body, Output<?> form, Object[] inputs) {
    tried++;
    StepContext context =
        new StepContext(
            record.name(), tried, known.seed(), scope.run(), record::open, log, scope.scratch());
    BodyRun.End end = BodyRun.once(scope, step, context, body, inputs);
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
    boolean claimed = isClaimed();
    record.finish(
        tags,
        artifacts,
        id -> step.settings().cached() ? kept(known, written, id, claimed) : null,
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
      StepKey known, StoredOutput.Written written, String id, boolean claimed) {
    return new JdbcStepCache.Kept(
        known.digest().hex(), StepStart.entry(scope, step, known, written.text(), id), claimed);
  }
}
