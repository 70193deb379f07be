package dev.mlops4j.pipeline;

import dev.mlops4j.tracking.RunRecord;
import dev.mlops4j.tracking.RunStatus;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * An output that a step has before it is run.
 *
 * @param status what the step is then
 * @param key for which key it counts; null for any
 * @param value of a step that was replaced; null if it is to be read
 * @param written as {@link StoredOutput} writes it; null of a step that was replaced
 * @param code the digest of the code that made it, empty if unknown
 * @param runId the run that made it; null of a step that was replaced
 * @param reason where it is from
 */
record Given(
    StepStatus status,
    @Nullable String key,
    @Nullable Object value,
    @Nullable String written,
    String code,
    @Nullable String runId,
    String reason) {

  static Given replaced(Object value) {
    return new Given(StepStatus.REPLACED, null, value, null, "", null, "given by the caller");
  }

  /** What a run of a step gave, for the key that it had then; empty if it gave nothing. */
  static Optional<Given> keptBy(RunRecord run, boolean anyKey, String reason) {
    String written = run.tags().get(StepTags.OUTPUT);
    String key = run.tags().get(StepTags.KEY);
    if (run.status() != RunStatus.FINISHED || written == null || key == null) {
      return Optional.empty();
    }
    String code = run.tags().getOrDefault(StepTags.CODE, "");
    return Optional.of(
        new Given(StepStatus.KEPT, anyKey ? null : key, null, written, code, run.id(), reason));
  }
}
