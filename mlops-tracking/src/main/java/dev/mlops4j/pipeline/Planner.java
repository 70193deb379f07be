package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Area;
import dev.mlops4j.workspace.Artifacts;
import dev.mlops4j.workspace.Workspace;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Says what a run would do. Reads what is kept and changes nothing. */
final class Planner {

  private final Pipeline pipeline;
  private final LaunchSettings settings;
  private final ParameterValues parameters;
  private final GivenOutputs given;
  private final JdbcStepCache cache;
  private final Artifacts artifacts;
  private final Instant now;
  private final Path scratch;
  private final Map<Step<?>, PlannedStep> planned = new LinkedHashMap<>();

  /** Of the steps whose outputs are known. */
  private final Map<Step<?>, StoredOutput> outputs = new HashMap<>();

  private Planner(
      Pipeline pipeline, Workspace workspace, LaunchSettings settings, GivenOutputs given) {
    this.pipeline = pipeline;
    this.settings = settings;
    this.given = given;
    this.parameters = new ParameterValues(pipeline, settings.parameters());
    this.cache = new JdbcStepCache(workspace.database(Area.METADATA));
    this.artifacts = workspace.artifacts();
    this.now = workspace.systemClock().instant();
    this.scratch = ScratchFiles.temporary("mlops4j-plan");
  }

  static PipelinePlan plan(Pipeline pipeline, Workspace workspace, LaunchSettings settings) {
    GivenOutputs given = GivenOutputs.replacing(pipeline, settings.replaced());
    ParameterValues parameters = new ParameterValues(pipeline, settings.parameters());
    List<Step<?>> steps = pipeline.steps();
    if (settings.only() != null) {
      Step<?> only = pipeline.step(settings.only());
      try (Tracking tracking = Tracking.in(workspace)) {
        given =
            new EarlierRuns(pipeline, tracking, workspace.artifacts())
                .latest(only, parameters, settings.fromRun(), given);
      }
      steps = only.steps();
      steps.add(only);
    }
    Planner planner = new Planner(pipeline, workspace, settings, given);
    try {
      steps.forEach(planner::plan);
    } finally {
      ScratchFiles.deleteAll(planner.scratch);
    }
    return new PipelinePlan(pipeline.name(), new ArrayList<>(planner.planned.values()));
  }

  private void plan(Step<?> step) {
    Given has = given.steps().get(step.name());
    if (has != null) {
      if (has.written() != null) {
        outputs.put(step, StoredOutput.read(has.written(), artifacts));
      }
      add(step, PlannedAction.GIVEN, has.reason());
    } else if (given.unneeded().contains(step.name())) {
      add(step, PlannedAction.SKIP, "only steps take its output that have been given theirs");
    } else {
      Optional<String> skip = skip(step);
      if (skip.isPresent()) {
        add(step, PlannedAction.SKIP, skip.get());
      } else {
        planNeeded(step);
      }
    }
  }

  private void planNeeded(Step<?> step) {
    StepKey key = StepKey.of(pipeline.name(), step, this::known);
    if (!step.settings().cached()) {
      add(step, PlannedAction.RUN, "it is not cached");
    } else if (key == null) {
      List<String> unknown =
          step.steps().stream()
              .filter(input -> !outputs.containsKey(input))
              .map(Step::name)
              .toList();
      add(step, PlannedAction.DEPENDS, "it depends on what " + unknown + " will give");
    } else {
      planCached(step, key);
    }
  }

  private void planCached(Step<?> step, StepKey key) {
    JdbcStepCache.Entry entry = cache.find(key.digest().hex()).orElse(null);
    if (entry == null) {
      add(step, PlannedAction.RUN, changes(step, key));
    } else if (settings.refreshesAll() || settings.refreshed().contains(step.name())) {
      add(step, PlannedAction.RUN, "it is to be refreshed");
    } else if (!CacheLookup.isYoung(step, entry.at(), now)) {
      add(
          step,
          PlannedAction.RUN,
          "its output is of " + entry.at() + ", older than " + step.settings().maxAge());
    } else {
      planHit(step, entry);
    }
  }

  private void planHit(Step<?> step, JdbcStepCache.Entry entry) {
    boolean otherCode = CacheLookup.isOfOtherCode(step, entry.code());
    if (otherCode && step.settings().missesOnChangedCode()) {
      add(step, PlannedAction.RUN, "its code has changed");
      return;
    }
    try {
      StoredOutput output = StoredOutput.read(entry.output(), artifacts);
      Object unused = step.output().readChecked(output, artifacts, scratch);
      outputs.put(step, output);
      add(
          step,
          PlannedAction.CACHED,
          "from run " + entry.runId() + (otherCode ? "; its code has changed since" : ""));
    } catch (BrokenOutputException e) {
      add(step, PlannedAction.RUN, String.valueOf(e.getMessage()));
    }
  }

  private String changes(Step<?> step, StepKey key) {
    Map<String, String> parts =
        cache
            .latest(pipeline.name(), step.name())
            .map(latest -> CacheLookup.parts(latest.parts()))
            .orElse(null);
    return parts == null
        ? "it was never done"
        : String.join(", ", key.changesSince(parts)) + " since it was done last";
  }

  /** Why it would be skipped, as far as that can be told. */
  private Optional<String> skip(Step<?> step) {
    for (Step<?> input : step.steps()) {
      PlannedStep plan = planned.get(input);
      if (plan != null && plan.action() == PlannedAction.SKIP && !isGiven(input)) {
        return Optional.of("step \"" + input.name() + "\" would be skipped");
      }
    }
    for (Condition<?> condition : step.settings().conditions()) {
      Object value = value(condition.input());
      if (value != null && !condition.holds(value)) {
        return Optional.of(condition.reason());
      }
    }
    return Optional.empty();
  }

  private boolean isGiven(Step<?> step) {
    return given.steps().containsKey(step.name());
  }

  private @Nullable Object value(Input<?> input) {
    if (input instanceof Parameter<?> parameter) {
      return parameters.value(parameter);
    }
    if (input instanceof Constant<?> constant) {
      return constant.value();
    }
    Step<?> step = (Step<?>) input;
    StoredOutput output = outputs.get(step);
    return output == null ? null : step.output().readChecked(output, artifacts, scratch);
  }

  private @Nullable String known(Input<?> input) {
    if (input instanceof Parameter<?> parameter) {
      return parameters.text(parameter);
    }
    if (input instanceof Constant<?> constant) {
      return constant.digest().hex();
    }
    StoredOutput output = outputs.get((Step<?>) input);
    return output == null ? null : output.digest().hex();
  }

  private void add(Step<?> step, PlannedAction action, String reason) {
    planned.put(step, new PlannedStep(step.name(), step.dependencies(), action, reason));
  }
}
