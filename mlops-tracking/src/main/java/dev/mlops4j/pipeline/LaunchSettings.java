package dev.mlops4j.pipeline;

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
