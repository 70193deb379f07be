package dev.mlops4j.registry;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a watch saw since it last looked. Immutable.
 *
 * @param model the model's name
 * @param stage the stage
 * @param from the version that was in the stage, or null
 * @param to the version that is in the stage now, or null; the same as {@code from} if there were
 *     others in between, or another version of a stage of many came or went
 * @param entries all changes of the model since then, the first one first: who, when, why, and what
 *     was there in between; at least one
 */
public record StageMove(
    String model,
    Stage stage,
    @Nullable ModelVersion from,
    @Nullable ModelVersion to,
    List<HistoryEntry> entries) {

  /** Copies the entries. */
  public StageMove {
    entries = List.copyOf(entries);
  }
}
