package dev.mlops4j.pipeline;

import com.fasterxml.jackson.core.JsonProcessingException;
import dev.mlops4j.Digest;
import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunSearch;
import dev.mlops4j.tracking.RunStatus;
import dev.mlops4j.tracking.SearchField;
import dev.mlops4j.tracking.Tracking;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reports from what the runs have recorded. */
final class StoredReports {

  private StoredReports() {}

  static PipelineReport read(Tracking tracking, String runId) {
    RunRecord run = tracking.run(runId);
    if (!run.tags().containsKey(StepTags.PIPELINE)) {
      throw new NoSuchPipelineRunException(runId);
    }
    boolean ended = run.status() != RunStatus.RUNNING && run.status() != RunStatus.ABANDONED;
    if (ended && run.artifacts().containsKey(RunningPipeline.REPORT)) {
      byte[] json = tracking.artifact(runId, RunningPipeline.REPORT);
      return ReportJson.read(new String(json, StandardCharsets.UTF_8));
    }
    Map<String, StepResult> steps = new LinkedHashMap<>();
    for (RunRecord child : tracking.children(runId)) {
      String name = child.tags().get(StepTags.STEP);
      if (name != null) {
        steps.put(name, step(name, child));
      }
    }
    return head(run, List.copyOf(steps.values()));
  }

  static List<PipelineReport> list(Tracking tracking, @Nullable String pipeline, int most) {
    RunSearch search =
        pipeline == null
            ? tracking.searchAll().where("tags.pipeline IS NOT NULL")
            : tracking.search(pipeline).where(SearchField.tag(StepTags.PIPELINE).is(pipeline));
    return search.limit(most).page().runs().stream().map(run -> head(run, List.of())).toList();
  }

  private static PipelineReport head(RunRecord run, List<StepResult> steps) {
    String name = run.tags().getOrDefault(StepTags.PIPELINE, run.experiment());
    return new PipelineReport(name, run.id(), run.status(), run.startedAt(), run.endedAt(), steps);
  }

  private static StepResult step(String name, RunRecord child) {
    StepStatus status =
        switch (child.status()) {
          case RUNNING -> StepStatus.RUNNING;
          case FAILED -> StepStatus.FAILED;
          case KILLED, ABANDONED -> StepStatus.CANCELLED;
          case FINISHED ->
              StepStatus.CACHED.name().equals(child.tags().get(StepTags.STATUS))
                  ? StepStatus.CACHED
                  : StepStatus.FINISHED;
        };
    Instant end = child.endedAt() == null ? child.seenAt() : child.endedAt();
    String failure = child.failure();
    return new StepResult(
        name,
        child.params().keySet().stream()
            .filter(param -> param.startsWith(StepTags.INPUT))
            .map(param -> param.substring(StepTags.INPUT.length()))
            .toList(),
        status,
        failure == null ? null : failure.lines().findFirst().orElse(null),
        child.startedAt(),
        Duration.between(child.startedAt(), end),
        attempts(child),
        0,
        digest(child.tags().get(StepTags.OUTPUT)),
        child.id(),
        false);
  }

  /** One of a run that goes on is at its first; those of a cached step are none. */
  private static int attempts(RunRecord child) {
    String cached = StepStatus.CACHED.name();
    int unstated = cached.equals(child.tags().get(StepTags.STATUS)) ? 0 : 1;
    try {
      return Integer.parseInt(child.tags().getOrDefault(StepTags.ATTEMPTS, ""));
    } catch (NumberFormatException e) {
      return unstated;
    }
  }

  /** That of an output as it is written; null if it is kept elsewhere or is none. */
  private static @Nullable Digest digest(@Nullable String written) {
    if (written == null) {
      return null;
    }
    try {
      String hex = StepJson.tree(written).path("digest").asText();
      return Digest.isHex(hex) ? new Digest(hex) : null;
    } catch (JsonProcessingException e) {
      return null;
    }
  }
}
