package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunStatus;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The steps of one run and what became of them: a step gets its turn when all it depends on has
 * ended, however that went. Safe for any number of threads.
 */
final class Execution {

  private static final Logger LOG = LoggerFactory.getLogger(Execution.class);

  private final RunScope scope;
  private final ParameterValues parameters;
  private final Map<Step<?>, StepState> states = new LinkedHashMap<>();
  private final Runnable over;

  /** Guards the states, and has the listeners called one at a time. */
  private final ReentrantLock lock = new ReentrantLock();

  private int open;

  /**
   * For these steps, each after those it depends on.
   *
   * @param over called once, by one of the threads, when all have ended
   */
  Execution(RunScope scope, ParameterValues parameters, List<Step<?>> steps, Runnable over) {
    this.scope = scope;
    this.parameters = parameters;
    this.over = over;
    for (Step<?> step : steps) {
      states.put(step, new StepState(step));
    }
    for (StepState state : states.values()) {
      for (Step<?> step : state.step.steps()) {
        StepState input = states.get(step);
        if (input != null) {
          state.inputs.add(input);
          input.dependants.add(state);
        }
      }
      state.waitingFor = state.inputs.size();
    }
    states.values().forEach(state -> state.users = state.dependants.size());
    this.open = states.size();
  }

  RunScope scope() {
    return scope;
  }

  void start() {
    lock.lock();
    try {
      tell(listener -> listener.started(report(RunStatus.RUNNING)));
      states.values().stream().filter(state -> state.waitingFor == 0).forEach(this::submit);
    } finally {
      lock.unlock();
    }
  }

  /**
   * The value of an input whose step has ended with an output. One that is kept as JSON is read for
   * each who takes it: what one does to it no other sees, and it is the same as from the cache.
   */
  Object value(Input<?> input) {
    if (input instanceof Parameter<?> parameter) {
      return parameters.value(parameter);
    }
    if (input instanceof Constant<?> constant) {
      return constant.value();
    }
    Step<?> step = (Step<?>) input;
    StoredOutput stored;
    lock.lock();
    try {
      StepState state = states.get(step);
      Object value = state == null ? null : state.value;
      stored = state == null ? null : state.stored;
      if (value == null || stored == null) {
        throw new IllegalStateException(input + " has no output");
      }
      if (!step.output().isText()) {
        return value;
      }
    } finally {
      lock.unlock();
    }
    return step.output().readChecked(stored, scope.artifacts(), scope.scratch());
  }

  /** What stands for an input in a key; null if it has no output. */
  @Nullable String known(Input<?> input) {
    if (input instanceof Parameter<?> parameter) {
      return parameters.text(parameter);
    }
    if (input instanceof Constant<?> constant) {
      return constant.digest().hex();
    }
    lock.lock();
    try {
      StepState state = states.get((Step<?>) input);
      return state == null || state.digest == null ? null : state.digest.hex();
    } finally {
      lock.unlock();
    }
  }

  void began(StepState state) {
    lock.lock();
    try {
      state.status = StepStatus.RUNNING;
      state.startedAt = scope.clock().instant();
      tell(listener -> listener.stepStarted(state.step.name()));
    } finally {
      lock.unlock();
    }
  }

  void retried(StepState state, String name, int attempt, Throwable failure) {
    lock.lock();
    try {
      state.attempts = Math.max(state.attempts, attempt);
      tell(listener -> listener.stepRetried(name, attempt, failure));
    } finally {
      lock.unlock();
    }
  }

  void items(StepState state, int all) {
    lock.lock();
    try {
      state.items = all;
    } finally {
      lock.unlock();
    }
  }

  void itemEnded(StepState state, String item, int ended, int all) {
    lock.lock();
    try {
      tell(listener -> listener.itemEnded(state.step.name(), item, ended, all));
    } finally {
      lock.unlock();
    }
  }

  void ended(StepState state, StepEnd end) {
    boolean last;
    lock.lock();
    try {
      if (state.status.hasEnded()) {
        throw new IllegalStateException(state.step + " ended twice");
      }
      Instant now = scope.clock().instant();
      state.status = end.status();
      state.value = state.users == 0 ? null : end.value();
      state.stored = end.stored();
      state.digest = end.stored() == null ? null : end.stored().digest();
      state.reason = end.reason();
      state.failure = end.failure();
      state.attempts = Math.max(state.attempts, end.attempts());
      state.runId = end.runId();
      state.codeChanged = end.codeChanged();
      state.endedAt = now;
      if (end.codeChanged()) {
        LOG.warn(
            "the output of step \"{}\" of pipeline \"{}\" was made by other code than the present",
            state.step.name(),
            scope.pipeline().name());
      }
      StepResult result = state.result(now);
      tell(listener -> listener.stepEnded(result));
      for (StepState input : state.inputs) {
        if (--input.users == 0) {
          input.value = null;
        }
      }
      for (StepState dependant : state.dependants) {
        if (--dependant.waitingFor == 0) {
          submit(dependant);
        }
      }
      last = --open == 0;
    } finally {
      lock.unlock();
    }
    if (last) {
      over.run();
    }
  }

  /** All failures by step, in the order of the steps. */
  Map<String, Throwable> failures() {
    lock.lock();
    try {
      Map<String, Throwable> failures = new LinkedHashMap<>();
      states.values().stream()
          .filter(state -> state.failure != null)
          .forEach(state -> failures.put(state.step.name(), state.failure));
      return failures;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a step was not done because of the cancellation. */
  boolean wasCancelled() {
    lock.lock();
    try {
      return states.values().stream().anyMatch(state -> state.status == StepStatus.CANCELLED);
    } finally {
      lock.unlock();
    }
  }

  PipelineReport report(RunStatus status) {
    lock.lock();
    try {
      Instant now = scope.clock().instant();
      return new PipelineReport(
          scope.pipeline().name(),
          scope.run().id(),
          status,
          scope.startedAt(),
          status == RunStatus.RUNNING ? null : now,
          states.values().stream().map(state -> state.result(now)).toList());
    } finally {
      lock.unlock();
    }
  }

  /** What a step gave, as it is kept; null if nothing. */
  @Nullable StoredOutput stored(Step<?> step) {
    lock.lock();
    try {
      StepState state = states.get(step);
      return state == null ? null : state.stored;
    } finally {
      lock.unlock();
    }
  }

  /** Tells the listeners, whose failures change nothing. */
  void tell(Consumer<PipelineListener> what) {
    for (PipelineListener listener : scope.settings().listeners()) {
      try {
        what.accept(listener);
      } catch (RuntimeException | Error e) {
        LOG.warn("a listener of pipeline \"{}\" failed", scope.pipeline().name(), e);
      }
    }
  }

  private void submit(StepState state) {
    scope.pool().now(new StepTask(this, state));
  }
}
