package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.tracking.RunStatus;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One element of a step for each. Its run is recorded when it has ended, in one write; only if it
 * asks for its run, that is there before.
 */
final class ItemTask implements Runnable {

  private final Execution execution;
  private final RunScope scope;
  private final StepState state;
  private final Step<?> step;
  private final Work.ForEach work;
  private final StepKey stepKey;
  private final Run parent;
  private final ItemTasks all;
  private final int position;
  private final String item;
  private final Object element;
  private final Object[] inputs;
  private final StepLog log;
  private @Nullable StepKey key;
  private @Nullable Run run;
  private @Nullable Instant beganAt;
  private int tried;
  private boolean codeChanged;

  ItemTask(
      Execution execution,
      StepState state,
      Step<?> step,
      Work.ForEach work,
      StepKey stepKey,
      Run parent,
      ItemTasks all,
      int position,
      String item,
      Object element,
      Object[] inputs) {
    this.execution = execution;
    this.scope = execution.scope();
    this.state = state;
    this.step = step;
    this.work = work;
    this.stepKey = stepKey;
    this.parent = parent;
    this.all = all;
    this.position = position;
    this.item = item;
    this.element = element;
    this.inputs = new Object[inputs.length + 1];
    this.inputs[0] = element;
    System.arraycopy(inputs, 0, this.inputs, 1, inputs.length);
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
      beganAt = scope.clock().instant();
      known = stepKey.item(item, StepJson.digest("an element of " + step, element));
      key = known;
      if (isDone(known)) {
        return;
      }
    }
    attempt(known);
  }

  /** What was done in an earlier run that this one goes on with, or is in the cache. */
  private boolean isDone(StepKey known) {
    Optional<Given> given =
        scope
            .givenItem(known)
            .filter(
                kept ->
                    !step.settings().missesOnChangedCode()
                        || !CacheLookup.isOfOtherCode(step, kept.code()));
    if (given.isPresent()) {
      try {
        StoredOutput stored =
            StoredOutput.read(String.valueOf(given.get().written()), scope.artifacts());
        Object value = work.itemOutput().readChecked(stored, scope.artifacts(), scope.scratch());
        codeChanged = CacheLookup.isOfOtherCode(step, given.get().code());
        all.ended(position, end(StepStatus.KEPT, value, stored, given.get().runId()));
        return true;
      } catch (BrokenOutputException e) {
        log.warn("{} is done again, as its output cannot be used", name(), e);
      }
    }
    if (!step.settings().cached()) {
      return false;
    }
    Optional<StepStart.Hit> found =
        StepStart.cached(scope, step, work.itemOutput(), known.digest().hex());
    found.ifPresent(
        hit -> {
          Map<String, String> tags = tags(known, StepStatus.CACHED, hit.code());
          // Written again: this run keeps all of it, also when the one that made it is purged.
          StoredOutput.Written written = hit.stored().write(scope.artifacts());
          tags.put(StepTags.OUTPUT, written.text());
          codeChanged = CacheLookup.isOfOtherCode(step, hit.code());
          recordFinished(
              tags, written.artifacts(), null, StepStatus.CACHED, hit.value(), hit.stored());
        });
    return found.isPresent();
  }

  private void attempt(StepKey known) {
    tried++;
    StepContext context =
        new StepContext(
            name(), tried, known.seed(), scope.run(), () -> openRun(known), log, scope.scratch());
    BodyRun.End end = BodyRun.once(scope, step, context, work.body(), inputs);
    Object value = end.value();
    Throwable failure = end.failure();
    if (failure != null && !scope.isCancelled() && step.settings().retry().again(tried, failure)) {
      execution.retried(state, name(), tried, failure);
      SplittableRandom random =
          new SplittableRandom(known.seed() ^ scope.run().id().hashCode() ^ tried);
      scope.pool().later(this, step.settings().retry().delay(tried, random));
    } else if (failure != null) {
      failed(failure);
    } else if (value == null) {
      cancelled();
    } else {
      finished(known, value);
    }
  }

  private void finished(StepKey known, Object value) {
    StoredOutput stored = StepStart.store(scope, name(), work.itemOutput(), value);
    StoredOutput.Written written = stored.write(scope.artifacts());
    Map<String, String> tags = tags(known, StepStatus.FINISHED, work.code());
    tags.put(StepTags.OUTPUT, written.text());
    tags.put(StepTags.ATTEMPTS, Integer.toString(tried));
    List<RunArtifact> artifacts = new ArrayList<>(written.artifacts());
    StepStart.log(scope, log).ifPresent(artifacts::add);
    ItemRecorder.Cached cached =
        step.settings().cached() ? new ItemRecorder.Cached(step, known, written.text()) : null;
    Run own = run;
    if (own == null) {
      recordFinished(tags, artifacts, cached, StepStatus.FINISHED, value, stored);
      return;
    }
    own.finish(Map.of(), tags, artifacts);
    if (cached != null) {
      scope
          .cache()
          .put(known.digest().hex(), StepStart.entry(scope, step, known, written.text(), own.id()));
    }
    all.ended(position, end(StepStatus.FINISHED, value, stored, own.id()));
  }

  /** It ends when that is recorded, together with others. */
  private void recordFinished(
      Map<String, String> tags,
      List<RunArtifact> artifacts,
      ItemRecorder.@Nullable Cached cached,
      StepStatus status,
      Object value,
      StoredOutput stored) {
    all.recorder()
        .add(
            new ItemRecorder.Item(
                past(RunStatus.FINISHED, null, tags, artifacts),
                cached,
                child -> all.ended(position, end(status, value, stored, child)),
                this::failed));
  }

  private void failed(Throwable failure) {
    String child = null;
    Run own = run;
    try {
      if (own == null) {
        StringWriter trace = new StringWriter();
        failure.printStackTrace(new PrintWriter(trace));
        List<RunArtifact> logged = StepStart.log(scope, log).map(List::of).orElse(List.of());
        child =
            parent.child(
                past(
                    RunStatus.FAILED,
                    trace.toString(),
                    tags(key, StepStatus.FAILED, work.code()),
                    logged));
      } else {
        child = own.id();
        StepStart.log(scope, log).ifPresent(artifact -> own.artifact(artifact.path(), log.text()));
        own.fail(failure);
      }
    } catch (Throwable e) {
      StepEnd.suppress(failure, e);
    } finally {
      all.ended(position, StepEnd.failed(failure, tried, child));
    }
  }

  private void cancelled() {
    Run own = run;
    try {
      if (own != null) {
        own.kill("the run of the pipeline was cancelled");
      }
    } catch (Throwable e) {
      log.warn("the run of {} could not be ended", name(), e);
    } finally {
      all.ended(position, StepEnd.cancelled(tried, own == null ? null : own.id()));
    }
  }

  private synchronized Run openRun(StepKey known) {
    Run own = run;
    if (own == null) {
      own = parent.child(name(), Map.of(), tags(known, StepStatus.RUNNING, work.code()));
      run = own;
    }
    return own;
  }

  private PastRun past(
      RunStatus status,
      @Nullable String failure,
      Map<String, String> tags,
      List<RunArtifact> artifacts) {
    Instant began = beganAt == null ? scope.clock().instant() : beganAt;
    return new PastRun(name(), began, status, failure, Map.of(), tags, artifacts);
  }

  private StepEnd end(
      StepStatus status, Object value, StoredOutput stored, @Nullable String child) {
    return new StepEnd(status, value, stored, null, null, tried, child, codeChanged);
  }

  private Map<String, String> tags(@Nullable StepKey known, StepStatus status, String code) {
    Map<String, String> tags = new LinkedHashMap<>();
    tags.put(StepTags.ELEMENT, item);
    if (known != null) {
      tags.put(StepTags.KEY, known.digest().hex());
    }
    tags.put(StepTags.CODE, code);
    tags.put(StepTags.STATUS, status.name());
    return tags;
  }

  private String name() {
    return step.name() + "[" + item + "]";
  }
}
