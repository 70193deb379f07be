package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunArtifact;
import dev.mlops4j.workspace.Artifacts;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What there is to a step but doing it: whether it is done, and how its output is kept and found.
 */
final class StepStart {

  private static final Logger LOG = LoggerFactory.getLogger(StepStart.class);

  private StepStart() {}

  /**
   * An output of the cache, read and verified.
   *
   * @param written as {@link StoredOutput} writes it
   * @param code the digest of the code that made it
   */
  record Hit(Object value, StoredOutput stored, String written, String code, String runId) {}

  /** How a step ends without a look at its inputs' values; null if it is to be done. */
  static @Nullable StepEnd endBefore(Execution execution, StepState state) {
    RunScope scope = execution.scope();
    Step<?> step = state.step;
    Optional<Given> given = scope.given(step);
    if (given.isPresent() && given.get().key() == null) {
      return read(scope, step, given.get());
    }
    if (!scope.isNeeded(step)) {
      return StepEnd.without(
          StepStatus.SKIPPED, "only steps take its output that have been given theirs");
    }
    StepEnd blocked = blocked(state);
    return blocked == null ? unconditional(execution, step) : blocked;
  }

  /** What a failed or skipped input makes of the step. A failed one counts more. */
  private static @Nullable StepEnd blocked(StepState state) {
    StepEnd end = null;
    for (StepState input : state.inputs) {
      String name = "\"" + input.step.name() + "\"";
      switch (input.status) {
        case FAILED -> {
          return StepEnd.without(StepStatus.BLOCKED, "step " + name + " failed");
        }
        case BLOCKED, CANCELLED -> {
          return StepEnd.without(StepStatus.BLOCKED, "step " + name + " was not done");
        }
        case SKIPPED -> {
          if (end == null) {
            end = StepEnd.without(StepStatus.SKIPPED, "step " + name + " was skipped");
          }
        }
        default -> {
          // It has an output.
        }
      }
    }
    return end;
  }

  private static @Nullable StepEnd unconditional(Execution execution, Step<?> step) {
    for (Condition<?> condition : step.settings().conditions()) {
      if (!condition.holds(execution.value(condition.input()))) {
        return StepEnd.without(StepStatus.SKIPPED, condition.reason());
      }
    }
    return null;
  }

  /** The output that the step had before this run, if it counts for this key and can be read. */
  static Optional<StepEnd> kept(RunScope scope, Step<?> step, StepKey key) {
    Optional<Given> given = scope.given(step).filter(kept -> key.digest().hex().equals(kept.key()));
    if (given.isEmpty()
        || (step.settings().missesOnChangedCode()
            && CacheLookup.isOfOtherCode(step, given.get().code()))) {
      return Optional.empty();
    }
    try {
      return Optional.of(read(scope, step, given.get()));
    } catch (BrokenOutputException e) {
      LOG.warn("{} is done again, as its output cannot be used", step, e);
      return Optional.empty();
    }
  }

  private static StepEnd read(RunScope scope, Step<?> step, Given given) {
    Object value = given.value();
    StoredOutput stored;
    if (value != null) {
      stored = store(scope, step.name(), step.output(), value);
    } else {
      stored = StoredOutput.read(String.valueOf(given.written()), scope.artifacts());
      value = step.output().readChecked(stored, scope.artifacts(), scope.scratch());
    }
    return new StepEnd(
        given.status(),
        value,
        stored,
        given.reason(),
        null,
        0,
        given.runId(),
        CacheLookup.isOfOtherCode(step, given.code()));
  }

  /** What the cache has for a key, if it may be taken and can be read. */
  static Optional<Hit> cached(RunScope scope, Step<?> step, Output<?> form, String key) {
    JdbcStepCache.Entry entry = scope.cache().find(key).orElse(null);
    if (entry == null
        || !scope.isFresh(step, entry.at())
        || (step.settings().missesOnChangedCode()
            && CacheLookup.isOfOtherCode(step, entry.code()))) {
      return Optional.empty();
    }
    try {
      StoredOutput stored = StoredOutput.read(entry.output(), scope.artifacts());
      Object value = form.readChecked(stored, scope.artifacts(), scope.scratch());
      return Optional.of(new Hit(value, stored, entry.output(), entry.code(), entry.runId()));
    } catch (BrokenOutputException e) {
      LOG.warn("{} is done again, as its output in the cache cannot be used", step, e);
      return Optional.empty();
    }
  }

  @SuppressWarnings("unchecked") // the value is one of the form
  static StoredOutput store(RunScope scope, String name, Output<?> form, Object value) {
    return ((Output<Object>) form).store(name, value, scope.artifacts(), scope.scratch());
  }

  static JdbcStepCache.Entry entry(
      RunScope scope, Step<?> step, StepKey key, String written, String runId) {
    return new JdbcStepCache.Entry(
        scope.pipeline().name(),
        step.name(),
        scope.clock().instant(),
        step.work().code(),
        CacheLookup.parts(key),
        written,
        runId);
  }

  /** Keeps what was logged; empty if nothing was. */
  static Optional<RunArtifact> log(RunScope scope, StepLog log) {
    byte[] text = log.text().getBytes(StandardCharsets.UTF_8);
    if (text.length == 0) {
      return Optional.empty();
    }
    Artifacts artifacts = scope.artifacts();
    return Optional.of(
        new RunArtifact(StepLog.PATH, RunArtifact.Kind.FILE, artifacts.put(text), text.length));
  }
}
