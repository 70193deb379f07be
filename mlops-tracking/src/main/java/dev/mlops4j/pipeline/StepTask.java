package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.PastRun;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * One step of a run. It holds a thread while it does something: it comes back later when another
 * run computes its output, when it is tried again, and when its elements are done.
 */
final class StepTask extends WorkTask {

  private boolean begun;

  StepTask(Execution execution, StepState state) {
    super(
        execution,
        state,
        execution.scope().run(),
        state.step.name(),
        StepTags.STEP,
        state.step.name());
  }

  @Override
  void turn() {
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
      record.about(known, step.work().code(), params());
      Optional<StepEnd> kept = StepStart.kept(scope, step, known);
      if (kept.isPresent()) {
        execution.ended(state, kept.get());
        return;
      }
    }
    if (step.settings().cached() && !claim(known)) {
      return;
    }
    if (!begun) {
      begun = true;
      execution.began(state);
      record.beganToBeShown();
    }
    if (step.work() instanceof Work.ForEach each) {
      new ItemTasks(execution, state, step, each, known, record.open(), this::joined).start();
    } else if (step.work() instanceof Work.Call call) {
      Object[] inputs = step.inputs().stream().map(execution::value).toArray();
      attempt(known, call.body(), step.output(), inputs);
    }
  }

  @Override
  void ended(StepEnd end) {
    execution.ended(state, end);
  }

  @Override
  boolean takeCached(StepKey known) {
    Optional<StepEnd> hit = cached(known);
    hit.ifPresent(
        end -> {
          release(false);
          execution.ended(state, end);
        });
    return hit.isPresent();
  }

  /** What the cache has. That it was taken need not be known before the next step begins. */
  private Optional<StepEnd> cached(StepKey known) {
    Optional<StepStart.Hit> hit =
        StepStart.cached(scope, step, step.output(), known.digest().hex());
    return hit.map(
        found -> {
          // Written again: this run keeps all of it, also when the one that made it is purged.
          StoredOutput.Written written = found.stored().write(scope.artifacts());
          PastRun past =
              record.taken(
                  Map.of(StepTags.CODE, found.code(), StepTags.OUTPUT, written.text()),
                  written.artifacts());
          scope.recorder().note(scope.run(), past);
          return new StepEnd(
              StepStatus.CACHED,
              found.value(),
              found.stored(),
              "from run " + found.runId(),
              null,
              0,
              past.id(),
              CacheLookup.isOfOtherCode(step, found.code()));
        });
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
}
