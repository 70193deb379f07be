package dev.mlops4j.pipeline;

import dev.mlops4j.Digest;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How a step went. Immutable.
 *
 * @param name the step's name
 * @param dependencies the names of the steps it depends on
 * @param status how it ended
 * @param reason why it was skipped, blocked or failed, or where its output is from; null if there
 *     is nothing to say
 * @param startedAt when it began; null if it did not
 * @param duration from its beginning to its end, waits between tries included
 * @param attempts how often it was tried
 * @param items of how many elements the list of a step for each was; 0 of other steps
 * @param output the digest of its output; null if it has none
 * @param runId the child run that recorded it; null if there is none
 * @param codeChanged whether its output was made by other code than the present
 */
public record StepResult(
    String name,
    List<String> dependencies,
    StepStatus status,
    @Nullable String reason,
    @Nullable Instant startedAt,
    Duration duration,
    int attempts,
    int items,
    @Nullable Digest output,
    @Nullable String runId,
    boolean codeChanged) {

  /** Copies the list. */
  public StepResult {
    dependencies = List.copyOf(dependencies);
  }
}
