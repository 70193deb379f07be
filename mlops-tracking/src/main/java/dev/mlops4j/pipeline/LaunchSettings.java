package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunRecord;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How a run was asked for.
 *
 * @param parameters texts by name
 * @param replaced outputs by the name of the step
 * @param overlaps whether other runs of the pipeline may go on
 * @param only the one step to be run; null for all
 * @param fromRun the run whose outputs that step takes; null for the last ones
 */
record LaunchSettings(
    Map<String, String> parameters,
    Map<String, String> tags,
    Map<String, Object> replaced,
    Set<String> refreshed,
    boolean refreshesAll,
    int threads,
    boolean allowsChangedCode,
    boolean overlaps,
    @Nullable String only,
    @Nullable String fromRun,
    List<PipelineListener> listeners) {

  /** The same for the steps that a run was begun for, to go on with it. */
  LaunchSettings asOf(RunRecord run) {
    return new LaunchSettings(
        parameters,
        tags,
        replaced,
        refreshed,
        refreshesAll,
        threads,
        allowsChangedCode,
        overlaps,
        run.tags().get(StepTags.ONLY),
        run.tags().get(StepTags.ONLY_FROM),
        listeners);
  }

  /** The tags that say which step is run alone; none if all are. */
  Map<String, String> tagsOfOne() {
    Map<String, String> ofOne = new LinkedHashMap<>();
    if (only != null) {
      ofOne.put(StepTags.ONLY, only);
    }
    if (fromRun != null) {
      ofOne.put(StepTags.ONLY_FROM, fromRun);
    }
    return ofOne;
  }

  /** The same with more tags. */
  LaunchSettings tagged(Map<String, String> more) {
    Map<String, String> all = new LinkedHashMap<>(tags);
    all.putAll(more);
    return new LaunchSettings(
        parameters,
        all,
        replaced,
        refreshed,
        refreshesAll,
        threads,
        allowsChangedCode,
        overlaps,
        only,
        fromRun,
        listeners);
  }
}
