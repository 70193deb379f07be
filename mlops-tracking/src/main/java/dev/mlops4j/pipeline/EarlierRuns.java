package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.Run;
import dev.mlops4j.tracking.RunPage;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.Tracking;
import dev.mlops4j.workspace.Artifacts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What earlier runs of a pipeline have done. */
final class EarlierRuns {

  private static final Logger LOG = LoggerFactory.getLogger(EarlierRuns.class);

  private final Pipeline pipeline;
  private final Tracking tracking;
  private final Artifacts artifacts;

  EarlierRuns(Pipeline pipeline, Tracking tracking, Artifacts artifacts) {
    this.pipeline = pipeline;
    this.tracking = tracking;
    this.artifacts = artifacts;
  }

  /**
   * What has changed in the pipeline since a run was begun that is to go on.
   *
   * @throws PipelineChangedException see {@link PipelineLaunch#resume}
   */
  List<String> changes(RunRecord record, LaunchSettings settings) {
    if (!pipeline.name().equals(record.tags().get(StepTags.PIPELINE))) {
      throw new PipelineChangedException(
          record.id(), List.of("it is no run of pipeline \"" + pipeline.name() + "\""));
    }
    if (record.status() == RunStatus.RUNNING) {
      throw new PipelineRunningException(record.id());
    }
    String before = record.tags().getOrDefault(StepTags.GRAPH, "");
    List<String> changes = PipelineGraph.changes(before, pipeline);
    if (!changes.isEmpty() && !settings.allowsChangedCode()) {
      throw new PipelineChangedException(record.id(), changes);
    }
    return changes;
  }

  /**
   * The run that is to go on, as a run again.
   *
   * @throws PipelineChangedException see {@link PipelineLaunch#resume}
   */
  Run resume(RunRecord record, LaunchSettings settings) {
    List<String> changes = changes(record, settings);
    Run run = tracking.resume(record.id());
    if (!run.isLeading()) {
      run.close();
      throw new PipelineRunningException(record.id());
    }
    if (!changes.isEmpty()) {
      run.tag(StepTags.GRAPH, PipelineGraph.of(pipeline));
    }
    return run;
  }

  /** The parameters of a run, with what is given now checked against them. */
  Map<String, String> parameters(RunRecord record, Map<String, String> given) {
    Map<String, String> parameters = new LinkedHashMap<>();
    for (Parameter<?> parameter : pipeline.parameters()) {
      String name = parameter.name();
      String then = record.params().get(name);
      String now = given.get(name);
      // One that was secret then has no value there, whatever it is now.
      boolean isKnown =
          then != null && !parameter.isSecret() && !then.equals(ParameterValues.SECRET);
      if (then != null && isKnown) {
        parameters.put(name, then);
        if (now != null && !ParameterText.write(parameter.parse(now)).equals(then)) {
          throw new InvalidParameterException(
              name,
              "run "
                  + record.id()
                  + " has "
                  + then
                  + " for parameter \""
                  + name
                  + "\", and cannot go on with "
                  + now
                  + "; start another run");
        }
      } else if (now != null) {
        parameters.put(name, now);
      }
    }
    return parameters;
  }

  /** What the steps of a run have given, by step and by the key of an element. */
  GivenOutputs kept(String runId, GivenOutputs replaced) {
    Map<String, Given> steps = new HashMap<>();
    Map<String, Given> items = new HashMap<>();
    for (RunRecord child : tracking.children(runId)) {
      String name = child.tags().get(StepTags.STEP);
      if (name == null) {
        continue;
      }
      Optional<Given> given = Given.keptBy(child, false, "done before the run was resumed");
      given.ifPresent(kept -> steps.put(name, kept));
      if (given.isEmpty()) {
        items(child.id(), items);
      }
    }
    return replaced.with(steps, items);
  }

  private void items(String stepRunId, Map<String, Given> items) {
    for (RunRecord item : tracking.children(stepRunId)) {
      Given.keptBy(item, false, "done before the run was resumed")
          .ifPresent(kept -> items.put(String.valueOf(kept.key()), kept));
    }
  }

  /**
   * The outputs that the steps on which one depends have given last, in runs that have the same
   * values of the parameters that these depend on; or those that they gave in one run.
   *
   * @throws MissingOutputException if one has none that can be read
   */
  GivenOutputs latest(
      Step<?> only, ParameterValues parameters, @Nullable String fromRun, GivenOutputs replaced) {
    Map<String, Given> steps = new HashMap<>();
    List<String> missing = new ArrayList<>();
    for (Step<?> input : only.steps()) {
      if (replaced.steps().containsKey(input.name())) {
        continue;
      }
      Optional<Given> given =
          fromRun == null ? latest(input, parameters) : ofRun(input, tracking.run(fromRun));
      if (given.isPresent()) {
        steps.put(input.name(), given.get());
      } else {
        missing.add(input.name());
      }
    }
    if (!missing.isEmpty()) {
      throw new MissingOutputException(only.name(), missing, fromRun);
    }
    return replaced.with(steps, Map.of());
  }

  private Optional<Given> latest(Step<?> step, ParameterValues parameters) {
    Set<Parameter<?>> taken = new LinkedHashSet<>();
    parametersOf(step, taken, new HashSet<>());
    String cursor = null;
    do {
      RunPage page =
          tracking
              .search(pipeline.name())
              .where(SearchField.tag(StepTags.STEP).is(step.name()))
              .where(SearchField.status().is(RunStatus.FINISHED))
              .after(cursor)
              .page();
      for (RunRecord run : page.runs()) {
        Optional<Given> given =
            hasSame(run, taken, parameters)
                ? readable(step, run, String.valueOf(run.parentId()))
                : Optional.empty();
        if (given.isPresent()) {
          return given;
        }
      }
      cursor = page.next();
    } while (cursor != null);
    return Optional.empty();
  }

  private boolean hasSame(RunRecord run, Set<Parameter<?>> taken, ParameterValues parameters) {
    String parent = run.parentId();
    if (parent == null) {
      return false;
    }
    Map<String, String> then = tracking.run(parent).params();
    return taken.stream()
        .allMatch(parameter -> parameters.text(parameter).equals(then.get(parameter.name())));
  }

  private Optional<Given> ofRun(Step<?> step, RunRecord run) {
    return tracking.children(run.id()).stream()
        .filter(child -> step.name().equals(child.tags().get(StepTags.STEP)))
        .map(child -> readable(step, child, run.id()))
        .flatMap(Optional::stream)
        .findFirst();
  }

  /** What a step gave in a run, if it can be used: that is verified, as an older one may do. */
  private Optional<Given> readable(Step<?> step, RunRecord child, String runId) {
    Optional<Given> given = Given.keptBy(child, true, "from run " + runId);
    Path scratch = ScratchFiles.temporary("mlops4j-earlier");
    try {
      given.ifPresent(kept -> verify(step, String.valueOf(kept.written()), scratch));
      return given;
    } catch (BrokenOutputException e) {
      LOG.warn("the output that {} gave in run {} cannot be used", step, runId, e);
      return Optional.empty();
    } finally {
      ScratchFiles.deleteAll(scratch);
    }
  }

  private void verify(Step<?> step, String written, Path scratch) {
    StoredOutput stored = StoredOutput.read(written, artifacts);
    Object unused = step.output().readChecked(stored, artifacts, scratch);
  }

  /** All parameters that an output depends on, also by the steps before. */
  private static void parametersOf(Step<?> step, Set<Parameter<?>> taken, Set<Step<?>> seen) {
    if (!seen.add(step)) {
      return;
    }
    for (Input<?> input : step.allInputs()) {
      if (input instanceof Parameter<?> parameter) {
        taken.add(parameter);
      } else if (input instanceof Step<?> before) {
        parametersOf(before, taken, seen);
      }
    }
  }
}
