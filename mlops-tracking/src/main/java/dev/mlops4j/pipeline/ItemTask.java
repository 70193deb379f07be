package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.PastRun;
import dev.mlops4j.tracking.Run;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One element of a step for each. */
final class ItemTask extends WorkTask {

  private final Work.ForEach work;
  private final StepKey stepKey;
  private final Run parent;
  private final ItemTasks all;
  private final int position;
  private final String item;
  private final Object element;
  private final Object[] inputs;

  ItemTask(
      Execution execution,
      StepState state,
      Work.ForEach work,
      StepKey stepKey,
      Run parent,
      ItemTasks all,
      int position,
      String item,
      Object element,
      Object[] inputs) {
    super(execution, state, parent, state.step.name() + "[" + item + "]", StepTags.ELEMENT, item);
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
  }

  @Override
  void turn() {
    StepKey known = key;
    if (known == null) {
      record.began();
      known = stepKey.item(item, StepJson.digest("an element of " + step, element));
      key = known;
      record.about(known, work.code(), Map.of());
      if (isKept(known)) {
        return;
      }
    }
    if (step.settings().cached() && !claim(known)) {
      return;
    }
    attempt(known, work.body(), work.itemOutput(), inputs);
  }

  @Override
  void ended(StepEnd end) {
    all.ended(position, end);
  }

  @Override
  boolean takeCached(StepKey known) {
    Optional<StepStart.Hit> found =
        StepStart.cached(scope, step, work.itemOutput(), known.digest().hex());
    found.ifPresent(
        hit -> {
          release(false);
          take(hit);
        });
    return found.isPresent();
  }

  /** Ends with what was done in an earlier run that this one goes on with; whether it was. */
  private boolean isKept(StepKey known) {
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
        ended(end(StepStatus.KEPT, value, stored, given.get().runId(), given.get().code()));
        return true;
      } catch (BrokenOutputException e) {
        log.warn("{} is done again, as its output cannot be used", record.name(), e);
      }
    }
    return false;
  }

  /** It ends when that is recorded: the step's run takes no elements once it has ended. */
  private void take(StepStart.Hit hit) {
    // Written again: this run keeps all of it, also when the one that made it is purged.
    StoredOutput.Written written = hit.stored().write(scope.artifacts());
    PastRun past =
        record.taken(
            Map.of(StepTags.CODE, hit.code(), StepTags.OUTPUT, written.text()),
            written.artifacts());
    StepEnd end = end(StepStatus.CACHED, hit.value(), hit.stored(), past.id(), hit.code());
    scope.recorder().add(new RunRecorder.Ended(parent, past, null, () -> ended(end), this::failed));
  }

  private StepEnd end(
      StepStatus status, Object value, StoredOutput stored, @Nullable String id, String code) {
    return new StepEnd(
        status, value, stored, null, null, tried, id, CacheLookup.isOfOtherCode(step, code));
  }
}
