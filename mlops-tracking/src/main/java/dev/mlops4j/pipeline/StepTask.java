package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One step of a run. It holds a thread while it does something: it comes back later when another
 * run computes its output, when it is tried again, and when its elements are done.
 */
final class StepTask implements Runnable {

  /** How often it is looked whether another run has the output that this one waits for. */
  private static final Duration POLL = Duration.ofMillis(200);

  private final Execution execution;
  private final RunScope scope;
  private final StepState state;
  private final Step<?> step;
  private final StepLog log;
  private @Nullable StepKey key;
  private @Nullable Run run;
  private @Nullable Instant beganAt;
  private boolean claimed;
  private int tried;

  StepTask(Execution execution, StepState state) {
    this.execution = execution;
    this.scope = execution.scope();
    this.state = state;
    this.step = state.step;
    this.log = new StepLog(scope.clock());
  }

  @Override
  public void run() {
    try {
      turn();
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void turn() {
    if (scope.isCancelled()) {
      cancelled();
      return;
    }
    StepKey known = key;
    if (known == null) {
      StepEnd early = StepStart.endBefore(execution, state);
      if (early != null) {
        execution.ended(state, early);
        return;
      }
      known = StepKey.of(scope.pipeline().name(), step, execution::known);
      if (known == null) {
        throw new IllegalStateException("an input of " + step + " has ended without an output");
      }
      key = known;
      Optional<StepEnd> kept = StepStart.kept(scope, step, known);
      if (kept.isPresent()) {
        execution.ended(state, kept.get());
        return;
      }
    }
    if (step.settings().cached() && !claimed && !claim(known)) {
      return;
    }
    begin(known);
    if (step.work() instanceof Work.ForEach each) {
      new ItemTasks(execution, state, step, each, known, openRun(known), this::joined).start();
    } else if (step.work() instanceof Work.Call call) {
      attempt(known, call);
    }
  }

  /**
   * Takes the output from the cache, or the claim to compute it; false if there is nothing to do.
   */
  private boolean claim(StepKey known) {
    Optional<StepEnd> hit = cached(known);
    if (hit.isEmpty()) {
      if (!scope.cache().claim(known.digest().hex(), scope.token(), scope.clock().instant())) {
        scope.pool().later(this, POLL);
        return false;
      }
      claimed = true;
      // Who held the claim before may have kept the output since.
      hit = cached(known);
    }
    hit.ifPresent(
        end -> {
          release();
          execution.ended(state, end);
        });
    return hit.isEmpty();
  }

  private Optional<StepEnd> cached(StepKey known) {
    Optional<StepStart.Hit> hit =
        StepStart.cached(scope, step, step.output(), known.digest().hex());
    return hit.map(
        found -> {
          Map<String, String> tags = tags(known, StepStatus.CACHED, found.code());
          // Written again: this run keeps all of it, also when the one that made it is purged.
          StoredOutput.Written written = found.stored().write(scope.artifacts());
          tags.put(StepTags.OUTPUT, written.text());
          String child =
              scope
                  .run()
                  .child(
                      new PastRun(
                          step.name(),
                          scope.clock().instant(),
                          RunStatus.FINISHED,
                          null,
                          params(),
                          tags,
                          written.artifacts()));
          return new StepEnd(
              StepStatus.CACHED,
              found.value(),
              found.stored(),
              "from run " + found.runId(),
              null,
              0,
              child,
              CacheLookup.isOfOtherCode(step, found.code()));
        });
  }

  private void begin(StepKey known) {
    if (beganAt == null) {
      beganAt = scope.clock().instant();
      execution.began(state);
      Run unused = openRun(known);
    }
  }

  private void attempt(StepKey known, Work.Call call) {
    tried++;
    StepContext context =
        new StepContext(
            step.name(),
            tried,
            known.seed(),
            scope.run(),
            () -> openRun(known),
            log,
            scope.scratch());
    Object[] inputs = step.inputs().stream().map(execution::value).toArray();
    BodyRun.End end = BodyRun.once(scope, step, context, call.body(), inputs);
    Object value = end.value();
    Throwable failure = end.failure();
    if (failure != null && mayRetry(failure)) {
      execution.retried(state, step.name(), tried, failure);
      SplittableRandom random =
          new SplittableRandom(known.seed() ^ scope.run().id().hashCode() ^ tried);
      scope.pool().later(this, step.settings().retry().delay(tried, random));
    } else if (failure != null) {
      failed(failure);
    } else if (value == null) {
      cancelled();
    } else {
      finished(known, value, StepStart.store(scope, step.name(), step.output(), value), false);
    }
  }

  private boolean mayRetry(Throwable failure) {
    return !scope.isCancelled() && step.settings().retry().again(tried, failure);
  }

  /** All elements have ended. */
  private void joined(ItemTasks.End end) {
    try {
      StepKey known = key;
      if (known == null) {
        throw new IllegalStateException(step + " has no key");
      }
      tried = Math.max(1, end.attempts());
      if (end.failure() != null) {
        failed(end.failure());
      } else if (end.stored() == null) {
        cancelled();
      } else {
        finished(known, end.values(), end.stored(), end.codeChanged());
      }
    } catch (Throwable e) {
      failed(e);
    }
  }

  private void finished(StepKey known, Object value, StoredOutput stored, boolean codeChanged) {
    StoredOutput.Written written = stored.write(scope.artifacts());
    Run own = openRun(known);
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(StepTags.STATUS, StepStatus.FINISHED.name());
    tags.put(StepTags.OUTPUT, written.text());
    tags.put(StepTags.ATTEMPTS, Integer.toString(tried));
    List<RunArtifact> artifacts = new ArrayList<>(written.artifacts());
    StepStart.log(scope, log).ifPresent(artifacts::add);
    own.finish(Map.of(), tags, artifacts);
    if (claimed) {
      claimed = false;
      scope
          .cache()
          .putAndRelease(
              known.digest().hex(),
              StepStart.entry(scope, step, known, written.text(), own.id()),
              scope.token());
    }
    execution.ended(
        state,
        new StepEnd(StepStatus.FINISHED, value, stored, null, null, tried, own.id(), codeChanged));
  }

  private void failed(Throwable failure) {
    release();
    Run own = run;
    String child = null;
    try {
      if (own != null) {
        child = own.id();
        StepStart.log(scope, log).ifPresent(artifact -> own.artifact(artifact.path(), log.text()));
        own.tag(StepTags.STATUS, StepStatus.FAILED.name());
        own.fail(failure);
      } else {
        child = scope.run().child(past(failure));
      }
    } catch (Throwable e) {
      StepEnd.suppress(failure, e);
    } finally {
      execution.ended(state, StepEnd.failed(failure, tried, child));
    }
  }

  private void cancelled() {
    release();
    Run own = run;
    try {
      if (own != null) {
        own.tag(StepTags.STATUS, StepStatus.CANCELLED.name());
        own.kill("the run of the pipeline was cancelled");
      }
    } catch (Throwable e) {
      log.warn("the run of step \"{}\" could not be ended", step.name(), e);
    } finally {
      execution.ended(state, StepEnd.cancelled(tried, own == null ? null : own.id()));
    }
  }

  private void release() {
    StepKey known = key;
    if (claimed && known != null) {
      claimed = false;
      try {
        scope.cache().release(known.digest().hex(), scope.token());
      } catch (Throwable e) {
        // It runs out by itself.
        log.warn("the claim of step \"{}\" could not be given up", step.name(), e);
      }
    }
  }

  private synchronized Run openRun(StepKey known) {
    Run own = run;
    if (own == null) {
      own =
          scope
              .run()
              .child(step.name(), params(), tags(known, StepStatus.RUNNING, step.work().code()));
      run = own;
    }
    return own;
  }

  private PastRun past(Throwable failure) {
    StringWriter trace = new StringWriter();
    failure.printStackTrace(new PrintWriter(trace));
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(StepTags.STEP, step.name());
    tags.put(StepTags.STATUS, StepStatus.FAILED.name());
    return new PastRun(
        step.name(),
        scope.clock().instant(),
        RunStatus.FAILED,
        trace.toString(),
        Map.of(),
        tags,
        List.of());
  }

  /** The parameters that it takes, and the digests of its other inputs. */
  private Map<String, String> params() {
    Map<String, String> params = new LinkedHashMap<>();
    for (Input<?> input : step.allInputs()) {
      String known = execution.known(input);
      if (input instanceof Parameter<?> parameter && known != null) {
        params.put(parameter.name(), known);
      } else if (input instanceof Step<?> other && known != null) {
        params.put(StepTags.INPUT + other.name(), known);
      }
    }
    return params;
  }

  private Map<String, String> tags(StepKey known, StepStatus status, String code) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(StepTags.STEP, step.name());
    tags.put(StepTags.KEY, known.digest().hex());
    tags.put(StepTags.CODE, code);
    tags.put(StepTags.STATUS, status.name());
    return tags;
  }
}
